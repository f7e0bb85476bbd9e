/** Targets with two regimes: a loss that jumps where a mixture has nothing of one domain. */
import type { Job } from '../model/job';
import { columnOf, type Matrix } from '../model/matrix';
import type { RegimeRows, RegimeStatistics, Regimes } from '../model/regressor';
import { quantile, spearman } from '../model/statistics';
import { measuredRows, pickRows, type TargetRows } from './sample';

/** Each regime has that share of the runs at least, and so many. */
const leastShare = 0.1;
const leastRuns = 8;
/** Weights up to which a mixture may count as having none of a domain, tried in this order. */
const smallWeights = [0, 0.001, 0.01];
/** Runs looked at, chosen at random: more say no more of where two groups lie, and take time. */
const maxRows = 4_096;
/** Share of a regime's runs, at either end, that may lie between the two: where they pass into one another. */
const tail = 0.1;

/** A split of mixtures by one domain. */
export type RegimeSplit = Pick<Regimes, 'domain' | 'least'>;

/**
 * Whether the measured runs fall into two groups by whether they have any of one domain, both groups large,
 * and further apart in value than either is wide (each from its 10th to its 90th percentile).
 *
 * @param rows of the target, without its outliers
 * @param seed of which runs are looked at where there are very many
 * @returns null where there are no such groups, as for almost all targets
 */
export function* findRegimes(
  { features, values }: TargetRows,
  seed: number,
): Job<RegimeSplit | null> {
  const measured = measuredRows({ features, values });
  const rows = Array.from(pickRows(measured.length, maxRows, seed), (place) => measured[place]);
  const fewest = Math.max(leastRuns, Math.ceil(leastShare * rows.length));
  for (let domain = 0; domain < features.columns; domain++) {
    yield { done: domain, total: features.columns, unit: 'domains' };
    const weights = columnOf(features, domain);
    for (const least of smallWeights) {
      const without = rows.filter((row) => weights[row] <= least);
      const others = rows.filter((row) => weights[row] > least);
      if (Math.min(without.length, others.length) < fewest) continue;
      const sides = [without, others].map((side) => coreOf(side.map((row) => values[row])));
      const [low, high] = sides[0].low < sides[1].low ? sides : [sides[1], sides[0]];
      const width = Math.max(low.high - low.low, high.high - high.low);
      if (high.low - low.high > width) return { domain, least };
    }
  }
  return null;
}

function coreOf(values: readonly number[]) {
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
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
