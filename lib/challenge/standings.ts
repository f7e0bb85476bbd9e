import type { Scorer } from '../optimum/objective';
import type { Bounds } from '../optimum/types';
import { type BrokenLimit, brokenLimits } from './broken-limits';
import type { Entry } from './entries';

/** Scores that differ by less are the same: what rounding in another order leaves. */
const same = 1e-9;

/** A mixture with its place on the leaderboard. */
export interface Standing extends Entry {
  /** Of every term of the objective, in its target's unit. */
  readonly predictions: readonly number[];
  /** What is optimised, lower is better. */
  readonly score: number;
  readonly broken: readonly BrokenLimit[];
  /**
   * From 1; mixtures of one score share a rank, and the next one counts them all (1, 2, 2, 4). null for a
   * mixture that breaks a limit: it is listed where its score is, and takes no rank from others.
   */
  readonly rank: number | null;
}

/**
 * The leaderboard, best score first; equal scores keep their order. Entries without a score come last and
 * have no rank.
 *
 * @param scorer of the objective, made to seek the best
 */
export function standingsOf(
  entries: readonly Entry[],
  { score, predictions }: Pick<Scorer, 'score' | 'predictions'>,
  bounds: Bounds,
): Standing[] {
  const scored = entries.map((entry) => ({
    ...entry,
    predictions: predictions(entry.weights),
    score: score(entry.weights),
    broken: brokenLimits(entry.weights, bounds),
  }));
  const order = (value: number) => (Number.isFinite(value) ? value : Number.MAX_VALUE);
  scored.sort((a, b) => order(a.score) - order(b.score));
  let rank = 0;
  let counted = 0;
  let last = Number.NaN;
  return scored.map((entry) => {
    if (entry.broken.length > 0 || !Number.isFinite(entry.score)) return { ...entry, rank: null };
    counted++;
    if (!(Math.abs(entry.score - last) < same)) rank = counted;
    last = entry.score;
    return { ...entry, rank };
  });
}
