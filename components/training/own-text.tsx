'use client';

import { useEffect, useId, useState } from 'react';
import type { CorporaMethods } from '../../lib/analysis/methods';
import type { LoadedCorpora } from '../../lib/corpora/types';
import type { Progress } from '../../lib/model/job';
import { type Client, RemoteError } from '../../lib/rpc/client';
import { FilePicker } from '../ui/controls';
import { ProgressLine } from '../ui/progress';
import { useTrainingControl } from './session';

const textExtensions = /\.(jsonl|txt|md)$/i;
const maxAddresses = 50;

/** Reads the user's own text: files, a folder, or addresses that allow it. */
export function OwnText({ client }: { client: Client<CorporaMethods> }) {
  const control = useTrainingControl();
  const [addresses, setAddresses] = useState('');
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState('');
  const addressesId = useId();

  async function readText(
    read: (options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: Progress) => void;
    }) => Promise<LoadedCorpora>,
  ): Promise<void> {
    let isAborted = () => false;
    setProgress({ done: 0, total: 0, unit: 'kB' });
    setProblem('');
    try {
      await control.readOwn((signal) => {
        isAborted = () => signal.aborted;
        return read({ signal, onProgress: setProgress });
      });
    } catch (error) {
      const advice = error instanceof RemoteError ? ` ${error.advice}` : '';
      setProblem(`${error instanceof Error ? error.message : String(error)}${advice}`);
    }
    // The progress shown may belong to a newer read that replaced this one.
    if (!isAborted()) setProgress(null);
  }

  function cancel(): void {
    control.stopReadingOwn();
    setProgress(null);
  }
  // The read is useless once its form is closed.
  useEffect(() => control.stopReadingOwn, [control]);

  function takeFiles(files: readonly File[]): void {
    const texts = files
      .filter(({ name }) => textExtensions.test(name))
      .map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    if (texts.length === 0) setProblem('None of these files ends in .txt, .md or .jsonl.');
    else void readText((options) => client.call('files', { files: texts }, options));
  }

  function takeAddresses(): void {
    const urls = addresses.split(/\s+/).filter((each) => each !== '');
    const wrong = urls.find((each) => !/^https?:\/\//i.test(each) || !URL.canParse(each));
    if (wrong !== undefined) {
      setProblem(`Expected addresses that begin with https://, found “${wrong.slice(0, 80)}”.`);
    } else if (urls.length > maxAddresses) {
      setProblem(`Expected at most ${maxAddresses} addresses, found ${urls.length}.`);
    } else void readText((options) => client.call('addresses', { urls }, options));
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
          <button type="button" className="button small" onClick={cancel}>
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
