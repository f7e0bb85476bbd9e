import { studentCdf, studentReach } from './student';

/** What one candidate's losses are below another's, seed by seed. */
export interface PairedDifference {
  /** Seeds that both have finished. */
  readonly n: number;
  /** Mean of other - candidate (for losses): positive when the candidate is better. NaN without a pair. */
  readonly mean: number;
  /** Standard deviation of the differences; NaN with fewer than two. */
  readonly deviation: number;
  /** Half the length of the interval; NaN with fewer than two. */
  readonly half: number;
  /** The t-interval mean +- half; NaN with fewer than two pairs. */
  readonly interval: readonly [number, number];
  readonly level: number;
  /** Two-sided p of Student's paired test that there is no difference; NaN with fewer than two pairs. */
  readonly p: number;
  /** The differences, in the order of the seeds. */
  readonly differences: readonly number[];
}

/**
 * By how much `candidate` is lower than `other`: pairs share seed, initial parameters and where batches
 * begin, so that what these do to both cancels. The interval is Student's (1908) for paired differences with
 * n - 1 degrees of freedom. It takes differences as drawn from a normal distribution, which few seeds can
 * neither show nor refute.
 *
 * @param level share of such intervals that hold the true difference, 0..1
 */
export function pairedDifference(
  candidate: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
  level = 0.95,
): PairedDifference {
  const differences = [...candidate.keys()]
    .sort((a, b) => a - b)
    .flatMap((seed) => {
      const ours = candidate.get(seed);
      const theirs = other.get(seed);
      return ours === undefined || theirs === undefined ? [] : [theirs - ours];
    });
  const n = differences.length;
  const mean = differences.reduce((sum, each) => sum + each, 0) / n;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const deviation = n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1));
  const error = deviation / Math.sqrt(n);
  const half = n < 2 ? Number.NaN : studentReach(level, n - 1) * error;
  const p =
    n < 2 || (error === 0 && mean === 0)
      ? Number.NaN
      : 2 * studentCdf(-Math.abs(mean) / error, n - 1);
  return {
    n,
    mean,
    deviation,
    half,
    interval: [mean - half, mean + half],
    level,
    p,
    differences,
  };
}
