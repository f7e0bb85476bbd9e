'use client';

/**
 * The dialog that opens runs: from selected, dropped or pasted files, through a preview that can be
 * corrected, to a new or extended study.
 */
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { StageError } from '../../lib/model/errors';
import { formatList, plural } from '../../lib/model/format';
import type { Progress } from '../../lib/model/job';
import { newId } from '../../lib/model/labels';
import { loadCode } from '../../lib/model/load-code';
import type { Study } from '../../lib/model/study';
import { holdsSession, looksLikeSession } from '../../lib/model/text-kinds';
import { CancelledError, RemoteError } from '../../lib/rpc/client';
import type { NamedText } from '../../lib/runs/reader';
import {
  doubtfulTargets,
  type Foreseen,
  missingPart,
  purposeOf,
  type Recognition,
  type StudyColumns,
  type StudyRuns,
} from '../../lib/runs/recognition';
import { splitTables } from '../../lib/runs/split-tables';
import { addRound, addTestSets, openRuns } from '../../lib/study/from-runs';
import { withoutOrigin } from '../../lib/study/identity';
import { publishedMixtures } from '../../lib/study/published';
import { useRoomPath } from '../shell/navigation';
import { roomAt } from '../shell/rooms';
import { useStores } from '../shell/stores';
import { FilePicker } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { ProgressLine } from '../ui/progress';
import { applyRuns } from './apply-runs';
import { Preview } from './preview';
import { useRunsClient } from './use-runs-client';

interface Refusal {
  readonly message: string;
  readonly advice: string;
  /** Some runs have no partner in the other file; the user may continue without them. */
  readonly unpaired: boolean;
}

type Source = File | NamedText;

const nothingForeseen: Foreseen = { notes: [], domains: [] };

const aloneError = new StageError(
  'runs',
  'A whole study is among these files, and other files with it.',
  'Open the study by itself; add runs to it afterwards.',
);

/**
 * From files to a study: read in a worker, shown as understood, corrected by hand, and only then
 * opened or added to the study. A refused file leaves the study unchanged.
 */
