import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LoadedCorpora } from '../corpora/types';
import { regmixSampling } from '../mixture/sampling';
import type { Matrix } from '../model/matrix';
import type { Calibration, Candidate, MeasuredBackends } from './calibrate';
import type { CheckpointStore, Evaluation, FinishedRun, TrainingJob } from './checkpoints';
import type { BackendId, PlannedProxy } from './engine';
import type { Trainer, TrainerEvents } from './protocol';
import type { QueueProgress } from './queue';
import type { SizeId } from './shape';

/**
 * What a training is made of and how it stands: its settings, its store, and the interfaces to the place where it
 * runs (storage, locks, workers) and to what it is for.
 */

/** What to train: all that decides the result beside the text. */
export interface TrainingSettings {
  readonly size: SizeId;
  /** Tokens per proxy. */
  readonly tokens: number;
  readonly seed: number;
  /** Proxies that train once more on one of the first mixtures, with seeds of their own. */
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

/** The graphics adapter of this machine, as the browser tells it. */
export interface AdapterInfo {
  readonly name: string;
  /** Whether it computes on the processor: slower than wasm. */
  readonly isSoftware: boolean;
  /** Bytes that one buffer may have. */
  readonly largestBuffer: number;
}

/** Where a proxy stands. */
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

type Preflight =
  | { readonly status: 'idle' }
  | { readonly status: 'measuring'; readonly candidate: Candidate | null }
  | {
      readonly status: 'done';
      readonly measured: MeasuredBackends;
      readonly chosen: Calibration;
      readonly adapter: AdapterInfo | null;
      /** How often each is evaluated, and on how many validation tokens of a domain at most. */
      readonly evaluation: { readonly times: number; readonly tokens: number };
      /** Why this backend. */
      readonly reason: string;
    }
  | { readonly status: 'failed'; readonly message: string };

export type RunStatus =
  /** Nothing was trained yet. */
  | 'idle'
  /** Makes room for it: an earlier training is cleared away, and other tabs are held off. */
  | 'preparing'
  | 'starting'
  | 'running'
  | 'paused'
  | 'done'
  | 'cancelled'
  | 'failed';

/** What a status may be followed by. */
const runTransitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  idle: ['preparing'],
  preparing: ['starting', 'cancelled'],
  starting: ['running', 'cancelled', 'failed'],
  running: ['paused', 'done', 'cancelled', 'failed'],
  // What was under way when it was paused may have been the last of it.
  paused: ['running', 'done', 'cancelled', 'failed'],
  done: ['preparing'],
  cancelled: ['preparing'],
  failed: ['preparing'],
};
const preflightTransitions: Readonly<Record<Preflight['status'], readonly Preflight['status'][]>> =
  {
    idle: ['idle', 'measuring'],
    measuring: ['measuring', 'done', 'failed', 'idle'],
    done: ['measuring', 'idle'],
    failed: ['measuring', 'idle'],
  };

/** Whether a training is under way, so that what it is made of must not change. */
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
  /** Text of the user's own, the latest that was read. */
  readonly own: LoadedCorpora | null;
  /** Ids of the domains to train on, in the order of the corpora. */
  readonly chosen: readonly string[];
  readonly settings: TrainingSettings;
  /** Mixtures to train, N x chosen domains; null while they cannot be drawn. */
  readonly mixtures: Matrix | null;
  /** Whether mixtures were edited since they were drawn. */
  readonly isEdited: boolean;
  /** Why there are no mixtures, or what is wrong with the latest edit; empty otherwise. */
  readonly problem: string;
  readonly preflight: Preflight;
  readonly status: RunStatus;
  /** The training under way, or the latest; null before the first. */
  readonly job: TrainingJob | null;
  readonly progress: QueueProgress | null;
  /** By proxy id. */
  readonly tiles: ReadonlyMap<string, Tile>;
  readonly curves: ReadonlyMap<string, Curve>;
  /** Unigram entropy of each proxy's mixture, nats per token, by proxy id. */
  readonly entropies: ReadonlyMap<string, number>;
  /** Proxies that are done, in the order in which they were. */
  readonly finished: readonly FinishedRun[];
  /** What went wrong and was mended, the latest last. */
  readonly notices: readonly string[];
  /** Why it failed; empty otherwise. */
  readonly failure: string;
  /** A training of an earlier visit that is not finished. */
  readonly saved: SavedTraining | null;
}

