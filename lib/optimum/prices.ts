/** What more of a limit is worth: shadow prices of caps, and of the tokens behind them. */
import type { Bounds, Objective } from '../model/limits';
import { bindingSlack, isUntried } from './constraints';
import { effectiveSlopes, type Scorer } from './objective';

/** Shadow prices in units of the score, all >= 0, each to first order: a large step is worth less. */
export interface Prices {
  /** D: of one more point (0.01) of each cap; of a cap that tokens set, of the tokens for that point. */
  readonly points: Float64Array;
  /** D: of more tokens of each domain, per 1% of the requested tokens; 0 where tokens are unlimited. */
  readonly tokens: Float64Array;
}

/** Prices are per point of weight, and per hundredth of the requested tokens. */
const point = 0.01;

/**
 * Prices from the conditions of the optimum (Karush, Kuhn and Tucker; Boyd and Vandenberghe 2004, section
 * 5.6.3) and the envelope theorem (Milgrom and Segal 2002): what changes with a limit is the Lagrangian at
 * fixed weights. With p the price of weight, common to all domains between their bounds, and s the score, a
 * held cap is worth p - ds/dw. Tokens raise a cap that they set by the domain's epochs, and where repeats are
 * discounted they also make what is repeated fresher: -ds/dU, with U the unique tokens.
 *
 * @param weights an optimum within the bounds
 * @param withGradient of the objective that they are an optimum of; regrets smoothed, so that its gradient
 *   weighs all targets that are equally far behind
 */
export function pricesOf(
  weights: Float64Array,
  bounds: Bounds,
  { unique }: Pick<Objective, 'unique'>,
  withGradient: NonNullable<Scorer['withGradient']>,
): Prices {
  const { upper, source, epochs } = bounds;
  const gradient = new Float64Array(weights.length);
  const inEffective = new Float64Array(weights.length);
  withGradient(weights, gradient, inEffective);
  const common = priceOfWeight(weights, bounds, gradient);
  const points = new Float64Array(weights.length);
  const tokens = new Float64Array(weights.length);
  for (let domain = 0; domain < weights.length; domain++) {
    const perToken = epochs?.[domain] ?? 0;
    const isHeld = upper[domain] < 1 && upper[domain] - weights[domain] <= bindingSlack;
    let slope = gradient[domain];
    let fresher = 0;
    if (unique && perToken > 0) {
      // The first tokens of a domain that has none will be repeated as often as allowed.
      const none = unique[domain] <= 0;
      const slopes = effectiveSlopes(none ? perToken : weights[domain] / unique[domain]);
      if (none) slope += (slopes.weight - 1) * inEffective[domain];
      fresher = -slopes.unique * inEffective[domain];
    }
    // Of what no run sampled, a model knows nothing.
    const isPriced = isHeld && source[domain] !== 'lock' && !isUntried(bounds, domain);
    const ofCap = isPriced ? Math.max(0, common - slope) : 0;
    const isByTokens = source[domain] === 'tokens' && perToken > 0;
    if (perToken > 0) {
      const worth = fresher + (isByTokens ? perToken * ofCap : 0);
      tokens[domain] = point * Math.max(0, worth);
    }
    points[domain] = isByTokens ? tokens[domain] / perToken : point * ofCap;
  }
  return { points, tokens };
}

/**
 * The derivative of the score in any weight that is free to move. At the bounds of a descent's tolerance the
 * free ones differ a little: each counts by how far it is from its bounds. Where none is free, weight is
 * taken from where it costs least.
 */
function priceOfWeight(
  weights: Float64Array,
  { lower, upper }: Bounds,
  gradient: Float64Array,
): number {
  let sum = 0;
  let total = 0;
  let least = Number.NEGATIVE_INFINITY;
  for (let domain = 0; domain < weights.length; domain++) {
    const above = weights[domain] - lower[domain];
    if (above > bindingSlack) least = Math.max(least, gradient[domain]);
    const room = Math.min(above, upper[domain] - weights[domain]);
    if (room <= bindingSlack) continue;
    sum += room * gradient[domain];
    total += room;
  }
  return total > 0 ? sum / total : least;
}
