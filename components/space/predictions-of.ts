import type { Objective } from '../../lib/optimum/types';
import { predictRow } from '../../lib/regression/predict';

/** Predictions of a mixture by the models of named targets, in that order. */
export function predictionsOf(
  { terms }: Objective,
  mixture: Float64Array,
  targets: readonly string[],
): number[] {
  return targets.map((target) => {
    const term = terms.find((each) => each.target === target);
    return term ? predictRow(term.model, mixture) : Number.NaN;
  });
}
