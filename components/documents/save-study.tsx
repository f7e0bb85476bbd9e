'use client';

import { useState } from 'react';
import { useStores } from '../explorer/stores';
import { download } from '../ui/download';
import { fileNameOf } from './file-name';

/** Saves the study on view with all its settings as one file. */
export function SaveStudy() {
  const { study: store } = useStores();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');

  async function save(): Promise<void> {
    setBusy(true);
    setProblem('');
    try {
      const { session } = store.getState();
      const { sessionText } = await import('./session-text');
      download(fileNameOf(session.study.name), 'application/json', await sessionText(session));
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
      {problem !== '' && (
        <p className="refused" role="alert">
          The study could not be written: {problem}
        </p>
      )}
    </>
  );
}
