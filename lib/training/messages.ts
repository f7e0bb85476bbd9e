import type { BackendId, PlannedProxy } from './engine';
import type { TrainingOptions } from './options';
import type { ProxyShape } from './shape';
import type { CurvePoint, Evaluation, GroupState } from './train-group';

/** What every group of a training has in common. */
export interface TrainingSetting {
  readonly backend: BackendId;
  /** Where tfjs's wasm binaries are; null where the platform finds them itself. */
  readonly wasmPath: string | null;
  readonly shape: ProxyShape;
  readonly training: TrainingOptions;
  /** Training text per domain. */
  readonly tokens: readonly Uint16Array[];
  /** Windows of validation text per domain. */
  readonly validation: readonly Int32Array[];
  /** Steps after which proxies are evaluated. */
  readonly evaluateAt: readonly number[];
  /** Milliseconds between two checkpoints. */
  readonly saveEvery: number;
}

/** How fast one trainer trains one group. */
export interface Speed {
  /** Seconds that each step took after the first, which also starts things up; at least one. */
  readonly stepSeconds: readonly number[];
  readonly firstStepSeconds: number;
  /** Seconds that evaluating a batch of validation text takes. */
  readonly batchSeconds: number;
}

/** To a trainer: a worker or a process that trains one group after the other. */
export type ToTrainer =
  | { readonly kind: 'setting'; readonly setting: TrainingSetting }
  | {
      readonly kind: 'group';
      readonly proxies: readonly PlannedProxy[];
      readonly state: GroupState | null;
    }
  | {
      /** Trains for a moment, for its speed alone. */
      readonly kind: 'measure';
      readonly proxies: readonly PlannedProxy[];
      readonly seconds: number;
    }
  | { readonly kind: 'pause' }
  /** One step of the group under way, while it is paused. */
  | { readonly kind: 'step' }
  | { readonly kind: 'resume' };

/** From a trainer. Anything at all is a sign of life; while it is paused there is none. */
export type FromTrainer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly step: number }
  | { readonly kind: 'curve'; readonly point: CurvePoint }
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly kind: 'save'; readonly state: GroupState }
  | {
      readonly kind: 'done';
      readonly evaluations: readonly Evaluation[];
      readonly curve: readonly CurvePoint[];
    }
  | { readonly kind: 'measured'; readonly speed: Speed }
  /** `isFinal`: another attempt would end the same way. */
  | { readonly kind: 'failed'; readonly message: string; readonly isFinal: boolean };
