import { type Matrix, rowOf } from '../model/matrix';
import type { Prior } from '../model/study';

/** Equal weights for all domains. */
export function uniformPrior(domains: number): Prior {
  return { kind: 'uniform', weights: new Float64Array(domains).fill(1 / domains) };
}

/** The mean of the trained mixtures, as an estimate of the centre of their sampler. */
export function meanOfRuns(mixtures: Matrix): Prior {
  const weights = new Float64Array(mixtures.columns);
  for (let row = 0; row < mixtures.rows; row++) {
    const mixture = rowOf(mixtures, row);
    for (let domain = 0; domain < weights.length; domain++) weights[domain] += mixture[domain];
  }
  return { kind: 'runs', weights: sharesOf(weights) ?? uniformPrior(mixtures.columns).weights };
}

/**
 * Amounts as shares that sum to 1; null when an amount is negative or not finite, or all are 0.
 *
 * @param amounts D amounts >= 0: tokens, percentages or weights
 */
export function sharesOf(amounts: ArrayLike<number>): Float64Array | null {
  let total = 0;
  for (let domain = 0; domain < amounts.length; domain++) {
    if (!Number.isFinite(amounts[domain]) || amounts[domain] < 0) return null;
    total += amounts[domain];
  }
  if (!(total > 0)) return null;
  return Float64Array.from(amounts, (amount) => amount / total);
}
