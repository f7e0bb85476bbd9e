import type { Job } from '../job';
import type { Bounds } from './types';

/** Share of the tokens that one move takes from a domain and gives to another, coarse to fine. */
export const stepSizes = [0.16, 0.08, 0.04, 0.02, 0.01, 0.005, 0.0025];
/** Ends a search over very many domains: about two seconds of 600 trees. */
const mostEvaluations = 80_000;
const evaluationsPerReport = 100;
/** Less than this is rounding, not progress. */
export const leastGain = 1e-9;

/** Where a search came to rest. */
export interface SearchResult {
  readonly weights: Float64Array;
  readonly score: number;
}

/**
 * Pattern search on the simplex for a model of any shape (Kolda, Lewis and Torczon 2003): weight is
 * moved between pairs of domains while that lowers the score, by ever smaller steps. Every mixture
 * on the way meets the bounds.
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
      while (improved && evaluations < mostEvaluations) {
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
            if (next < current - leastGain) {
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
