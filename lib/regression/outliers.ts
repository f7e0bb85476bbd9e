/**
 * Runs far from the rest of their target, diverged ones most of all: by their value, so that no fit uses them,
 * or by what other runs predict for their mixture.
 */
import { formatNumber } from '../model/format';
import type { Bands, Direction, FitReport } from '../model/regressor';
import { quantile, robustDeviation } from '../model/statistics';
import type { RunTable, Target } from '../model/study';
import { scaleAt } from './bands';

/** Interquartile ranges beyond the quartiles. Of a million values of a normal distribution not one is there. */
const farRanges = 5;
/** With fewer runs the quartiles say too little. */
const minRuns = 8;
/** More than one such run and this share of all are a regime of the target, not accidents. */
const maxShare = 0.05;

/**
 * Rows whose value lies more than five interquartile ranges beyond the quartile of the worse ones (Tukey 1977,
 * section 2D, whose "far out" is three), unless there are so many that they belong to the target. A run can
 * diverge to the worse side only: far better ones are what is sought.
 *
 * @param values N; NaN = not measured
 * @param direction which way is better; null = unknown, so that either side is far
 * @returns row indices, ascending
 */
export function outliersOf(values: Float64Array, direction: Direction | null): number[] {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length < minRuns) return [];
  const low = quantile(sorted, 0.25);
  const high = quantile(sorted, 0.75);
  const reach = farRanges * (high - low);
  if (!(reach > 0)) return [];
  const far = Array.from(values.keys()).filter(
    (row) =>
      (direction !== 'lower' && values[row] < low - reach) ||
      (direction !== 'higher' && values[row] > high + reach),
  );
  return far.length <= 1 + maxShare * sorted.length ? far : [];
}

/** The values without those of {@link outliersOf outliers}, which are NaN as if they were not measured. */
export function withoutOutliers(values: Float64Array, direction: Direction): Float64Array {
  return withoutRows(values, outliersOf(values, direction));
}

/** The values, with those of some rows NaN as if they were not measured. */
export function withoutRows(values: Float64Array, rows: readonly number[]): Float64Array {
  const kept = Float64Array.from(values);
  for (const row of rows) kept[row] = Number.NaN;
  return kept;
}

/** Robust standard deviations of the residuals from which on a run can be a suspect. */
const farDeviations = 6;
/** Residuals have long tails: a suspect is so many times further than the farthest of the rest. */
const apart = 3;
const suspectShare = 0.02;
/** Fewer residuals say too little of how far is far. */
const minResiduals = 16;

/**
 * Rows whose value is far from what fits without them predict: beyond six robust standard deviations
 * ({@link robustDeviation}), each residual on the scale that bands have at its
 * prediction, and more than three times as far as all other rows. They are fitted, but robust fits hardly heed them.
 *
 * @param values N; NaN = not measured, or known to be an outlier
 * @param predicted N, by fits that have not seen the row
 * @returns row indices, ascending; 1 + 2% of the rows at most
 */
export function suspectsOf(
  values: Float64Array,
  predicted: Float64Array,
  scale: Pick<Bands, 'centre' | 'spread' | 'slope'>,
): number[] {
  const residuals = Array.from(values.keys())
    .map((row) => ({
      row,
      residual: (values[row] - predicted[row]) / scaleAt(scale, predicted[row]),
    }))
    .filter(({ residual }) => Number.isFinite(residual));
  if (residuals.length < minResiduals) return [];
  const sizes = Float64Array.from(residuals, ({ residual }) => residual).sort();
  const middle = quantile(sizes, 0.5);
  const distances = residuals
    .map(({ row, residual }) => ({ row, distance: Math.abs(residual - middle) }))
    .sort((a, b) => b.distance - a.distance);
  const far = farDeviations * robustDeviation(sizes, middle);
  if (!(far > 0)) return [];
  for (let count = 1 + Math.floor(suspectShare * residuals.length); count > 0; count--) {
    const { distance } = distances[count - 1];
    if (distance > far && distance > apart * distances[count].distance) {
      const suspects = distances.slice(0, count).map(({ row }) => row);
      return suspects.sort((a, b) => a - b);
    }
  }
  return [];
}

/** A run that is far from the rest, as it is named. */
export interface FarRun {
  readonly id: string;
  /** Whether fits see it: a suspect they do, an outlier they do not. */
  readonly isFitted: boolean;
  /** `Run 137: Pile-CC loss 10.82, the rest are between 4.9 and 6.1.` */
  readonly text: string;
}

/**
 * The runs that a fit found far from the rest of its target, in a sentence each, those not fitted first.
 *
 * @param values N values of the target
 */
export function farRuns(
  { ids }: Pick<RunTable, 'ids'>,
  { name }: Pick<Target, 'name'>,
  values: Float64Array,
  { outliers, suspects, outOfFold }: Pick<FitReport, 'outliers' | 'suspects' | 'outOfFold'>,
): FarRun[] {
  const out = new Set(outliers);
  const rest = values.filter((value, row) => Number.isFinite(value) && !out.has(row)).sort();
  const [low, high] = [rest.at(0) ?? Number.NaN, rest.at(-1) ?? Number.NaN];
  const says = (row: number) => `Run ${ids[row]}: ${name} ${formatNumber(values[row], 3)}`;
  return [
    ...outliers.map((row) => ({
      id: ids[row],
      isFitted: false,
      text: `${says(row)}, the rest are between ${formatNumber(low, 2)} and ${formatNumber(high, 2)}.`,
    })),
    ...suspects.map((row) => ({
      id: ids[row],
      isFitted: true,
      text: `${says(row)}, fits without it predict ${formatNumber(outOfFold[row], 3)}.`,
    })),
  ];
}
