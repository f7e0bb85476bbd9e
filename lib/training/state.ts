/**
 * The state of a training: its settings, its store, and the interfaces to its platform (storage, locks,
 * workers) and to its purpose.
 */

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LoadedCorpora } from '../corpora/types';
import { regmixSampling } from '../mixture/sampling';
import type { Matrix } from '../model/matrix';
import type { Calibration, Candidate, ExpectedSeconds, MeasuredBackends } from './calibrate';
import type { CheckpointStore, Evaluation, FinishedRun, TrainingJob } from './checkpoints';
import type { BackendId, PlannedProxy } from './engine';
import type { Trainer, TrainerEvents } from './protocol';
import type { QueueProgress } from './queue';
import type { SizeId } from './shape';

/** What to train: everything that determines the result besides the text. */
export interface TrainingSettings {
  readonly size: SizeId;
  /** Tokens per proxy. */
  readonly tokens: number;
  readonly seed: number;
  /** Number of additional proxies on the first mixtures, with other seeds. */
  readonly repeats: number;
  readonly engine: 'auto' | BackendId;
  readonly sampling: {
    readonly count: number;
    readonly temperature: number;
    readonly concentrations: { readonly least: number; readonly most: number };
    /** Largest weight as a multiple of the prior's; null = none. */
    readonly maximumUsage: number | null;
    readonly includePrior: boolean;
    readonly includeSingles: boolean;
  };
}

const defaultTraining: TrainingSettings = {
  size: '20k',
  tokens: 100_000,
  seed: 1,
  repeats: 0,
  engine: 'auto',
  sampling: {
    count: 64,
    temperature: regmixSampling.temperature,
    concentrations: {
      least: regmixSampling.concentrations.least,
      most: regmixSampling.concentrations.most,
    },
    maximumUsage: regmixSampling.maximumUsage,
    includePrior: false,
    includeSingles: false,
  },
};

/** The graphics adapter of this machine, as reported by the browser. */
export interface AdapterInfo {
  readonly name: string;
  /** Whether it computes on the processor: slower than wasm. */
  readonly isSoftware: boolean;
  /** Bytes that one buffer may have. */
  readonly largestBuffer: number;
}

/** Progress of a proxy. */
export interface Tile {
  readonly step: number;
  /** Latest training loss, nats per token; NaN before the first is known. */
  readonly loss: number;
  readonly isDone: boolean;
}

/** Training loss of one proxy over its steps. */
export interface Curve {
  readonly steps: readonly number[];
  /** Nats per token. */
  readonly losses: readonly number[];
}

export type Preflight =
  | { readonly status: 'idle' }
  | { readonly status: 'measuring'; readonly candidate: Candidate | null }
  /** The user stopped measuring: until the settings change, it is not begun again by itself. */
  | { readonly status: 'stopped' }
  | {
      readonly status: 'done';
      readonly measured: MeasuredBackends;
      readonly chosen: Calibration;
      /** null where there is none; absent while none was asked for, since WebAssembly is fast enough. */
      readonly adapter?: AdapterInfo | null;
      /** How long it takes to train so many proxies by the settings. */
      readonly seconds: ExpectedSeconds;
      /** Tokens a second at which it takes the mean of them: start and evaluation included. */
      readonly rate: number;
      /** Whether a training in this tab has shown how fast it is, after the measurement. */
      readonly isByTraining: boolean;
      readonly proxies: number;
      /** Evaluations per proxy, and maximum validation tokens per domain. */
      readonly evaluation: { readonly times: number; readonly tokens: number };
      /** Why this backend was chosen. */
      readonly reason: string;
    }
  | { readonly status: 'failed'; readonly message: string };

export type RunStatus =
  /** Nothing has been trained yet. */
  | 'idle'
  /** Makes room for it: an earlier training is cleared away, and other tabs are held off. */
  | 'preparing'
  | 'starting'
  | 'running'
  | 'paused'
  | 'done'
  | 'cancelled'
  | 'failed';

