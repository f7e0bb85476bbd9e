/** Targets with two regimes: a loss that jumps where a mixture has nothing of one domain. */
import { columnOf, type Matrix } from '../model/matrix';
import type { RegimeRows, RegimeStatistics, Regimes } from '../model/regressor';
import { spearman } from '../model/statistics';
import { withoutOutliers } from './outliers';
import type { TargetRows } from './sample';

/** Each regime has that share of the runs at least, and so many. */
const leastShare = 0.1;
const leastRuns = 8;
/** Weights that can count as none of a domain. */
const smallWeight = 0.01;

/** A split of mixtures by one domain. */
export type RegimeSplit = Pick<Regimes, 'domain' | 'least'>;

/**
 * Whether the measured runs fall into two groups that are further apart in value than either is wide, both of
 * them large, and which of the two a run is in is told by whether it has any of one domain: at most a weight
 * of 1%, where the other group has more.
 *
 * @returns null where there are no such groups, as for almost all targets
 */
export function findRegimes({ features, values }: TargetRows): RegimeSplit | null {
  const kept = withoutOutliers(values);
  const rows = Array.from(kept.keys())
    .filter((row) => Number.isFinite(kept[row]))
    .sort((a, b) => kept[a] - kept[b]);
  const n = rows.length;
  const least = Math.max(leastRuns, Math.ceil(leastShare * n));
  let cut = least;
  for (let at = least; at <= n - least; at++) {
    if (gapBelow(at) > gapBelow(cut)) cut = at;
  }
  if (n < 2 * least) return null;
  const gap = gapBelow(cut);
  const width = Math.max(kept[rows[cut - 1]] - kept[rows[0]], kept[rows[n - 1]] - kept[rows[cut]]);
  if (!(gap > width)) return null;
  const sides = [rows.slice(0, cut), rows.slice(cut)];
  for (const [without, others] of [sides, [...sides].reverse()]) {
    for (let domain = 0; domain < features.columns; domain++) {
      const weights = columnOf(features, domain);
      const most = without.reduce((sum, row) => Math.max(sum, weights[row]), 0);
      if (most <= smallWeight && others.every((row) => weights[row] > most)) {
        return { domain, least: most };
      }
    }
  }
  return null;

  /** Distance of a row, in the order of values, from the one before. */
  function gapBelow(at: number): number {
    return kept[rows[at]] - kept[rows[at - 1]];
  }
}

/**
 * How either regime is predicted.
 *
 * @param predicted N, by fits that have not seen the rows
 */
export function judgeRegimes(
  { domain, least }: RegimeSplit,
  test: string | null,
  mixtures: Matrix,
  predicted: Float64Array,
  measured: Float64Array,
): RegimeRows {
  const weights = columnOf(mixtures, domain);
  const side = (isIn: (weight: number) => boolean): RegimeStatistics => {
    const rows = Array.from(measured.keys()).filter(
      (row) => Number.isFinite(measured[row] - predicted[row]) && isIn(weights[row]),
    );
    const a = Float64Array.from(rows, (row) => predicted[row]);
    const b = Float64Array.from(rows, (row) => measured[row]);
    const squares = a.reduce((sum, value, place) => sum + (value - b[place]) ** 2, 0);
    return {
      n: rows.length,
      spearman: spearman(a, b),
      rmse: rows.length === 0 ? Number.NaN : Math.sqrt(squares / rows.length),
    };
  };
  return {
    test,
    without: side((weight) => weight <= least),
    with: side((weight) => weight > least),
  };
}
