import type { Job } from '../job';
import { type Descent, descend, type Slope } from './descent';
import { createScorer } from './objective';
import { corners, isConvex, startsFor } from './starts';
import type { Bounds, Objective } from './types';
import { hasExactOptimum, solveExactly } from './water-filling';

/** Steps after which the less promising starts are given up. */
const trialSteps = 12;
/** Starts that are followed to their end where there may be several minima. */
const followed = 2;
/** Corners from which the worst mixture is looked for, and moves tried from each. */
const worstStarts = 6;
const mostMoves = 100_000;
/** How far a smoothed maximum may lie from the true one, coarse to fine, in units of the score. */
const temperatures = [0.1, 0.02, 0.004, 0.0008, 0.00015, 0.00003];

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
  const slope = slopeOf(objective);
  const { weights } = yield* descendFromBest(
    isConvex(objective) ? starts.slice(0, 1) : starts,
    bounds,
    slope,
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

function* descendFromBest(
  starts: readonly Float64Array[],
  bounds: Bounds,
  slope: Slope,
): Job<Descent> {
  const trials: Descent[] = [];
  for (const start of starts) {
    const most = starts.length > 1 ? trialSteps : undefined;
    trials.push(yield* descend(start, bounds, slope, most));
  }
  trials.sort((a, b) => a.score - b.score);
  if (starts.length === 1) return trials[0];
  let best = trials[0];
  for (const { weights } of trials.slice(0, followed)) {
    const found = yield* descend(weights, bounds, slope);
    if (found.score < best.score) best = found;
  }
  return best;
}

/** Least largest regret: the maximum is smoothed ever less, each descent starting from the last. */
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
      bounds,
      slopeOf(objective, least, temperature),
    );
    from = [weights];
  }
  return from[0];
}

/**
 * The mixture to stay away from. What is convex is worst in a corner of the bounds: from each of the
 * worst ones, as much weight as the bounds allow is moved between pairs of domains while that makes
 * it worse. What is not convex is then descended from there.
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
  const { weights } = yield* descendFromBest(settled, bounds, slopeOf(objective));
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
  for (let improved = true; improved && evaluations < mostMoves; ) {
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
