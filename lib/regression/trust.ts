/** How far runs can be trusted: the noise between repeats, and ranks across sizes. */
import { type Job, runJob } from '../model/job';
import { columnOf } from '../model/matrix';
import type { Direction } from '../model/regressor';
import { bootstrapInterval, spearman, standardDeviation } from '../model/statistics';
import type { RunTable } from '../model/study';
import { withoutOutliers } from './outliers';
import { measuredRows, numberMixtures, type TargetRows } from './sample';

/** How much a target varies when the same mixture is trained again. */
export interface NoiseFloor {
  /** Number of mixtures that were trained more than once, and of their runs. */
  readonly groups: number;
  readonly runs: number;
  /** Pooled standard deviation within groups, in the target's unit. */
  readonly sd: number;
  /**
   * Highest correlation with single runs that any predictor can reach, 0..1: sqrt(1 - sd^2 / variance),
   * the correlation of a value without noise with one that has it (Spearman 1904, on attenuation).
   */
  readonly ceiling: number;
}

/**
 * The noise of repeated mixtures: what training with another seed changes.
 *
 * @returns null when no mixture was measured twice
 */
export function noiseFloor(rows: TargetRows): NoiseFloor | null {
  const [mixtures] = runJob(numberMixtures([rows.features]));
  const measured = measuredRows(rows);
  const counts = new Int32Array(mixtures.length);
  const means = new Float64Array(mixtures.length);
  for (const row of measured) {
    const mixture = mixtures[row];
    counts[mixture]++;
    means[mixture] += (rows.values[row] - means[mixture]) / counts[mixture];
  }
  const groups = counts.filter((count) => count > 1);
  if (groups.length === 0) return null;
  const runs = groups.reduce((sum, count) => sum + count, 0);
  const squares = measured.reduce(
    (sum, row) => sum + (rows.values[row] - means[mixtures[row]]) ** 2,
    0,
  );
  const sd = Math.sqrt(squares / (runs - groups.length));
  const spread = standardDeviation(Float64Array.from(measured, (row) => rows.values[row]));
  return {
    groups: groups.length,
    runs,
    sd,
    ceiling: spread > 0 ? Math.sqrt(Math.max(0, 1 - (sd / spread) ** 2)) : 0,
  };
}

/** Whether two tables of runs, e.g. of two proxy sizes, rank their common mixtures alike. */
export interface RankAgreement {
  /** Names of the tables. */
  readonly first: string;
  readonly second: string;
  /** Mixtures that both have. */
  readonly n: number;
  readonly spearman: number;
  /** 95% bootstrap interval. */
  readonly interval: readonly [number, number];
}

const minShared = 3;

/**
 * Spearman's rho of a target between every two tables that share at least three mixtures; a mixture
 * that a table holds more than once counts with its mean. Outliers are left out, as fits do.
 *
 * @param target index of the target
 */
export function* rankAgreement(
  tables: readonly RunTable[],
  target: number,
  seed: number,
  direction: Direction = 'lower',
): Job<RankAgreement[]> {
  const numbers = yield* numberMixtures(tables.map(({ mixtures }) => mixtures));
  const byMixture = tables.map((table, index) =>
    meansByMixture(withoutOutliers(columnOf(table.losses, target), direction), numbers[index]),
  );
  const found: RankAgreement[] = [];
  for (let second = 1; second < tables.length; second++) {
    for (let first = 0; first < second; first++) {
      const a: number[] = [];
      const b: number[] = [];
      for (const [mixture, value] of byMixture[first]) {
        const other = byMixture[second].get(mixture);
        if (other === undefined) continue;
        a.push(value);
        b.push(other);
      }
      if (a.length < minShared) continue;
      yield { done: second, total: tables.length, unit: 'tables' };
      found.push({
        first: tables[first].name,
        second: tables[second].name,
        n: a.length,
        spearman: spearman(a, b),
        interval: bootstrapInterval(a, b, seed),
      });
    }
  }
  return found;
}

/** @param numbers which mixture each row is of */
function meansByMixture(values: Float64Array, numbers: Int32Array): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  values.forEach((value, row) => {
    if (!Number.isFinite(value)) return;
    const known = sums.get(numbers[row]) ?? { sum: 0, count: 0 };
    sums.set(numbers[row], { sum: known.sum + value, count: known.count + 1 });
  });
  return new Map([...sums].map(([mixture, { sum, count }]) => [mixture, sum / count]));
}