export default function OpenDialog({
  dropped,
  onClose,
}: {
  /**
   * The files last dropped on the page, before or after the dialog opened; empty to ask for some.
   */
  dropped: readonly File[];
  onClose: () => void;
}) {
  const stores = useStores();
  const goToRoom = useRoomPath();
  const [recognition, setRecognition] = useState<Recognition | null>(null);
  const [later, setLater] = useState<readonly File[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const missing = recognition && missingPart(recognition);
  const missingId = useId();
  const runsClient = useRunsClient();
  // The pressed button may be screens below the message about it.
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refusal) alert.current?.scrollIntoView({ block: 'nearest' });
  }, [refusal]);
  const running = useRef<AbortController | null>(null);
  const files = useRef<readonly Source[]>([]);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });

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
        if (error instanceof CancelledError || abort.signal.aborted) return;
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
    (sources: readonly Source[]) =>
      attempt(async (signal) => {
        files.current = sources;
        setLater([]);
        setRecognition(null);
        setTakesPile(true);
        const options = { signal, onProgress: setProgress };
        const whole = await Promise.all(sources.map(holdsSession));
        if (signal.aborted) return;
        if (whole.includes(true)) {
          if (sources.length > 1) throw aloneError;
          const before = stores.study.getState().session.study.id;
          const { readStudyFile } = await loadCode(() => import('../library/session-text'));
          const { study, settings } = await readStudyFile(sources[0], options);
          if (signal.aborted) return;
          const opened = { study: withoutOrigin(study), settings };
          applyRuns(stores, before, () => opened, true);
          if (roomAt(window.location.pathname)?.id === 'start') goToRoom('/answer');
          close.current();
          return;
        }
        const understood = await runsClient().call('read', sources, options);
        if (!signal.aborted) setRecognition(understood);
      }),
    [attempt, runsClient, stores, goToRoom],
  );

  useEffect(() => {
    if (dropped.length === 0) return;
    // The preview may have been corrected by hand: files that arrive later wait for confirmation.
    if (files.current.length === 0) void read(dropped);
    else setLater(dropped);
  }, [dropped, read]);

  useEffect(
    () => () => {
      running.current?.abort();
      files.current = [];
    },
    [],
  );

  function cancel(): void {
    running.current?.abort();
    if (!recognition) files.current = [];
  }

  /** What will be said of the runs once they are used, beside what was done while they were read. */
  const [foreseen, setForeseen] = useState<Foreseen>(nothingForeseen);
  const [takesPile, setTakesPile] = useState(true);
  const foreseeing = useRef<AbortController | null>(null);
  useEffect(() => {
    setForeseen(nothingForeseen);
    if (!recognition || missingPart(recognition) !== null) return;
    const abort = new AbortController();
    foreseeing.current = abort;
    const base = baseOf(recognition, stores.study.getState().session.study);
    runsClient()
      .call(
        'foresee',
        { recognition, options: { acceptUnpaired: true, base } },
        { signal: abort.signal },
      )
      .then(
        ({ notes, domains }) => {
          const known = new Set(recognition.notes.map(({ text }) => text));
          if (abort.signal.aborted) return;
          setForeseen({ notes: notes.filter(({ text }) => !known.has(text)), domains });
        },
        // Whatever is wrong is said when the runs are used.
        () => {},
      );
    return () => abort.abort();
  }, [recognition, runsClient, stores]);

  const use = (acceptUnpaired: boolean) =>
    attempt(async (signal) => {
      if (!recognition) return;
      foreseeing.current?.abort();
      const { study } = stores.study.getState().session;
      const purpose = purposeOf(recognition);
      const base = baseOf(recognition, study);
      const runs: StudyRuns = await runsClient().call(
        'build',
        { recognition, options: { acceptUnpaired, base } },
        { signal, onProgress: setProgress },
      );
      if (signal.aborted) return;
      const names = formatList(recognition.files.map(({ name }) => name));
      applyRuns(
        stores,
        study.id,
        (session) => {
          if (purpose === 'tests') return addTestSets(session, runs);
          if (purpose === 'round') return addRound(session, runs, names);
          const source = { kind: 'files', detail: `Read from ${names}.` } as const;
          return openRuns(runs, { id: newId(), name: studyName(runs), source }, takesPile);
        },
        purpose === 'study',
      );
      // On the start its answer would be below what asks for runs.
      if (purpose === 'study' && roomAt(window.location.pathname)?.id === 'start')
        goToRoom('/answer');
      onClose();
    });

  return (
    <Dialog title="Open runs" wide onClose={onClose}>
      {!recognition && (
        <ChooseFiles busy={busy} onFiles={read} onText={(text) => read(textsOf(text))} />
      )}
      {later.length > 0 && (
        <div className="notice" role="status">
          <p>{formatList(later.map(({ name }) => name))}: read these instead?</p>
          <div className="button-row">
            <button
              type="button"
              className="button"
              onClick={() => void read(mergeFiles(files.current, later))}
            >
              {describeMerge(files.current, later)}
            </button>
            <button type="button" className="button" onClick={() => void read(later)}>
              Read these instead
            </button>
            <button type="button" className="button" onClick={() => setLater([])}>
              Leave them
            </button>
          </div>
        </div>
      )}
      {busy && (
        <div role="status">
          {progress ? <ProgressLine progress={progress} /> : 'Reading…'}
          <button type="button" className="link" onClick={cancel}>
            Cancel
          </button>
        </div>
      )}
      {refusal && (
        <div ref={alert} className="notice notice-danger" role="alert">
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
          <Preview
            recognition={recognition}
            foreseen={foreseen.notes}
            onChange={setRecognition}
            pile={
              purposeOf(recognition) === 'study' && publishedMixtures(foreseen.domains)
                ? { count: foreseen.domains.length, isTaken: takesPile, onTake: setTakesPile }
                : null
            }
          />
          <div className="dialog-foot">
            <Assumed recognition={recognition} />
            {missing !== null && (
              <p id={missingId} className="refused" role="status">
                {missing}
              </p>
            )}
            <div className="button-row">
              <button
                type="button"
                className="button primary"
                disabled={busy || missing !== null}
                aria-describedby={missing === null ? undefined : missingId}
                onClick={() => void use(false)}
              >
                Use these runs
              </button>
              <button
                type="button"
                className="button"
                onClick={() => {
                  files.current = [];
                  setLater([]);
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
          </div>
        </>
      )}
    </Dialog>
  );
}

/** What files must match that join a study; undefined where they make a new one. */
function baseOf(recognition: Recognition, { domains, targets }: Study): StudyColumns | undefined {
  return purposeOf(recognition) === 'study' ? undefined : { domains, targets };
}

/** What is assumed if the runs are used without an answer to what the preview asks. */
function Assumed({ recognition }: { recognition: Recognition }) {
  const doubtful = doubtfulTargets(recognition);
  return (['lower', 'higher'] as const).map((direction) => {
    const headers = doubtful
      .filter((column) => column.direction === direction)
      .map(({ header }) => header);
    if (headers.length === 0) return null;
    const named = headers.length > 3 ? plural(headers.length, 'target') : formatList(headers);
    return (
      <p key={direction} className="small">
        Of {named} it is unknown which way is better; {direction} is assumed. Choose it in the
        preview.
      </p>
    );
  });
}

/** The pasted content: a whole study, or tables separated by blank lines. */
function textsOf(text: string): NamedText[] {
  const study = { name: 'what was pasted', text };
  return looksLikeSession(study) ? [study] : splitTables(text);
}

function studyName({ training, domains }: StudyRuns): string {
  return `Your study: ${plural(training?.ids.length ?? 0, 'run')} on ${plural(domains.length, 'domain')}`;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RemoteError) {
    const { message, advice, name } = error;
    return { message, advice, unpaired: name === 'UnpairedRunsError' };
  }
  if (error instanceof StageError) {
    return { message: error.message, advice: error.advice, unpaired: false };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, advice: 'Reload the page and try again.', unpaired: false };
}

