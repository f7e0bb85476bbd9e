import { createStore } from 'zustand/vanilla';
import type { LoadedCorpora } from '../corpora/types';
import type { Matrix } from '../matrix';
import { regmixSampling } from '../mixture/proxy-mixtures';
import type { Calibration, Candidate, MeasuredBackends } from './calibrate';
import type { BackendId } from './engine';
import type { FinishedRun } from './groups';
import type { TrainingJob } from './job';
import type { QueueProgress } from './queue';
import type { SizeId } from './shape';

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
  | 'idle'
  | 'starting'
  | 'running'
  | 'paused'
  | 'done'
  | 'cancelled'
  | 'failed';

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
  readonly kept: KeptTraining | null;
}

interface KeptTraining {
  readonly job: TrainingJob;
  /** Proxies that are trained. */
  readonly finished: number;
  /** Whether another tab trains it: then it is that tab's alone. */
  readonly isElsewhere: boolean;
}

export type TrainingStore = ReturnType<typeof createTrainingStore>;

export function createTrainingStore() {
  return createStore<TrainingState>(() => ({
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
    kept: null,
  }));
}

/** Whether a training is under way, so that what it is made of must not change. */
export function isUnderWay(status: RunStatus): boolean {
  return status === 'starting' || status === 'running' || status === 'paused';
}
