/** Runs so far from the rest of their target that no fit uses them: diverged ones, most of all. */
import { quantile } from '../model/statistics';

/** Interquartile ranges beyond the quartiles. Of a million values of a normal distribution not one is there. */
const farRanges = 5;
/** With fewer runs the quartiles say too little. */
const minRuns = 8;
/** More than one such run and this share of all are a regime of the target, not accidents. */
const maxShare = 0.05;

/**
 * Rows whose value lies more than five interquartile ranges beyond the quartiles (Tukey 1977, section 2D,
 * whose "far out" is three), unless there are so many that they belong to the target.
 *
 * @param values N; NaN = not measured
 * @returns row indices, ascending
 */
export function outliersOf(values: Float64Array): number[] {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length < minRuns) return [];
  const low = quantile(sorted, 0.25);
  const high = quantile(sorted, 0.75);
  const reach = farRanges * (high - low);
  if (!(reach > 0)) return [];
  const far = Array.from(values.keys()).filter(
    (row) => values[row] < low - reach || values[row] > high + reach,
  );
  return far.length <= 1 + maxShare * sorted.length ? far : [];
}
