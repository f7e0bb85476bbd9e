/** Paired differences, Student's t-test, and a confidence sequence for looking at every seed. */

import { studentCdf, studentCritical } from '../model/student';

/** Differences of two candidates' losses, paired by seed. */
export interface PairedDifference {
  /** Seeds that both have finished with a finite loss. */
  readonly n: number;
  /** Mean of other - candidate (for losses): positive when the candidate is better. NaN without a pair. */
  readonly mean: number;
  /** Standard deviation of the differences; NaN with fewer than two. */
  readonly deviation: number;
  /** The differences, in the order of the seeds. */
  readonly differences: readonly number[];
}

/**
 * By how much `candidate` is lower than `other`: pairs share seed, initial parameters and where batches
 * begin, so that what these do to both cancels.
 */
export function pairedDifference(
  candidate: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): PairedDifference {
  const differences = [...candidate.keys()]
    .sort((a, b) => a - b)
    .map((seed) => (other.get(seed) ?? Number.NaN) - (candidate.get(seed) ?? Number.NaN))
    .filter(Number.isFinite);
  const n = differences.length;
  const mean = differences.reduce((sum, each) => sum + each, 0) / n;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const deviation = n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1));
  return { n, mean, deviation, differences };
}

/**
 * Two-sided p of Student's (1908) paired test that there is no difference, for one look at a number of
 * seeds planned before. It assumes normally distributed differences, which few seeds can neither show nor
 * refute.
 *
 * @returns 0..1; 1 where all differences are zero, NaN with fewer than two
 */
export function studentP({ n, mean, deviation }: PairedDifference): number {
  if (n < 2) return Number.NaN;
  return mean === 0 ? 1 : 2 * studentCdf((-Math.abs(mean) * Math.sqrt(n)) / deviation, n - 1);
}

/**
 * Half the length of Student's t-interval round the mean, for one look.
 *
 * @param level share of such intervals that hold the true difference, 0..1
 * @returns in the unit of the differences; NaN with fewer than two
 */
export function studentHalf({ n, deviation }: PairedDifference, level: number): number {
  return n < 2 ? Number.NaN : (studentCritical(level, n - 1) * deviation) / Math.sqrt(n);
}

/**
 * Variance of the normal mixture over (true difference / its standard deviation). Where mixtures differ at
 * all, differences are many times what they vary by over seeds: 13 and 27 times in docs/findings.md.
 */
const mixtureVariance = 100;

/**
 * Half the length of an interval that holds the true difference at every look at once, however often one
 * looks and whenever one stops: all mu with M_n(mu) < 1 / alpha, where M_n is the likelihood ratio of t under
 * a normal mixture over mu / sigma, of variance g, to t without a difference,
 *
 *   M_n = (1 + n g)^(-1/2) ((1 + t^2 / (n - 1)) / (1 + t^2 / ((n - 1) (1 + n g))))^(n/2).
 *
 * That is a martingale in what does not depend on the scale (Wang and Ramdas 2023, section 4, theorem 4.9,
 * who put this mixture in the place of Lai's 1976 flat one), so Ville's inequality holds for it; solved for t.
 *
 * @param level share of whole sequences that hold the true difference, 0..1
 * @returns in the unit of the differences; Infinity with too few for the level, NaN with none
 */
export function alwaysValidHalf({ n, deviation }: PairedDifference, level: number): number {
  if (n === 0) return Number.NaN;
  const spread = 1 + n * mixtureVariance;
  const ratio = (Math.sqrt(spread) / (1 - level)) ** (2 / n);
  if (n === 1 || ratio >= spread) return Number.POSITIVE_INFINITY;
  return deviation * Math.sqrt(((n - 1) * (ratio - 1)) / (1 - ratio / spread) / n);
}

/**
 * Holm's (1979) step-down p of several comparisons: those at most alpha are false in at most a share alpha of
 * families, however the comparisons depend on each other.
 *
 * @param values p of each comparison, 0..1; NaN counts as 1
 * @returns in the same order, 0..1
 */
export function holm(values: readonly number[]): number[] {
  const known = values.map((p) => (Number.isNaN(p) ? 1 : p));
  const order = known.map((_, place) => place).sort((a, b) => known[a] - known[b]);
  const adjusted = new Array<number>(known.length).fill(1);
  let least = 0;
  for (const [rank, place] of order.entries()) {
    least = Math.max(least, Math.min(1, (known.length - rank) * known[place]));
    adjusted[place] = least;
  }
  return adjusted;
}
