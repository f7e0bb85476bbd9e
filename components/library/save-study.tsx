'use client';

import { useState } from 'react';
import { download } from '../../lib/browser/files';
import { formatList } from '../../lib/model/format';
import { loadCode } from '../../lib/model/load-code';
import { sessionFileEnding } from '../../lib/model/text-kinds';
import { partImported } from '../../lib/study/imported-models';
import { useSession, useStores } from '../shell/stores';

/** Saves the open study with all its settings as one file. */
export function SaveStudy() {
  const { study: store } = useStores();
  const { left } = partImported(useSession().study);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');

  async function save(): Promise<void> {
    setBusy(true);
    setProblem('');
    try {
      const { session } = store.getState();
      const { savedText } = await loadCode(() => import('./session-text'));
      download(fileNameOf(session.study.name), 'application/json', await savedText(session));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <button type="button" className="button" disabled={busy} onClick={() => void save()}>
        The whole study, as .regmix.json
      </button>
      {left.length > 0 && (
        <p className="quiet small">
          Not in it, being too large: {formatList(left.map(({ name }) => name))}. Keep{' '}
          {left.length === 1 ? 'that ONNX file' : 'these ONNX files'}, and import{' '}
          {left.length === 1 ? 'it' : 'them'} again.
        </p>
      )}
      {problem !== '' && (
        <p className="refused" role="alert">
          The study could not be written: {problem}
        </p>
      )}
    </>
  );
}

/** A file name for a study: its name without characters that file systems refuse. */
export function fileNameOf(study: string): string {
  const plain = study.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${Array.from(plain).slice(0, 60).join('') || 'study'}${sessionFileEnding}`;
}