/** Allowed next statuses. */
const runTransitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  idle: ['preparing'],
  preparing: ['starting', 'cancelled'],
  starting: ['running', 'cancelled', 'failed'],
  running: ['paused', 'done', 'cancelled', 'failed'],
  // The groups active when it was paused may have been the last ones.
  paused: ['running', 'done', 'cancelled', 'failed'],
  done: ['preparing'],
  cancelled: ['preparing'],
  failed: ['preparing'],
};
const preflightTransitions: Readonly<Record<Preflight['status'], readonly Preflight['status'][]>> =
  {
    // What was measured before may be about the settings of now.
    idle: ['idle', 'measuring', 'done'],
    measuring: ['measuring', 'done', 'failed', 'idle', 'stopped'],
    stopped: ['measuring', 'done', 'idle'],
    done: ['measuring', 'done', 'idle'],
    failed: ['measuring', 'done', 'idle'],
  };

/** Whether a training is active, so that its inputs must not change. */
export function isActive(status: RunStatus): boolean {
  return (
    status === 'preparing' || status === 'starting' || status === 'running' || status === 'paused'
  );
}

export interface TrainingState {
  readonly corpora: /** The user's own text is wanted, and none was read yet. */
    | { readonly status: 'none' }
    /** A built-in set, by its id. */
    | { readonly status: 'loading'; readonly id: string }
    | { readonly status: 'ready'; readonly loaded: LoadedCorpora }
    | { readonly status: 'failed'; readonly id: string; readonly message: string };
  /** The user's own text that was read last. */
  readonly own: LoadedCorpora | null;
  /** Ids of the domains to train on, in the order of the corpora. */
  readonly chosen: readonly string[];
  readonly settings: TrainingSettings;
  /**
   * Whether the user has chosen size, tokens or number of proxies, which nothing else then changes. Until then
   * they are what this machine trains in a quarter of a minute.
   */
  readonly isOwnChoice: boolean;
  /** Mixtures to train, N x chosen domains; null while they cannot be drawn. */
  readonly mixtures: Matrix | null;
  /** Whether mixtures were edited after drawing. */
  readonly isEdited: boolean;
  /** Why there are no mixtures, or the error in the latest edit; empty otherwise. */
  readonly problem: string;
  readonly preflight: Preflight;
  readonly status: RunStatus;
  /** The active training, or the latest; null before the first. */
  readonly job: TrainingJob | null;
  readonly progress: QueueProgress | null;
  /** By proxy id. */
  readonly tiles: ReadonlyMap<string, Tile>;
  readonly curves: ReadonlyMap<string, Curve>;
  /** Unigram entropy of each proxy's mixture, nats per token, by proxy id. */
  readonly entropies: ReadonlyMap<string, number>;
  /** Finished proxies, in order of completion. */
  readonly finished: readonly FinishedRun[];
  /** Problems that were recovered from, the latest last. */
  readonly notices: readonly string[];
  /** Whether its progress could not be saved, so that leaving the page loses it. */
  readonly isUnsaved: boolean;
  /** Why it failed; empty otherwise. */
  readonly failure: string;
  /** An unfinished training of an earlier visit. */
  readonly saved: SavedTraining | null;
}

interface SavedTraining {
  readonly job: TrainingJob;
  /** Number of finished proxies. */
  readonly finished: number;
  /** Whether another tab trains it, and so controls it. */
  readonly isInOtherTab: boolean;
}

/** The part of the state that can be set without a transition. */
export type Unguarded = Partial<Omit<TrainingState, 'status' | 'preflight'>>;

/** The store of a training. Statuses change only by transitions. */
export interface TrainingStore
  extends Pick<StoreApi<TrainingState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** @throws Error when the change contains another status or preflight */
  readonly setState: (change: Unguarded) => void;
  /**
   * Changes the status of the training, together with related state.
   *
   * @throws Error when it may not follow the current status: a defect
   */
  readonly moveTo: (status: RunStatus, change?: Unguarded) => void;
  /** The same for the measurement before a training. */
  readonly setPreflight: (preflight: Preflight, change?: Unguarded) => void;
}

export function createTrainingStore(): TrainingStore {
  const store = createStore<TrainingState>(() => ({
    corpora: { status: 'none' },
    own: null,
    chosen: [],
    settings: defaultTraining,
    isOwnChoice: false,
    mixtures: null,
    isEdited: false,
    problem: '',
    preflight: { status: 'idle' },
    status: 'idle',
    job: null,
    progress: null,
    tiles: new Map(),
    curves: new Map(),
    entropies: new Map(),
    finished: [],
    notices: [],
    isUnsaved: false,
    failure: '',
    saved: null,
  }));
  const { getState, getInitialState, subscribe } = store;
  return {
    getState,
    getInitialState,
    subscribe,
    setState(change) {
      const { status, preflight } = getState();
      const next = { status, preflight, ...change };
      if (next.status !== status || next.preflight !== preflight) {
        throw new Error('a status is changed by its transitions alone');
      }
      store.setState(change);
    },
    moveTo(status, change = {}) {
      follow(runTransitions, 'training', getState().status, status);
      store.setState({ ...change, status });
    },
    setPreflight(preflight, change = {}) {
      follow(preflightTransitions, 'measurement', getState().preflight.status, preflight.status);
      store.setState({ ...change, preflight });
    },
  };
}

