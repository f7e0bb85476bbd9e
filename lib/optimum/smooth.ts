/** The optimum of differentiable models by projected gradient descent from several starts. */

import { projectToBounds, totalVariation } from '../mixture/simplex';
import type { Job } from '../model/job';
import type { Bounds, Objective } from '../model/limits';
import type { LinearModel, SmoothModel } from '../model/regressor';
import { createScorer } from './objective';
import { hasExactOptimum, solveExactly, solveLinear } from './water-filling';

/**
 * Steps between two looks at descents from several starts. A look gives up those that are behind the best by
 * more than they have gained since the last one, then the worse half.
 */
const stepsPerLook = 4;
/** Starts that are descended to the end where there may be several minima. */
const followed = 2;
/** Total variation to a minimum below which a trial is taken to lead there. */
const sameMinimum = 0.02;
/** Corners from which the worst mixture is searched, and moves tried from each. */
const worstStarts = 6;
const maxMoves = 100_000;
/** How far a smoothed maximum may lie from the true one, coarse to fine, in units of the score. */
export const temperatures = [0.1, 0.02, 0.004, 0.0008, 0.00015, 0.00003];
/** The last of them: what an optimum of regrets is an optimum of. */
export const finest = temperatures[temperatures.length - 1];

/**
 * The best mixture of a smooth objective under bounds, by descents from several starts.
 *
 * @param bestRuns training runs within the bounds, the best first
 */
