import type { LinearModel } from '../regression/types';
import type { Bounds } from './types';

/**
 * The best mixture of a linear model under bounds, exactly: from the lower bounds up, weight goes to
 * the domain of the best coefficient until its upper bound, then to the next (a continuous knapsack;
 * Dantzig 1957). Ties go to the domain that comes first.
 *
 * @param bounds feasible
 * @param sign 1 when lower is better, -1 when higher is
 * @returns D weights within the bounds, summing to 1
 */
export function solveLinear(model: LinearModel, bounds: Bounds, sign: 1 | -1): Float64Array {
  const weights = Float64Array.from(bounds.lower);
  let rest = 1 - weights.reduce((sum, weight) => sum + weight, 0);
  const order = Array.from(weights.keys()).sort(
    (a, b) => sign * (model.coefficients[a] - model.coefficients[b]) || a - b,
  );
  for (const domain of order) {
    const added = Math.min(rest, bounds.upper[domain] - weights[domain]);
    weights[domain] += added;
    rest -= added;
  }
  return weights;
}
