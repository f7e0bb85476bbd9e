/** The exact optimum of separable convex laws and of linear models. */
import { projectToBounds } from '../mixture/simplex';
import type { Bounds, Objective } from '../model/limits';
import type { ExponentialModel, LawModel, LinearModel, PowersModel } from '../model/regressor';
import { effectiveWeight, signOf } from './objective';

/** Halvings of the price that all domains share: enough for weights to 1e-12. */
const halvings = 64;

/**
 * Whether an objective has an exact answer: one target, no pull to the prior, and a model that is
 * linear or a law of diminishing returns.
 */
export function hasExactOptimum({ terms, kl, unique, seek }: Objective): boolean {
  const [{ model, direction }] = terms;
  // Regrets of one target differ from it by a constant, and the pull to the prior is the same.
  if (terms.length > 1 || kl > 0 || seek === 'worst') return false;
  switch (model.kind) {
    case 'linear':
      // Of a linear model only weights themselves are linear, not their effective data.
      return unique === null;
    case 'exponential':
      return unique === null;
    case 'law':
      return (
        model.sign === signOf({ direction }) &&
        model.powers.every((power) => power > 0 && power < 1)
      );
    case 'powers':
      return model.sign === signOf({ direction });
    default:
      return false;
  }
}

/**
 * The best mixture of an objective that {@link hasExactOptimum}. A law is as good as its effective
 * data, a sum of concave functions of one weight each: at the optimum all domains between their
 * bounds gain the same from one more bit of weight (water-filling; Boyd and Vandenberghe 2004,
 * section 5.5.3).
 *
 * @param bounds feasible
 * @returns D weights within the bounds, summing to 1
 */
export function solveExactly({ terms: [term], unique }: Objective, bounds: Bounds): Float64Array {
  const { model } = term;
  switch (model.kind) {
    case 'linear':
      return solveLinear(model, bounds, signOf(term));
    case 'exponential':
      return solveLinear(asLinear(model), bounds, signOf(term));
    case 'law':
    case 'powers':
      return fillWater(gainsOf(model), unique, bounds);
    default:
      throw new RangeError(`there is no exact optimum of ${model.kind}`);
  }
}

/** What grows with the exponent of an exponential law grows with its linear part. */
function asLinear({ sign, intercept, coefficients }: ExponentialModel): LinearModel {
  const signed = coefficients.map((coefficient) => sign * coefficient);
  return { kind: 'linear', intercept: sign * intercept, coefficients: signed, penalty: 0 };
}

/** Gain of domain i at effective weight r: scale * (r + offset)^-decay, falling in r. */
interface Gain {
  readonly scale: number;
  readonly offset: number;
  /** > 0. */
  readonly decay: number;
}

function gainsOf(model: LawModel | PowersModel): Gain[] {
  if (model.kind === 'law') {
    const { amounts, powers, offset } = model;
    return Array.from(amounts, (amount, i) => ({
      scale: amount * powers[i],
      offset,
      decay: 1 - powers[i],
    }));
  }
  const { scales, offsets, exponents } = model;
  return Array.from(scales, (scale, i) => ({
    scale: scale * exponents[i],
    offset: offsets[i],
    decay: exponents[i] + 1,
  }));
}

function fillWater(
  gains: readonly Gain[],
  unique: Float64Array | null,
  { lower, upper }: Bounds,
): Float64Array {
  const logScales = gains.map(({ scale }) => Math.log(scale));
  const weights = Float64Array.from(lower);
  /** Fills every domain up to where its gain has fallen to exp(logPrice). */
  function fill(logPrice: number): number {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      const { offset, decay } = gains[i];
      if (logScales[i] === Number.NEGATIVE_INFINITY) {
        sum += weights[i];
        continue;
      }
      const free = Math.exp((logScales[i] - logPrice) / decay) - offset;
      let weight = free;
      if (unique && free > unique[i]) weight = repeated(i, logPrice, unique[i]);
      weights[i] = Math.min(upper[i], Math.max(lower[i], weight));
      sum += weights[i];
    }
    return sum;
  }
  /** Beyond a domain's unique tokens the gain falls faster, and its inverse has no closed form. */
  function repeated(i: number, logPrice: number, tokens: number): number {
    const { offset, decay } = gains[i];
    let low = tokens;
    let high = Math.max(tokens, upper[i]);
    for (let step = 0; step < halvings && high - low > 1e-13; step++) {
      const middle = (low + high) / 2;
      const { value, slope } = effectiveWeight(middle, tokens);
      const logGain = logScales[i] - decay * Math.log(value + offset) + Math.log(slope);
      if (logGain > logPrice) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }
  // At the highest price nobody takes more than the least weight, at the lowest everybody the most.
  // A domain that gains nothing takes no more than it must at any price.
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < weights.length; i++) {
    const { offset, decay } = gains[i];
    if (logScales[i] === Number.NEGATIVE_INFINITY) continue;
    high = Math.max(high, logScales[i] - decay * Math.log(offset));
    low = Math.min(low, logScales[i] - decay * Math.log(1 + offset) - (unique ? 1e3 : 0));
  }
  for (let step = 0; step < halvings && high - low > 1e-13; step++) {
    const middle = (low + high) / 2;
    if (fill(middle) < 1) high = middle;
    else low = middle;
  }
  fill(high);
  return projectToBounds(weights, lower, upper);
}

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