export function* solveSmooth(
  objective: Objective,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<Float64Array> {
  if (objective.seek === 'worst') return yield* solveWorst(objective, bounds, bestRuns);
  const starts = startsFor(objective, bounds, bestRuns);
  if (objective.kind === 'regret') return yield* solveRegret(objective, bounds, starts, bestRuns);
  const { weights } = yield* descendFromBest(
    isConvex(objective) ? starts.slice(0, 1) : starts,
    within(bounds),
    slopeOf(objective),
  );
  return weights;
}

/** The least value of every term within the bounds: what regrets are measured from. */
export function* leastOfTerms(
  objective: Objective,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<number[]> {
  const least: number[] = [];
  for (const term of objective.terms) {
    const alone: Objective = {
      ...objective,
      kind: 'weighted',
      terms: [{ ...term, weight: 1 }],
      kl: 0,
    };
    const weights = hasExactOptimum(alone)
      ? solveExactly(alone, bounds)
      : yield* solveSmooth(alone, bounds, bestRuns);
    least.push(createScorer(alone).score(weights));
  }
  return least;
}

function slopeOf(objective: Objective, least?: readonly number[], temperature?: number): Slope {
  const { withGradient } = createScorer(objective, least, temperature);
  if (!withGradient) throw new RangeError('an objective of trees has no gradient');
  return withGradient;
}

/** The best of the minima that descents from several starts lead to: fewer and fewer of them go on. */
export function* descendFromBest(
  starts: readonly Float64Array[],
  region: Region,
  slope: Slope,
): Job<Pick<Descent, 'weights' | 'score'>> {
  const apart = withoutNear(starts.map((weights) => ({ weights })));
  let left = apart.map(({ weights }) => beginDescent(weights, slope));
  for (let look = 0; left.length > followed; look++) {
    const gains = new Map<Descent, number>();
    for (const descent of left) gains.set(descent, yield* goOn(descent, region, slope));
    left.sort((a, b) => a.score - b.score);
    const [first] = left;
    left = withoutNear(left).filter((each) => each.score - first.score <= (gains.get(each) ?? 0));
    // The first steps say little of where a descent ends.
    if (look > 0) left = left.slice(0, Math.max(followed, left.length >> 1));
  }
  left.sort((a, b) => a.score - b.score);
  let [best] = left;
  yield* proceed(best, region, slope, maxSteps);
  for (const descent of left.slice(1)) {
    let gained = Number.POSITIVE_INFINITY;
    // One on its way to the same minimum is not followed to it again, nor one that hardly gains.
    while (!isNear(descent, best) && gained > 0 && descent.score - best.score <= gained) {
      gained = yield* goOn(descent, region, slope);
    }
    if (descent.score < best.score) best = descent;
  }
  return best;
}

/** Makes the steps up to the next look. @returns by how much they lowered the score, >= 0 */
function* goOn(descent: Descent, region: Region, slope: Slope): Job<number> {
  const before = descent.score;
  yield* proceed(descent, region, slope, stepsPerLook);
  return before - descent.score;
}

interface Place {
  readonly weights: Float64Array;
}

function isNear(a: Place, b: Place): boolean {
  return totalVariation(a.weights, b.weights) < sameMinimum;
}

/** Without those near to one before them. */
function withoutNear<Each extends Place>(places: readonly Each[]): Each[] {
  const kept: Each[] = [];
  for (const place of places) if (!kept.some((other) => isNear(place, other))) kept.push(place);
  return kept;
}

/**
 * Least largest regret: the maximum is smoothed less and less, each descent starting from the previous
 * result.
 */
function* solveRegret(
  objective: Objective,
  bounds: Bounds,
  starts: readonly Float64Array[],
  bestRuns: readonly Float64Array[],
): Job<Float64Array> {
  const least = yield* leastOfTerms(objective, bounds, bestRuns);
  let from = starts;
  for (const temperature of temperatures) {
    const { weights } = yield* descendFromBest(
      from,
      within(bounds),
      slopeOf(objective, least, temperature),
    );
    from = [weights];
  }
  return from[0];
}

/**
 * The mixture to avoid. What is convex is worst in a corner of the bounds: from each of the worst ones, as
 * much weight as the bounds allow is moved between pairs of domains while that makes it worse. What is not
 * convex is then descended from there.
 */
function* solveWorst(
  objective: Objective,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<Float64Array> {
  const { score } = createScorer(objective);
  const found = [...corners(bounds), ...bestRuns.slice(0, 1)]
    .map((weights) => ({ weights, score: score(weights) }))
    .sort((a, b) => a.score - b.score)
    .slice(0, worstStarts);
  const settled: Float64Array[] = [];
  for (const { weights } of found) settled.push(yield* worsen(weights, bounds, score));
  const { weights } = yield* descendFromBest(settled, within(bounds), slopeOf(objective));
  return weights;
}

/** Moves all the weight that can be moved between two domains, as long as that lowers the score. */
function* worsen(
  start: Float64Array,
  { lower, upper }: Bounds,
  score: (mixture: Float64Array) => number,
): Job<Float64Array> {
  const weights = Float64Array.from(start);
  let current = score(weights);
  let evaluations = 0;
  for (let improved = true; improved && evaluations < maxMoves; ) {
    improved = false;
    for (let from = 0; from < weights.length; from++) {
      for (let to = 0; to < weights.length; to++) {
        const moved = Math.min(weights[from] - lower[from], upper[to] - weights[to]);
        if (from === to || moved < 1e-6) continue;
        const [before, after] = [weights[from], weights[to]];
        weights[from] = before - moved;
        weights[to] = after + moved;
        const next = score(weights);
        if (next < current - 1e-12) {
          current = next;
          improved = true;
        } else {
          weights[from] = before;
          weights[to] = after;
        }
        if (++evaluations % 200 === 0) yield { done: 0, total: 1, unit: 'corners' };
      }
    }
  }
  return weights;
}

/** Value and gradient at a mixture; the gradient is overwritten. */
export type Slope = (mixture: Float64Array, gradient: Float64Array) => number;

/** A descent where it stands: it can go on from there. */
interface Descent {
  weights: Float64Array<ArrayBuffer>;
  score: number;
  gradient: Float64Array<ArrayBuffer>;
  /** Of the next step. */
  length: number;
  /** Whether the next step would not improve it. */
  hasEnded: boolean;
  /** Steps made. */
  steps: number;
}

/** Small weights move in proportion to themselves, but at least as fast as this one. */
export const minMobility = 1e-4;
const maxSteps = 400;
/** A descent ends when the predicted improvement is below this share of the score. */
const minImprovement = 1e-9;
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
): Job<Pick<Descent, 'weights' | 'score'>> {
  const descent = beginDescent(start, slope);
  yield* proceed(descent, within(bounds), slope, maxSteps);
  return descent;
}

/** Where a descent may go: a convex set, and how fast each variable moves in it. */
export interface Region {
  /** @param out overwritten: > 0 for each variable; Infinity = it costs nothing to move, and nothing falls with it */
  mobilities(at: Float64Array, out: Float64Array): void;
  /**
   * The point of the region nearest to a gradient step, in units of each variable's mobility: the minimum of
   * sum_i (x_i - at_i)^2 / (2 length mobility_i) + gradient_i x_i.
   *
   * @param out overwritten
   */
  nearest(
    at: Float64Array,
    gradient: Float64Array,
    mobility: Float64Array,
    length: number,
    out: Float64Array,
  ): void;
}

/** The mixtures within bounds. */
function within(bounds: Bounds): Region {
  return {
    mobilities(at, out) {
      for (let i = 0; i < at.length; i++) out[i] = Math.max(at[i], minMobility);
    },
    nearest: (at, gradient, mobility, length, out) =>
      stepWithin(at, gradient, mobility, length, bounds, out),
  };
}

function beginDescent(start: Float64Array, slope: Slope): Descent {
  const gradient = new Float64Array(start.length);
  const score = slope(start, gradient);
  return {
    weights: Float64Array.from(start),
    score,
    gradient,
    length: firstLength(gradient),
    hasEnded: false,
    steps: 0,
  };
}

/** Goes on for so many steps, or to the end. */
function* proceed(descent: Descent, region: Region, slope: Slope, most: number): Job<void> {
  const count = descent.weights.length;
  let trial = new Float64Array(count);
  let trialGradient = new Float64Array(count);
  const target = new Float64Array(count);
  const mobility = new Float64Array(count);
  for (let step = 0; step < most && !descent.hasEnded; step++) {
    if (descent.steps % 8 === 0) yield { done: descent.steps, total: maxSteps, unit: 'steps' };
    const { weights, gradient, score, length } = descent;
    region.mobilities(weights, mobility);
    region.nearest(weights, gradient, mobility, length, target);
    let promise = 0;
    for (let i = 0; i < count; i++) promise += gradient[i] * (target[i] - weights[i]);
    const isPromising = promise < -minImprovement * (1 + Math.abs(score));
    let share = 1;
    let next = Number.POSITIVE_INFINITY;
    for (; isPromising && share > 1e-9; share /= 2) {
      for (let i = 0; i < count; i++) trial[i] = weights[i] + share * (target[i] - weights[i]);
      next = slope(trial, trialGradient);
      if (next <= score + 1e-4 * share * promise) break;
    }
    if (!(next < score)) {
      descent.hasEnded = true;
      return;
    }
    let moved = 0;
    let turned = 0;
    for (let i = 0; i < count; i++) {
      const move = trial[i] - weights[i];
      moved += (move * move) / mobility[i];
      turned += move * (trialGradient[i] - gradient[i]);
    }
    descent.length = turned > 1e-300 ? Math.min(1e6, Math.max(1e-8, moved / turned)) : length * 4;
    [descent.weights, trial] = [trial, weights];
    [descent.gradient, trialGradient] = [trialGradient, gradient];
    descent.score = next;
    descent.steps++;
    descent.hasEnded = descent.steps >= maxSteps;
  }
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
  // The remainder from rounding goes to a weight that is not at its bound.
  let rest = 1 - sum;
  for (let i = 0; i < weights.length && Math.abs(rest) > 0; i++) {
    const moved = Math.min(upper[i], Math.max(lower[i], out[i] + rest));
    rest -= moved - out[i];
    out[i] = moved;
  }
}

/** Mixtures from which a descent finds the best of a smooth objective, the most promising first. */
export function startsFor(
  objective: Objective,
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Float64Array[] {
  const starts: Float64Array[] = [];
  for (const term of objective.terms) {
    for (const model of partsOf(term.model)) {
      const alone: Objective = {
        ...objective,
        kind: 'weighted',
        terms: [{ ...term, model }],
        kl: 0,
        seek: 'best',
      };
      if (hasExactOptimum(alone)) starts.push(solveExactly(alone, bounds));
    }
  }
  const count = starts.length;
  if (count > 1) {
    const mean = starts[0].map((_, domain) =>
      starts.reduce((sum, start) => sum + start[domain] / count, 0),
    );
    starts.unshift(projectToBounds(mean, bounds.lower, bounds.upper));
  }
  starts.push(projectToBounds(objective.prior, bounds.lower, bounds.upper), ...bestRuns);
  return starts;
}

function partsOf(model: Objective['terms'][number]['model']): readonly SmoothModel[] {
  if (model.kind === 'trees' || model.kind === 'onnx') return [];
  if (model.kind === 'corrected') return [model.law];
  return model.kind === 'sum' ? model.models : [model];
}

/** Whether every local minimum of the objective is global: laws of diminishing returns are convex. */
export function isConvex({ terms, kind, seek, unique }: Objective): boolean {
  if (seek === 'worst') return false;
  return terms.every((term) => {
    if (term.model.kind === 'linear' || term.model.kind === 'exponential') return unique === null;
    const alone: Objective = {
      kind,
      terms: [term],
      kl: 0,
      prior: new Float64Array(0),
      unique,
      seek,
    };
    return hasExactOptimum(alone);
  });
}

/** Corners of the bounded mixtures, one per domain: as much of it as its cap allows, the rest in order. */
function corners({ lower, upper, source }: Bounds): Float64Array[] {
  return Array.from(lower, (_, domain) => {
    const coefficients = new Float64Array(lower.length);
    coefficients[domain] = -1;
    const model: LinearModel = { kind: 'linear', intercept: 0, coefficients, penalty: 0 };
    return solveLinear(model, { lower, upper, source }, 1);
  });
}
