import type { Slope } from './descent';
import type { Bounds } from './types';

/** Weights nearer to a bound than this are held by it. */
const heldWithin = 1e-6;

/**
 * What one more point (0.01) of weight of each domain's cap is worth in the score, from the conditions
 * of the optimum (Karush, Kuhn and Tucker; Boyd and Vandenberghe 2004, section 5.6.3): the weight would
 * be taken where it is worth least. To first order; a large step is worth less.
 *
 * @param weights an optimum of `slope` within the bounds
 * @returns D values >= 0; 0 where no cap binds
 */
export function shadowPrices(weights: Float64Array, bounds: Bounds, slope: Slope): Float64Array {
  const gradient = new Float64Array(weights.length);
  slope(weights, gradient);
  return gradient.map((own, domain) => {
    const { lower, upper } = bounds;
    const isHeld = upper[domain] < 1 && upper[domain] - weights[domain] <= heldWithin;
    if (!isHeld || lower[domain] === upper[domain]) return 0;
    let least = Number.NEGATIVE_INFINITY;
    for (let other = 0; other < weights.length; other++) {
      if (other === domain || weights[other] - lower[other] <= heldWithin) continue;
      least = Math.max(least, gradient[other]);
    }
    return Math.max(0, least - own) / 100 || 0;
  });
}
