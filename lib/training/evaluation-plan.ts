import type { TrainingOptions } from './options';

/** When proxies are evaluated, and on how much text. */
export interface EvaluationPlan {
  /** Steps after which they are, ascending; the last one is that of the training. */
  readonly evaluateAt: readonly number[];
  /** Windows of validation text per domain, at most. */
  readonly windows: number;
}

/** What the built-in studies were measured on. */
const mostWindows = 128;
/** Passes forward that a step is worth: the way back is twice the work of the way there. */
const passesOfStep = 3;

/**
 * Plans evaluations so that they take about as long as the training at most: with many domains or few steps, on
 * less text first, down to one batch of it, and then less often on the way.
 *
 * @param domains that are evaluated, >= 1
 * @param most evaluations over the training, the last one included, >= 1
 */
export function planEvaluations(
  { steps, rows }: Pick<TrainingOptions, 'steps' | 'rows'>,
  domains: number,
  most: number,
): EvaluationPlan {
  const passes = passesOfStep * steps;
  const affordable = Math.max(1, Math.floor(passes / (most * domains)));
  const batches = Math.min(affordable, Math.ceil(mostWindows / rows));
  const times = Math.max(1, Math.min(most, steps, Math.floor(passes / (batches * domains))));
  return {
    windows: Math.min(mostWindows, batches * rows),
    evaluateAt: Array.from({ length: times }, (_, place) =>
      Math.round((steps * (place + 1)) / times),
    ),
  };
}
