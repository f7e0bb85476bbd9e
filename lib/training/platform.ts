import type { LoadedCorpora } from '../corpora/types';
import type { Trainer, TrainerEvents } from './conversation';
import type { TrainingKeeper } from './groups';
import type { TrainingJob } from './job';
import type { AdapterInfo } from './state';

/** Where trainings are kept over visits. Everything may fail: storage can be full, or not allowed. */
export interface TrainingLibrary {
  /** Trainings, finished or not, the latest first. */
  readonly jobs: () => Promise<readonly TrainingJob[]>;
  readonly put: (job: TrainingJob) => Promise<void>;
  /** Forgets a training with all that was kept of it. */
  readonly remove: (job: string) => Promise<void>;
  readonly keeper: (job: string) => TrainingKeeper;
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
