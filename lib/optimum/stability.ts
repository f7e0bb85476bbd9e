import type { Job } from '../model/job';
import type { Bounds, Objective } from '../model/limits';
import type { Model } from '../model/regressor';
import { quantile } from '../model/statistics';
import { isSmooth } from './engines';
import { solveSmooth } from './smooth';
import { hasExactOptimum, solveExactly } from './water-filling';

/** How far the optimum's weights move when the runs are drawn again. */
export interface Stability {
  /** D: 5% and 95% quantile of each weight over refitted models. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Refitted models. */
  readonly refits: number;
}

/**
 * Solves an objective again with refitted models in place of those of its terms.
 *
 * @param refits per refit one smooth model per term; at least one
 * @throws RangeError without refits, and when a model is not smooth
 */
export function* stabilityOf(
  objective: Objective,
  refits: readonly (readonly Model[])[],
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<Stability> {
  if (refits.length === 0) throw new RangeError('there are no refits to solve again with');
  const solutions: Float64Array[] = [];
  for (const models of refits) {
    const terms = objective.terms.map((term, place) => ({ ...term, model: models[place] }));
    const refitted: Objective = { ...objective, terms };
    if (!isSmooth(refitted)) throw new RangeError('the optimum of trees is not solved again');
    solutions.push(
      hasExactOptimum(refitted)
        ? solveExactly(refitted, bounds)
        : yield* solveSmooth(refitted, bounds, bestRuns),
    );
    yield { done: solutions.length, total: refits.length, unit: 'optima' };
  }
  const low = new Float64Array(bounds.lower.length);
  const high = new Float64Array(bounds.lower.length);
  for (let domain = 0; domain < low.length; domain++) {
    const sorted = Float64Array.from(solutions, (weights) => weights[domain]).sort();
    low[domain] = quantile(sorted, 0.05);
    high[domain] = quantile(sorted, 0.95);
  }
  return { low, high, refits: refits.length };
}