function follow<Status extends string>(
  transitions: Readonly<Record<Status, readonly Status[]>>,
  what: string,
  from: Status,
  to: Status,
): void {
  if (!transitions[from].includes(to)) {
    throw new Error(`a ${what} that is ${from} cannot become ${to}`);
  }
}

/** Persistent storage of trainings. Everything may fail: storage can be full or blocked. */
export interface TrainingLibrary {
  /** Trainings, finished or not, the latest first. */
  readonly jobs: () => Promise<readonly TrainingJob[]>;
  readonly put: (job: TrainingJob) => Promise<void>;
  /** Removes a training with everything saved of it. */
  readonly remove: (job: string) => Promise<void>;
  readonly checkpoints: (job: string) => CheckpointStore;
  /** Stores the user's own text, which cannot be loaded again. */
  readonly putCorpora: (job: string, corpora: LoadedCorpora) => Promise<void>;
  readonly corpora: (job: string) => Promise<LoadedCorpora | null>;
}

/** Locks between tabs, so that no two of them train or remove the same job. */
export interface TrainingLocks {
  /** Locks a job for this tab. @returns a function that releases it; null when another tab holds it */
  readonly hold: (job: string) => Promise<(() => void) | null>;
  /** Whether any tab holds the lock of a job. */
  readonly isHeld: (job: string) => Promise<boolean>;
}

/** What a training needs of its platform. */
export interface TrainingPlatform {
  readonly cores: number;
  /** Whether WebAssembly has vectors here, which our engine is made of. */
  readonly hasSimd: boolean;
  readonly start: (events: TrainerEvents) => Trainer;
  /** null where there is none. */
  readonly adapter: () => Promise<AdapterInfo | null>;
  readonly library: TrainingLibrary;
  readonly locks: TrainingLocks;
  /** Loads a built-in set; cancelled by the signal. */
  readonly load: (id: string, signal?: AbortSignal) => Promise<LoadedCorpora>;
  /** Keeps the machine from sleeping, where possible. */
  readonly stayAwake: (isOn: boolean) => void;
  /** Creates a unique id. */
  readonly newId: () => string;
}

/** The purpose of a training: which models to train, and what to do with their runs. */
export interface TrainingPurpose {
  /** The models, in training order. */
  readonly plan: (mixtures: Matrix, settings: TrainingSettings) => readonly PlannedProxy[];
  /**
   * Whether the models have the form's mixtures, one each, so that a stored training restores them in the
   * form.
   */
  readonly isOfForm: boolean;
  /** Maximum number of evaluations over a training, including the last one; has a default. */
  readonly evaluations?: number;
  /** Whether size, tokens and number are what this machine trains in a short time, until the user chooses. */
  readonly isOffered?: boolean;
  /** Seconds that what is offered may take; has a default. */
  readonly offeredSeconds?: number;
  /** Share of them that the estimate may take, above 0; all by default. Other programs may want the cores. */
  readonly offeredShare?: number;
  /** Called when a training starts or is resumed. @param notice shows a message to the user */
  readonly begin: (notice: (text: string) => void) => TrainingOutcome;
}

/** Receives the outcome of one training. */
interface TrainingOutcome {
  /** Intermediate losses of models that train side by side. */
  readonly onEvaluation?: (proxies: readonly PlannedProxy[], evaluation: Evaluation) => void;
  /**
   * @param finished all finished runs, in order of completion
   * @param latest those of them that were not reported before
   */
  readonly onFinished: (
    job: TrainingJob,
    finished: readonly FinishedRun[],
    latest: readonly FinishedRun[],
  ) => void;
  /** Called once when the training has ended in any way. */
  readonly onEnd?: () => void;
  /** It is discarded or replaced: its results must not be used any more. */
  readonly onLeave?: () => void;
}