/** Asks for files of runs, or for a table to be pasted. */
function ChooseFiles({
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
          Drop a table of mixtures and one of losses here or anywhere on the page, all your test
          sets with them if you like: CSV, JSON, JSONL, Parquet, or results of
          lm-evaluation-harness. RegMix’s pair, olmix’s <code>ratios.csv</code> and{' '}
          <code>metrics.csv</code>, and one wide table are recognised. A whole study comes as one{' '}
          <code>.regmix.json</code>.
        </p>
        <FilePicker
          label="Choose files"
          accept=".csv,.tsv,.txt,.json,.jsonl,.parquet,.gz,text/csv,application/json"
          multiple
          primary
          onFiles={onFiles}
        />
        <p className="quiet small">They are read in this tab and sent nowhere.</p>
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

/** A file's identity before it is read. */
interface Named {
  readonly name: string;
}

/** Adds files; one with an existing name replaces it, as a corrected file does. */
export function mergeFiles<File extends Named>(
  files: readonly File[],
  added: readonly File[],
): File[] {
  const names = new Set(added.map(({ name }) => name));
  return [...files.filter(({ name }) => !names.has(name)), ...added];
}

/** Describes what adding the files would do, for its button. */
export function describeMerge(files: readonly Named[], added: readonly Named[]): string {
  const names = new Set(files.map(({ name }) => name));
  const replaced = [...new Set(added.map(({ name }) => name))].filter((name) => names.has(name));
  if (replaced.length === 0) return 'Add to the files here';
  return `Add, replacing ${replaced.join(', ')}`;
}
