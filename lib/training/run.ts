/**
 * Runs a training: feeds the queue from storage, shows progress in the store, passes on finished runs, and
 * falls back to the next backend where one fails.
 */

import { tokenShares, unigramEntropy } from '../corpora/entropy';
import type { LoadedCorpora, LoadedDomain } from '../corpora/types';
import { reasonOf } from '../model/errors';
import { largestPopulation } from './calibrate';
import {
  type CheckpointStore,
  type FinishedRun,
  plannedProxies,
  type TrainingJob,
  trainingOf,
} from './checkpoints';
import { type BackendId, backendNames, type PlannedProxy } from './engine';
import { domainsOfJob, settingFor } from './plan';
import { TrainerError } from './protocol';
import { startTraining, type TrainingQueue } from './queue';
import { sizes } from './shape';
import type {
  Curve,
  Tile,
  TrainingPlatform,
  TrainingPurpose,
  TrainingState,
  TrainingStore,
} from './state';

/** Interval of view updates, in milliseconds. */
const viewEvery = 300;
/**
 * Timeout without messages after which a trainer counts as dead, in milliseconds; compiling for a slow device
 * takes long.
 */
const silenceLimit = 120_000;
/** The fallback when a backend fails. */
const nextBackend: Readonly<Partial<Record<BackendId, BackendId>>> = {
  webgpu: 'wasm',
  webgl: 'wasm',
  wasm: 'cpu',
};

/** An active training. */
export interface RunHandle {
  readonly pause: () => void;
  readonly resume: () => void;
  readonly step: () => void;
  /** Cancels; it can be resumed from the last checkpoints. Finished proxies stay in the study. */
  readonly cancel: () => void;
  /** Stops, and leaves everything saved for another visit. */
  readonly leave: () => void;
}

/**
 * Trains a job from its saved state, shows it in the store, and passes on finished runs.
 *
 * @param domains of the job, or null to find them in `corpora` by their hashes
 * @param release called once when it ends, so that another tab may take the job
 * @param expectedRate tokens a second that are expected of the job's backend, evaluation included; 0 = unknown
 */
export function runTraining(
  {
    store,
    platform,
    purpose,
  }: {
    readonly store: TrainingStore;
    readonly platform: TrainingPlatform;
    readonly purpose: TrainingPurpose;
  },
  started: TrainingJob,
  domains: readonly LoadedDomain[] | null,
  corpora: LoadedCorpora,
  release: () => void,
  expectedRate = 0,
): RunHandle {
  let job = started;
  let queue: TrainingQueue | null = null;
  let isOver = false;
  let isLeft = false;
  const proxies = plannedProxies(job);
  const checkpoints = withoutErrors(platform.library.checkpoints(job.id), reportNotSaved);
  let isNotSavedReported = false;
  const finished: FinishedRun[] = [];
  /** Those of them that the purpose has not been told of. */
  const unreported: FinishedRun[] = [];
  const view = createView(store, proxies, finished, report);

  function notice(text: string): void {
    const { notices } = store.getState();
    if (notices.at(-1) !== text) store.setState({ notices: [...notices, text].slice(-5) });
  }

  /** Reports once that storage fails: where it is blocked or full, every access does. */
  function reportNotSaved(reason: string): void {
    // Once it is over, the store may show another training.
    if (isOver || isNotSavedReported) return;
    isNotSavedReported = true;
    store.setState({ isUnsaved: true });
    notice(
      `Progress could not be saved (${reason}): training goes on, but a reload would lose it.`,
    );
  }

  async function saveJob(): Promise<void> {
    await platform.library.put(job).catch((error: unknown) => reportNotSaved(reasonOf(error)));
  }

  function take(runs: readonly FinishedRun[]): void {
    const known = new Set(finished.map(({ id }) => id));
    const latest = runs.filter(({ id }) => !known.has(id));
    finished.push(...latest);
    unreported.push(...latest);
    for (const run of latest) view.finish(run);
  }

  /** Progress, pictures and study count the same proxies at any moment. */
  function report(): void {
    if (unreported.length > 0 && !isLeft) outcome.onFinished(job, finished, unreported.splice(0));
  }

  function end(
    status: 'done' | 'cancelled' | 'failed',
    change: Parameters<typeof store.moveTo>[1] = {},
  ): void {
    if (isOver) return;
    isOver = true;
    platform.stayAwake(false);
    view.flush();
    outcome.onEnd?.();
    store.moveTo(status, change);
    release();
  }

  async function go(): Promise<void> {
    platform.stayAwake(true);
    await saveJob();
    const texts = domains ?? domainsOfJob(job, corpora);
    const shares = texts.map(({ training }) => tokenShares(training));
    store.setState({
      entropies: new Map(proxies.map(({ id, mixture }) => [id, unigramEntropy(shares, mixture)])),
    });
    if (corpora.id === null) {
      await platform.library
        .putCorpora(job.id, corpora)
        .catch((error: unknown) => reportNotSaved(reasonOf(error)));
    }
    const earlier = await checkpoints.finished();
    // It was left meanwhile: the store shows another training.
    if (isOver) return;
    take(earlier);
    view.flush();
    for (;;) {
      try {
        if (isOver) return;
        await trainOn(texts);
        break;
      } catch (error) {
        // Only what a trainer reports may be the fault of its backend.
        if (!(error instanceof TrainerError) || error.isFinal) throw error;
        const next = nextBackend[job.backend];
        if (!next) throw error;
        notice(
          `Training by ${backendNames[job.backend]} failed (${error.message}): it goes on by ${backendNames[next]}, from the last checkpoints.`,
        );
        const population = Math.min(job.population, largestPopulation(next));
        job = { ...job, backend: next, population, trainers: platform.cores };
        store.setState({ job });
        await saveJob();
      }
    }
    if (isOver) return;
    end('done');
  }

  async function trainOn(texts: readonly LoadedDomain[]): Promise<void> {
    const { population, trainers, backend } = job;
    const wasPaused = store.getState().status === 'paused';
    queue = startTraining(
      {
        setting: settingFor(
          texts,
          { shape: sizes[job.size], training: trainingOf(job) },
          backend,
          purpose.evaluations,
        ),
        proxies,
        population,
        trainers,
        expectedRate: backend === started.backend ? expectedRate : 0,
        silenceLimit,
      },
      platform.start,
      // What this visit has finished is known here even where it could not be saved.
      { ...checkpoints, finished: async () => finished },
      {
        onProgress: (progress) => {
          view.progress(progress);
          if (store.getState().status === 'starting') store.moveTo('running');
        },
        onStep: view.step,
        onCurve: view.curve,
        onEvaluation: outcome.onEvaluation,
        onFinished: take,
        onReplaced: (reason) =>
          notice(`A trainer was replaced (${reason}); it goes on from its last checkpoint.`),
        onHalved: (size) => {
          notice(`There was too little memory: ${size} proxies train side by side from now on.`);
          job = { ...job, population: size };
          store.setState({ job });
          void saveJob();
        },
        onNotSaved: reportNotSaved,
      },
    );
    if (wasPaused) queue.pause();
    await queue.ended;
  }

  store.moveTo('starting', {
    job,
    progress: null,
    tiles: new Map(),
    curves: new Map(),
    entropies: new Map(),
    finished: [],
    isUnsaved: false,
    failure: '',
  });
  const outcome = purpose.begin(notice);
  go().catch((error: unknown) => {
    end('failed', { failure: reasonOf(error) });
  });

  return {
    pause() {
      if (store.getState().status !== 'running') return;
      queue?.pause();
      platform.stayAwake(false);
      view.flush();
      store.moveTo('paused');
    },
    resume() {
      if (store.getState().status !== 'paused') return;
      queue?.resume();
      platform.stayAwake(true);
      store.moveTo('running');
    },
    step: () => queue?.step(),
    cancel() {
      end('cancelled', { saved: { job, finished: finished.length, isInOtherTab: false } });
      queue?.cancel();
    },
    leave() {
      isLeft = true;
      outcome.onLeave?.();
      end('cancelled');
      queue?.cancel();
    },
  };
}

