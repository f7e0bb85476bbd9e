import type { Job } from '../job';
import type { Bounds } from './types';

/** Value and gradient at a mixture; the gradient is overwritten. */
export type Slope = (mixture: Float64Array, gradient: Float64Array) => number;

/** Where a descent came to rest. */
export interface Descent {
  readonly weights: Float64Array;
  readonly score: number;
}

/** Small weights move in proportion to themselves, but never more slowly than this one. */
const leastMobility = 1e-4;
const mostSteps = 400;
/** A direction that promises less than this share of the score's size ends the descent. */
const leastPromise = 1e-10;
const halvings = 60;

/**
 * Minimum of a smooth function over bounded mixtures by scaled gradient projection (Bonettini, Zanella
 * and Zanni 2009): laws bend as 1 / weight near 0, so that steps are measured in units of each weight;
 * their length is Barzilai and Borwein's (1988), with backtracking. Exact for convex functions, a local
 * minimum otherwise.
 *
 * @param start within the bounds
 */
export function* descend(
  start: Float64Array,
  bounds: Bounds,
  slope: Slope,
  most = mostSteps,
): Job<Descent> {
  const count = start.length;
  let weights = Float64Array.from(start);
  let gradient = new Float64Array(count);
  let score = slope(weights, gradient);
  let trial = new Float64Array(count);
  let trialGradient = new Float64Array(count);
  const target = new Float64Array(count);
  const mobility = new Float64Array(count);
  let length = firstLength(gradient);
  for (let step = 0; step < most; step++) {
    if (step % 8 === 0) yield { done: step, total: most, unit: 'steps' };
    for (let i = 0; i < count; i++) mobility[i] = Math.max(weights[i], leastMobility);
    stepWithin(weights, gradient, mobility, length, bounds, target);
    let promise = 0;
    for (let i = 0; i < count; i++) promise += gradient[i] * (target[i] - weights[i]);
    if (!(promise < -leastPromise * (1 + Math.abs(score)))) break;
    let share = 1;
    let next = Number.POSITIVE_INFINITY;
    for (; share > 1e-9; share /= 2) {
      for (let i = 0; i < count; i++) trial[i] = weights[i] + share * (target[i] - weights[i]);
      next = slope(trial, trialGradient);
      if (next <= score + 1e-4 * share * promise) break;
    }
    if (!(next < score)) break;
    let moved = 0;
    let turned = 0;
    for (let i = 0; i < count; i++) {
      const move = trial[i] - weights[i];
      moved += (move * move) / mobility[i];
      turned += move * (trialGradient[i] - gradient[i]);
    }
    length = turned > 1e-300 ? Math.min(1e6, Math.max(1e-8, moved / turned)) : length * 4;
    [weights, trial] = [trial, weights];
    [gradient, trialGradient] = [trialGradient, gradient];
    score = next;
  }
  return { weights: Float64Array.from(weights), score };
}

function firstLength(gradient: Float64Array): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const slope of gradient) {
    low = Math.min(low, slope);
    high = Math.max(high, slope);
  }
  return high > low ? 1 / (high - low) : 1;
}

/**
 * The point within the bounds, summing to 1, that is nearest to a gradient step in units of each
 * weight's mobility: w_i - length * mobility_i * (gradient_i - price), cut to its bounds, with the one
 * price that makes the sum 1, found by bisection.
 */
function stepWithin(
  weights: Float64Array,
  gradient: Float64Array,
  mobility: Float64Array,
  length: number,
  { lower, upper }: Bounds,
  out: Float64Array,
): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < weights.length; i++) {
    const rate = length * mobility[i];
    low = Math.min(low, gradient[i] + (lower[i] - weights[i]) / rate);
    high = Math.max(high, gradient[i] + (upper[i] - weights[i]) / rate);
  }
  let sum = 0;
  for (let halving = 0; halving < halvings; halving++) {
    const price = (low + high) / 2;
    sum = 0;
    for (let i = 0; i < weights.length; i++) {
      const moved = weights[i] - length * mobility[i] * (gradient[i] - price);
      out[i] = Math.min(upper[i], Math.max(lower[i], moved));
      sum += out[i];
    }
    if (Math.abs(sum - 1) < 1e-14) break;
    if (sum < 1) low = price;
    else high = price;
  }
  // What rounding left of 1 goes to a weight that has room for it.
  let rest = 1 - sum;
  for (let i = 0; i < weights.length && Math.abs(rest) > 0; i++) {
    const moved = Math.min(upper[i], Math.max(lower[i], out[i] + rest));
    rest -= moved - out[i];
    out[i] = moved;
  }
}
