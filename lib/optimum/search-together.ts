import type { Job } from '../job';
import { type Matrix, rowOf, zeros } from '../matrix';
import { leastGain, type SearchResult, stepSizes } from './search';
import type { Bounds } from './types';

/** Mixtures scored at most. */
const mostEvaluations = 600_000;
/** Weights in one batch, 16 MB: starts beyond it wait for the next round. */
const mostWeights = 2_000_000;

interface Walker {
  weights: Float64Array;
  score: number;
  /** Place of its step in `stepSizes`. */
  step: number;
}

/**
 * The search of `searchPairs` for a model that is scored in batches, far apart: all starts advance
 * together, each by the best of its moves. Of many domains (above 125) only the heaviest give weight away.
 *
 * @param starts mixtures within the bounds, at least one
 * @param scoreAll scores of many mixtures, lower is better
 */
export function* searchTogether(
  starts: readonly Float64Array[],
  bounds: Bounds,
  scoreAll: (mixtures: Matrix) => Job<Float64Array>,
): Job<SearchResult> {
  if (starts.length === 0) throw new RangeError('a search needs at least one start');
  const first = zeros(starts.length, starts[0].length);
  starts.forEach((start, row) => {
    first.values.set(start, row * first.columns);
  });
  const scores = yield* scoreAll(first);
  const walkers = starts.map((start, row): Walker => {
    return { weights: Float64Array.from(start), score: scores[row], step: 0 };
  });
  let evaluations = starts.length;
  while (evaluations < mostEvaluations) {
    const moves: { readonly walker: Walker; readonly weights: Float64Array }[] = [];
    for (const walker of walkers) {
      if (moves.length * first.columns >= mostWeights) break;
      for (const weights of movesOf(walker, bounds)) moves.push({ walker, weights });
    }
    if (moves.length === 0) break;
    const batch = zeros(moves.length, first.columns);
    moves.forEach(({ weights }, row) => {
      batch.values.set(weights, row * batch.columns);
    });
    const found = yield* scoreAll(batch);
    evaluations += moves.length;
    const best = new Map<Walker, number>();
    moves.forEach(({ walker }, row) => {
      const before = best.get(walker);
      if (before === undefined || found[row] < found[before]) best.set(walker, row);
    });
    for (const [walker, row] of best) {
      if (found[row] < walker.score - leastGain) {
        walker.weights = Float64Array.from(rowOf(batch, row));
        walker.score = found[row];
      } else {
        walker.step++;
      }
    }
    const left = walkers.filter(({ step }) => step < stepSizes.length).length;
    yield { done: walkers.length - left, total: walkers.length, unit: 'starts' };
  }
  const [{ weights, score }] = walkers.sort((a, b) => a.score - b.score);
  return { weights, score };
}

/** All mixtures one step away; steps that are too long for the bounds are left behind. */
function movesOf(walker: Walker, { lower, upper }: Bounds): Float64Array[] {
  const { weights } = walker;
  const givers = Math.max(1, Math.floor(mostWeights / weights.length ** 2));
  const heaviest = Array.from(weights.keys())
    .sort((a, b) => weights[b] - weights[a] || a - b)
    .slice(0, givers);
  for (; walker.step < stepSizes.length; walker.step++) {
    const step = stepSizes[walker.step];
    const moves: Float64Array[] = [];
    for (const from of heaviest) {
      for (let to = 0; to < weights.length; to++) {
        const moved = Math.min(step, weights[from] - lower[from], upper[to] - weights[to]);
        if (from === to || moved < step / 8) continue;
        const next = weights.slice();
        next[from] -= moved;
        next[to] += moved;
        moves.push(next);
      }
    }
    if (moves.length > 0) return moves;
  }
  return [];
}
