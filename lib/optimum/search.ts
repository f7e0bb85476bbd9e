/** Pair search for models without gradients, one start after the other or all at once. */
import type { Job } from '../model/job';
import type { Bounds } from '../model/limits';
import { type Matrix, rowOf, zeros } from '../model/matrix';

/** Share of the tokens that one move takes from a domain and gives to another, coarse to fine. */
const stepSizes = [0.16, 0.08, 0.04, 0.02, 0.01, 0.005, 0.0025];
/** Ends a search over very many domains: about two seconds of 600 trees. */
const maxEvaluations = 80_000;
const evaluationsPerReport = 100;
/** Smaller improvements are rounding errors. */
const minGain = 1e-9;

/** Result of a search. */
export interface SearchResult {
  readonly weights: Float64Array;
  readonly score: number;
}

/**
 * Pattern search on the simplex for a model of any shape (Kolda, Lewis and Torczon 2003): weight is moved
 * between pairs of domains while that lowers the score, by ever smaller steps. Every intermediate mixture
 * meets the bounds.
 *
 * @param starts mixtures within the bounds, at least one
 * @param score of one mixture, lower is better
 */
export function* searchPairs(
  starts: readonly Float64Array[],
  bounds: Bounds,
  score: (mixture: Float64Array) => number,
): Job<SearchResult> {
  let best: SearchResult | null = null;
  let evaluations = 0;
  for (const [index, start] of starts.entries()) {
    const weights = Float64Array.from(start);
    let current = score(weights);
    for (const step of stepSizes) {
      let improved = true;
      while (improved && evaluations < maxEvaluations) {
        improved = false;
        for (let from = 0; from < weights.length; from++) {
          for (let to = 0; to < weights.length; to++) {
            if (from === to) continue;
            const moved = Math.min(
              step,
              weights[from] - bounds.lower[from],
              bounds.upper[to] - weights[to],
            );
            if (moved < step / 8) continue;
            const [before, after] = [weights[from], weights[to]];
            weights[from] = before - moved;
            weights[to] = after + moved;
            const next = score(weights);
            evaluations++;
            if (next < current - minGain) {
              current = next;
              improved = true;
            } else {
              weights[from] = before;
              weights[to] = after;
            }
            if (evaluations % evaluationsPerReport === 0) {
              yield { done: index, total: starts.length, unit: 'starts' };
            }
          }
        }
      }
    }
    if (best === null || current < best.score) best = { weights, score: current };
  }
  if (best === null) throw new RangeError('a search needs at least one start');
  return best;
}

/** Maximum number of mixtures scored. */
const maxScored = 600_000;
/** Maximum number of weights in one batch, 16 MB; further starts wait for the next round. */
const maxWeights = 2_000_000;

interface Walker {
  weights: Float64Array;
  score: number;
  /** Index of its step in `stepSizes`. */
  step: number;
}

/** How much weight may be moved from one domain to another, up to a step; too little is not tried. */
export type Room = (weights: Float64Array, from: number, to: number, step: number) => number;

/** Room within bounds alone. */
function roomWithin({ lower, upper }: Bounds): Room {
  return (weights, from, to, step) =>
    Math.min(step, weights[from] - lower[from], upper[to] - weights[to]);
}

/**
 * Like `searchPairs`, for a model that is scored in batches with high latency: all starts advance together,
 * each by its best move. Of many domains (above 125) only the heaviest give weight away.
 *
 * @param starts mixtures within the bounds, at least one
 * @param scoreAll scores of many mixtures, lower is better
 * @param room what limits a move; absent = the bounds
 */
export function* searchInBatches(
  starts: readonly Float64Array[],
  bounds: Bounds,
  scoreAll: (mixtures: Matrix) => Job<Float64Array>,
  room = roomWithin(bounds),
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
  while (evaluations < maxScored) {
    const moves: { readonly walker: Walker; readonly weights: Float64Array }[] = [];
    for (const walker of walkers) {
      if (moves.length * first.columns >= maxWeights) break;
      for (const weights of movesOf(walker, room)) moves.push({ walker, weights });
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
      if (found[row] < walker.score - minGain) {
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

/** All mixtures one step away; steps that are too long for the bounds are skipped. */
function movesOf(walker: Walker, room: Room): Float64Array[] {
  const { weights } = walker;
  const donors = Math.max(1, Math.floor(maxWeights / weights.length ** 2));
  const heaviest = Array.from(weights.keys())
    .sort((a, b) => weights[b] - weights[a] || a - b)
    .slice(0, donors);
  for (; walker.step < stepSizes.length; walker.step++) {
    const step = stepSizes[walker.step];
    const moves: Float64Array[] = [];
    for (const from of heaviest) {
      for (let to = 0; to < weights.length; to++) {
        if (from === to) continue;
        const moved = room(weights, from, to, step);
        if (moved < step / 8) continue;
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
