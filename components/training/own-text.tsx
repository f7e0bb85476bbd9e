'use client';

import { useId, useRef, useState } from 'react';
import type { LoadedCorpora } from '../../lib/corpora/types';
import type { Progress } from '../../lib/job';
import { CancelledError, type Client, RemoteError } from '../../lib/rpc/client';
import type { CorporaMethods } from '../../lib/rpc/methods';
import { FilePicker } from '../ui/file-picker';
import { ProgressLine } from '../ui/progress';

const endings = /\.(jsonl|txt|md)$/i;
const mostAddresses = 50;

/** Takes text of the user's own: files, a folder, or addresses that allow it. */
export function OwnText({
  client,
  onRead,
}: {
  client: Client<CorporaMethods>;
  onRead: (read: LoadedCorpora) => void;
}) {
  const [addresses, setAddresses] = useState('');
  const reading = useRef<AbortController | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState('');
  const addressesId = useId();

  async function take(
    read: (options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: Progress) => void;
    }) => Promise<LoadedCorpora>,
  ): Promise<void> {
    const abort = new AbortController();
    reading.current = abort;
    setProgress({ done: 0, total: 0, unit: 'kB' });
    setProblem('');
    try {
      onRead(await read({ signal: abort.signal, onProgress: setProgress }));
    } catch (error) {
      if (error instanceof CancelledError) return;
      const advice = error instanceof RemoteError ? ` ${error.advice}` : '';
      setProblem(`${error instanceof Error ? error.message : String(error)}${advice}`);
    } finally {
      setProgress(null);
    }
  }

  function takeFiles(files: readonly File[]): void {
    const texts = files
      .filter(({ name }) => endings.test(name))
      .map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    if (texts.length === 0) setProblem('None of these files ends in .txt, .md or .jsonl.');
    else void take((options) => client.call('files', { files: texts }, options));
  }

  function takeAddresses(): void {
    const urls = addresses.split(/\s+/).filter((each) => each !== '');
    const wrong = urls.find((each) => !/^https?:\/\//i.test(each) || !URL.canParse(each));
    if (wrong !== undefined) {
      setProblem(`Expected addresses that begin with https://, found “${wrong.slice(0, 80)}”.`);
    } else if (urls.length > mostAddresses) {
      setProblem(`Expected at most ${mostAddresses} addresses, found ${urls.length}.`);
    } else void take((options) => client.call('addresses', { urls }, options));
  }

  return (
    <div className="controls own-text">
      <p className="quiet small measure">
        Name files as RegMix does: <code>wiki-1.jsonl</code>, <code>wiki_2.txt</code> and{' '}
        <code>code-1.md</code> make the domains wiki and code. JSONL has an object with{' '}
        <code>text</code> in every line; other files are cut into documents of some 2,000
        characters. Files in a folder <code>valid</code>, or whose names begin with{' '}
        <code>valid-</code>, are validation text; a domain without any keeps back a tenth of its
        documents, and one at least. Up to 200 MB, read here and sent nowhere.
      </p>
      <div className="button-row">
        <FilePicker label="Choose files" accept=".txt,.md,.jsonl" multiple onFiles={takeFiles} />
        <FilePicker label="Choose a folder" accept="" folder multiple onFiles={takeFiles} />
      </div>
      <label htmlFor={addressesId} className="small">
        Or addresses, one a line; your browser asks their servers for them when you press the button
      </label>
      <textarea
        id={addressesId}
        className="field"
        rows={2}
        spellCheck={false}
        value={addresses}
        onChange={(event) => setAddresses(event.currentTarget.value)}
      />
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={addresses.trim() === '' || progress !== null}
          onClick={takeAddresses}
        >
          Fetch these
        </button>
      </div>
      {progress && (
        <div className="controls" role="status">
          <p className="quiet">Reading text</p>
          <ProgressLine progress={progress} />
          <button type="button" className="button small" onClick={() => reading.current?.abort()}>
            Cancel
          </button>
        </div>
      )}
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </div>
  );
}
