'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { plural } from '../../lib/format';
import type { Progress } from '../../lib/job';
import { CancelledError, RemoteError } from '../../lib/rpc/client';
import type { NamedText } from '../../lib/runs/reader';
import type { Recognition } from '../../lib/runs/recognition';
import { splitTables } from '../../lib/runs/split-tables';
import type { StudyRuns } from '../../lib/runs/study-runs';
import { addTestSets, openRuns } from '../../lib/study/from-runs';
import { useStores } from '../explorer/stores';
import { Dialog } from '../ui/dialog';
import { FilePicker } from '../ui/file-picker';
import { ProgressLine } from '../ui/progress';
import { Preview } from './preview';
import { newStudyId } from './study-id';
import { useRunsClient } from './use-runs-client';

interface Refusal {
  readonly message: string;
  readonly advice: string;
  /** Some runs lack a partner; the user may go on without them. */
  readonly unpaired: boolean;
}

/**
 * From files to a study: read in a worker, shown as understood, corrected by hand, and only then
 * put in place of the study. Whatever is refused leaves the study as it was.
 */
export function OpenDialog({
  dropped,
  onClose,
}: {
  /** Files that were dropped on the page; empty to ask for some. */
  dropped: readonly File[];
  onClose: () => void;
}) {
  const { study: store, view } = useStores();
  const [recognition, setRecognition] = useState<Recognition | null>(null);
  const [fileNames, setFileNames] = useState<readonly string[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const runsClient = useRunsClient();
  const running = useRef<AbortController | null>(null);

  const attempt = useCallback(
    async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      setBusy(true);
      setRefusal(null);
      try {
        await work(abort.signal);
      } catch (error) {
        if (error instanceof CancelledError) return;
        setRefusal(refusalOf(error));
      } finally {
        if (running.current === abort) {
          setBusy(false);
          setProgress(null);
        }
      }
    },
    [],
  );

  const read = useCallback(
    (files: readonly (File | NamedText)[]) =>
      attempt(async (signal) => {
        setRecognition(null);
        setFileNames(files.map(({ name }) => name));
        const options = { signal, onProgress: setProgress };
        setRecognition(await runsClient().call('read', files, options));
      }),
    [attempt, runsClient],
  );

  useEffect(() => {
    if (dropped.length > 0) void read(dropped);
  }, [dropped, read]);

  useEffect(() => () => running.current?.abort(), []);

  const use = (acceptUnpaired: boolean) =>
    attempt(async (signal) => {
      if (!recognition) return;
      const { session } = store.getState();
      const adding = !recognition.sets.some(({ role }) => role === 'training');
      const base = adding
        ? { domains: session.study.domains, targets: session.study.targets }
        : undefined;
      const runs: StudyRuns = await runsClient().call(
        'build',
        { recognition, options: { acceptUnpaired, base } },
        { signal, onProgress: setProgress },
      );
      store.open(
        adding
          ? addTestSets(session, runs, newStudyId())
          : openRuns(runs, {
              id: newStudyId(),
              name: studyName(runs),
              source: { kind: 'files', detail: `Read from ${fileNames.join(', ')}.` },
            }),
      );
      view.setState({ evaluation: null, pickedRun: null, hoveredDomain: null });
      onClose();
    });

  return (
    <Dialog title="Open runs" wide onClose={onClose}>
      {!recognition && (
        <Choose busy={busy} onFiles={read} onText={(text) => read(splitTables(text))} />
      )}
      {busy && (
        <div role="status">
          {progress ? <ProgressLine progress={progress} /> : 'Reading…'}
          <button type="button" className="link" onClick={() => running.current?.abort()}>
            Cancel
          </button>
        </div>
      )}
      {refusal && (
        <div className="notice notice-danger" role="alert">
          <p>{refusal.message}</p>
          <p className="quiet">{refusal.advice} Your study is unchanged.</p>
          {refusal.unpaired && (
            <button type="button" className="button" onClick={() => void use(true)}>
              Go on with the runs that both files share
            </button>
          )}
        </div>
      )}
      {recognition && (
        <>
          <Preview recognition={recognition} onChange={setRecognition} />
          <div className="button-row">
            <button
              type="button"
              className="button primary"
              disabled={busy}
              onClick={() => void use(false)}
            >
              Use these runs
            </button>
            <button
              type="button"
              className="button"
              onClick={() => {
                setRecognition(null);
                setRefusal(null);
              }}
            >
              Choose other files
            </button>
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Choose({
  busy,
  onFiles,
  onText,
}: {
  busy: boolean;
  onFiles: (files: readonly File[]) => void;
  onText: (text: string) => void;
}) {
  const [text, setText] = useState('');
  return (
    <div className="open-choices">
      <div className="drop-zone">
        <p>
          Drop a CSV of mixtures and a CSV of losses here or anywhere on the page, all your test
          sets with them if you like. RegMix’s pair, olmix’s <code>ratios.csv</code> and{' '}
          <code>metrics.csv</code>, and one wide CSV are recognised.
        </p>
        <FilePicker
          label="Choose files"
          accept=".csv,.tsv,.txt,text/csv"
          multiple
          primary
          onFiles={onFiles}
        />
        <p className="quiet small">They are read in this tab and go nowhere.</p>
      </div>
      <label>
        <span>
          Or paste one wide table, or mixtures and losses with a blank line between them; first rows
          are column names
        </span>
        <textarea
          className="field paste"
          value={text}
          spellCheck={false}
          placeholder={'index,train_web,train_code,metric/web_val_loss\n1,0.6,0.4,3.21'}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={busy || text.trim() === ''}
          onClick={() => onText(text)}
        >
          Read what is pasted
        </button>
      </div>
    </div>
  );
}

function studyName({ training, domains }: StudyRuns): string {
  return `Your study: ${plural(training?.ids.length ?? 0, 'run')} on ${plural(domains.length, 'domain')}`;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RemoteError) {
    const { message, advice, name } = error;
    return { message, advice, unpaired: name === 'UnpairedRunsError' };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, advice: 'Reload the page and try again.', unpaired: false };
}