interface SavedTraining {
  readonly job: TrainingJob;
  /** Proxies that are trained. */
  readonly finished: number;
  /** Whether another tab trains it: then it is that tab's alone. */
  readonly isInOtherTab: boolean;
}

/** What of the state no transition guards. */
type Unguarded = Partial<Omit<TrainingState, 'status' | 'preflight'>>;

/** The state of a training. What has a status changes by transitions alone. */
export interface TrainingStore
  extends Pick<StoreApi<TrainingState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** @throws Error when the change has another status or preflight in it */
  readonly setState: (change: Unguarded) => void;
  /**
   * Changes the status of the training, with what belongs to it.
   *
   * @throws Error when it cannot follow the status of now: a defect
   */
  readonly moveTo: (status: RunStatus, change?: Unguarded) => void;
  /** The same for the measurement that goes before it. */
  readonly setPreflight: (preflight: Preflight, change?: Unguarded) => void;
}

export function createTrainingStore(): TrainingStore {
  const store = createStore<TrainingState>(() => ({
    corpora: { status: 'none' },
    own: null,
    chosen: [],
    settings: defaultTraining,
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

/** Where trainings are saved over visits. Everything may fail: storage can be full, or not allowed. */
export interface TrainingLibrary {
  /** Trainings, finished or not, the latest first. */
  readonly jobs: () => Promise<readonly TrainingJob[]>;
  readonly put: (job: TrainingJob) => Promise<void>;
  /** Forgets a training with all that was saved of it. */
  readonly remove: (job: string) => Promise<void>;
  readonly checkpoints: (job: string) => CheckpointStore;
  /** Keeps text of the user's own, which cannot be loaded again. */
  readonly putCorpora: (job: string, corpora: LoadedCorpora) => Promise<void>;
  readonly corpora: (job: string) => Promise<LoadedCorpora | null>;
}

/** Tells the tabs of a browser apart, so that no two of them train or clear away one job. */
export interface TrainingLocks {
  /** Holds a job for this tab until it is let go; null when another tab holds it. */
  readonly hold: (job: string) => Promise<(() => void) | null>;
  /** Whether any tab holds a job. */
  readonly isHeld: (job: string) => Promise<boolean>;
}

/** What a training needs of the place where it runs. */
export interface TrainingPlatform {
  readonly cores: number;
  /** Where tfjs's wasm binaries are served. */
  readonly wasmPath: string;
  readonly start: (events: TrainerEvents) => Trainer;
  /** null where there is none. */
  readonly adapter: () => Promise<AdapterInfo | null>;
  readonly library: TrainingLibrary;
  readonly locks: TrainingLocks;
  /** Loads a built-in set, until it is aborted. */
  readonly load: (id: string, signal?: AbortSignal) => Promise<LoadedCorpora>;
  /** Keeps the machine from sleeping, where it may. */
  readonly stayAwake: (isOn: boolean) => void;
  /** A new id, unlike any before. */
  readonly newId: () => string;
}

/** What models are trained for: what they are, and where their runs go. */
export interface TrainingPurpose {
  /** The models, in the order in which they train. */
  readonly plan: (mixtures: Matrix, settings: TrainingSettings) => readonly PlannedProxy[];
  /** Whether the form's mixtures are those of the models, one each: then a stored training fills them in. */
  readonly isOfForm: boolean;
  /** Evaluations over a training at most, the last one included; as many as usual where it is absent. */
  readonly evaluations?: number;
  /** A training starts, or is resumed. @param notice tells the user something */
  readonly begin: (notice: (text: string) => void) => TrainingOutcome;
}

/** Takes what one training comes to. */
interface TrainingOutcome {
  /** Losses on the way of models that train side by side. */
  readonly onEvaluation?: (proxies: readonly PlannedProxy[], evaluation: Evaluation) => void;
  /**
   * @param finished all runs that have finished, in that order
   * @param latest those of them that were not told of before
   */
  readonly onFinished: (
    job: TrainingJob,
    finished: readonly FinishedRun[],
    latest: readonly FinishedRun[],
  ) => void;
  /** No run comes any more, however it ended; told once. */
  readonly onEnd?: () => void;
  /** It is given up, or another takes its place: nothing may follow from it any more. */
  readonly onLeave?: () => void;
}