/**
 * Checkpoints whose errors of reading are reported, not thrown: training needs none of them, and where
 * nothing can be read it begins anew. Errors of writing are left to the queue.
 */
function withoutErrors(
  checkpoints: CheckpointStore,
  report: (reason: string) => void,
): CheckpointStore {
  async function read<Value>(stored: () => Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await stored();
    } catch (error) {
      report(reasonOf(error));
      return otherwise;
    }
  }
  return {
    ...checkpoints,
    finished: () => read(checkpoints.finished, []),
    groups: () => read(checkpoints.groups, []),
    load: (group) => read(() => checkpoints.load(group), null),
  };
}

/**
 * Collects hundreds of messages a second, and updates the store a few times a second.
 *
 * @param finished grows as proxies finish
 * @param onFlush called after every update
 */
function createView(
  store: TrainingStore,
  proxies: readonly PlannedProxy[],
  finished: readonly FinishedRun[],
  onFlush: () => void,
) {
  const tiles = new Map<string, Tile>(
    proxies.map(({ id }) => [id, { step: 0, loss: Number.NaN, isDone: false }]),
  );
  const curves = new Map<string, Curve>();
  let progress: TrainingState['progress'] = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const { finished: shown } = store.getState();
    store.setState({
      finished: shown.length === finished.length ? shown : [...finished],
      tiles: new Map(tiles),
      curves: new Map(curves),
      progress,
    });
    onFlush();
  }
  function later(): void {
    timer ??= setTimeout(flush, viewEvery);
  }
  const tileOf = (id: string) => tiles.get(id) ?? { step: 0, loss: Number.NaN, isDone: false };
  return {
    flush,
    progress(next: NonNullable<TrainingState['progress']>): void {
      progress = next;
      later();
    },
    step(some: readonly PlannedProxy[], step: number): void {
      for (const { id } of some) tiles.set(id, { ...tileOf(id), step });
      later();
    },
    curve(
      some: readonly PlannedProxy[],
      point: { readonly step: number; readonly losses: Float64Array },
    ): void {
      some.forEach(({ id }, place) => {
        const loss = point.losses[place];
        const known = curves.get(id) ?? { steps: [], losses: [] };
        // A replaced trainer repeats the reports since its checkpoint.
        const before = known.steps.findIndex((step) => step >= point.step);
        const saved = before < 0 ? known.steps.length : before;
        curves.set(id, {
          steps: [...known.steps.slice(0, saved), point.step],
          losses: [...known.losses.slice(0, saved), loss],
        });
        tiles.set(id, { ...tileOf(id), step: point.step, loss });
      });
      later();
    },
    finish({ id, curve }: FinishedRun): void {
      const steps = curve.map(({ step }) => step);
      const losses = curve.map(({ loss }) => loss);
      curves.set(id, { steps, losses });
      tiles.set(id, { step: steps.at(-1) ?? 0, loss: losses.at(-1) ?? Number.NaN, isDone: true });
      later();
    },
  };
}
