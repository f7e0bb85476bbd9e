import type { Matrix } from '../matrix';
import type { PlannedProxy } from './engine';
import type { FinishedRun } from './groups';
import type { TrainingSettings } from './state';
import type { Evaluation } from './train-group';

/** What models are trained for when they are not proxies whose runs go into the study. */
export interface TrainingPurpose {
  /** The models, in the order in which they train. */
  readonly plan: (mixtures: Matrix, settings: TrainingSettings) => readonly PlannedProxy[];
  /** Evaluations over a training at most, the last one included. */
  readonly evaluations: number;
  readonly onStart: () => void;
  /** Losses on the way of models that train side by side. */
  readonly onEvaluation: (proxies: readonly PlannedProxy[], evaluation: Evaluation) => void;
  readonly onFinished: (runs: readonly FinishedRun[]) => void;
}
