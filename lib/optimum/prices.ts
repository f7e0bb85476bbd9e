/** What limits are worth: shadow prices of caps and of the tokens behind them, and what pins would cost. */
import { projectToBounds } from '../mixture/simplex';
import type { Job } from '../model/job';
import type { Bounds, Objective, PinPrices } from '../model/limits';
import { bindingSlack, isUntried, reachOf } from './constraints';
import { createScorer, effectiveSlopes, type Scorer } from './objective';
import { leastOfTerms, solveSmooth } from './smooth';
import { hasExactOptimum, solveExactly } from './water-filling';

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

/** Weights tried to each side of the optimum's, evenly by their roots: losses bend most where there is little. */
const triedToASide = 7;

/**
 * What pinning one domain would cost over its whole reach: at each of some weights all other domains are
 * optimised again. Regrets are measured from what is within reach without the pin.
 *
 * @param bounds without a pin of the domain
 * @param weights the optimum within them
 * @param bestRuns training runs within the bounds, the best first
 * @returns null where the domain cannot be moved
 * @throws RangeError when a model is not smooth
 */
export function* pinPrices(
  objective: Objective,
  bounds: Bounds,
  domain: number,
  weights: Float64Array,
  bestRuns: readonly Float64Array[],
): Job<PinPrices | null> {
  const reach = reachOf(bounds, bounds, domain);
  if (!reach) return null;
  const least = objective.kind === 'regret' ? yield* leastOfTerms(objective, bounds, bestRuns) : [];
  const { score } = createScorer(objective, least);
  const own = Math.min(reach[1], Math.max(reach[0], weights[domain]));
  const best = score(weights);
  const points: { readonly weight: number; readonly cost: number }[] = [{ weight: own, cost: 0 }];
  for (const end of reach) {
    if (Math.abs(end - own) <= bindingSlack) continue;
    // Each begins at the one before it, nearer to the optimum.
    let from = weights;
    for (let step = 1; step <= triedToASide; step++) {
      const share = step / triedToASide;
      const weight =
        step === triedToASide
          ? end
          : (Math.sqrt(own) + (Math.sqrt(end) - Math.sqrt(own)) * share) ** 2;
      const pinned = withPin(bounds, domain, weight);
      from = hasExactOptimum(objective)
        ? solveExactly(objective, pinned)
        : yield* solveSmooth(objective, pinned, [
            projectToBounds(from, pinned.lower, pinned.upper),
          ]);
      points.push({ weight, cost: Math.max(0, score(from) - best) });
      yield { done: points.length, total: 2 * triedToASide + 1, unit: 'weights' };
    }
  }
  points.sort((a, b) => a.weight - b.weight);
  return {
    weights: Float64Array.from(points, ({ weight }) => weight),
    costs: Float64Array.from(points, ({ cost }) => cost),
  };
}

function withPin(
  { lower, upper, source, ...others }: Bounds,
  domain: number,
  weight: number,
): Bounds {
  return {
    ...others,
    lower: lower.map((each, place) => (place === domain ? weight : each)),
    upper: upper.map((each, place) => (place === domain ? weight : each)),
    source: source.map((each, place) => (place === domain ? 'lock' : each)),
  };
}
