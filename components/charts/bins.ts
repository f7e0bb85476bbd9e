import { quantile } from '../../lib/regression/quantile';

export { quantile };

/** A histogram with bins of equal width. */
export interface Histogram {
  /** Left edge of the first bin, in the unit of the values. */
  readonly start: number;
  readonly width: number;
  /** Values per bin; a value on an inner edge counts to the right. */
  readonly counts: readonly number[];
}

const fewest = 8;
const most = 60;

/**
 * Counts finite values into bins of the width 2 IQR n^(-1/3) (Freedman and Diaconis 1981, "On the
 * histogram as a density estimator"), bounded to 8..60 bins. Equal values fill a single bin; no
 * values give no bins.
 */
export function histogram(values: ArrayLike<number>): Histogram {
  const sorted = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
  const n = sorted.length;
  if (n === 0) return { start: 0, width: 1, counts: [] };
  const low = sorted[0];
  const range = sorted[n - 1] - low;
  if (range === 0) {
    const width = low === 0 ? 1 : Math.abs(low) * 0.01;
    return { start: low - width / 2, width, counts: [n] };
  }
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const ideal = (2 * spread) / Math.cbrt(n);
  const bins = ideal > 0 ? Math.round(range / ideal) : most;
  const count = Math.max(fewest, Math.min(most, bins));
  const width = range / count;
  const counts = new Array<number>(count).fill(0);
  for (const value of sorted) counts[Math.min(count - 1, Math.floor((value - low) / width))]++;
  return { start: low, width, counts };
}

/**
 * Counts those values that are inside of a choice into the bins of all.
 *
 * @param inside one per value, 1 = counts
 * @returns values per bin of `bins`; values that are not finite count nowhere
 */
export function countInto(
  bins: Histogram,
  values: ArrayLike<number>,
  inside: Uint8Array,
): number[] {
  const counts = new Array<number>(bins.counts.length).fill(0);
  for (let index = 0; index < values.length; index++) {
    if (inside[index] !== 1 || !Number.isFinite(values[index])) continue;
    const bin = Math.floor((values[index] - bins.start) / bins.width);
    counts[Math.max(0, Math.min(counts.length - 1, bin))]++;
  }
  return counts;
}
