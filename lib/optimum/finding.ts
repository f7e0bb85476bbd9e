import { formatNumber } from '../model/format';
import type { AtOptimum } from '../model/limits';
import type { BandLevel, Bands, Direction } from '../model/regressor';
import type { Domain } from '../model/study';
import { bandAt } from '../regression/bands';

/** One weight worth naming, the largest first. */
export interface NamedWeight {
  readonly index: number;
  readonly name: string;
  readonly weight: number;
}

/**
 * The weights that a sentence should name: the largest ones, at most `most`, each at least 1%.
 * A mixture that spreads thinner than that is named by its largest weight alone.
 */
export function leadingWeights(
  domains: readonly Domain[],
  weights: Float64Array,
  most = 3,
): NamedWeight[] {
  const sorted = domains
    .map((domain, index) => ({ index, name: domain.name, weight: weights[index] }))
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  const worthNaming = sorted.slice(0, most).filter(({ weight }) => weight >= 0.01);
  return worthNaming.length > 0 ? worthNaming : sorted.slice(0, 1);
}

/**
 * Whether a prediction lies so far outside of what was measured that it is implausible: farther beyond the
 * worst or best run than these are apart, as happens with linear models.
 *
 * @param measured ascending, at least one
 */
export function isImplausible(predicted: number, measured: Float64Array): boolean {
  const low = measured[0];
  const high = measured[measured.length - 1];
  const range = high - low;
  return predicted < low - range || predicted > high + range;
}

/** Normal quantiles of the shares that bands hold. */
const deviations: Readonly<Record<BandLevel, number>> = { 80: 1.2816, 90: 1.6449, 95: 1.96 };

/** What is predicted for an optimum, in the target's unit. */
export interface PredictedOptimum {
  /** The prediction less its expected optimism. */
  readonly mean: number;
  /** Holds a run on the optimum; null where there are too few runs for the level. */
  readonly interval: readonly [number, number] | null;
  /** What was taken off the prediction; null while it is not known. */
  readonly optimism: number | null;
}

/**
 * Corrects a prediction for an optimum. Its band is that of unseen runs with that prediction, widened by how
 * far refits err at optima of their own: errors of both kinds are taken for independent.
 *
 * @param predicted the fit's prediction at the optimum
 * @param at null where the regressor is not refitted, and until it is
 */
export function predictedAt(
  predicted: number,
  bands: Bands | null,
  level: BandLevel,
  at: AtOptimum | null,
): PredictedOptimum {
  const mean = predicted - (at?.optimism ?? 0);
  const unseen = bands && bandAt(bands, level, predicted);
  const half = unseen === null ? null : Math.hypot(unseen, deviations[level] * (at?.spread ?? 0));
  return {
    mean,
    interval: half === null ? null : [mean - half, mean + half],
    optimism: at?.optimism ?? null,
  };
}

/**
 * `2.31, corrected by +0.02 for choosing the best of many; 90% band 2.24 to 2.38`. A correction the other way
 * makes up for how far a fit of few runs is drawn to their mean.
 */
export function predictionText(
  { mean, interval, optimism }: PredictedOptimum,
  level: BandLevel,
  { seek, direction }: { readonly seek: 'best' | 'worst'; readonly direction: Direction },
  { decimals = 3, unit = '' } = {},
): string {
  const change = -(optimism ?? 0);
  const by = formatNumber(Math.abs(change), decimals);
  const isLess = change > 0 === ((seek === 'best') === (direction === 'lower'));
  const why = isLess ? `choosing the ${seek} of many` : 'the pull of the fit to its mean';
  const isShown = optimism !== null && Number(by) !== 0;
  const corrected = isShown ? `, corrected by ${change > 0 ? '+' : '−'}${by} for ${why}` : '';
  const ends = interval?.map((end) => formatNumber(end, decimals));
  const band = ends ? `; ${level}% band ${ends[0]} to ${ends[1]}` : '';
  const inUnit = unit === '' ? '' : ` ${unit}`;
  return `${formatNumber(mean, decimals)}${inUnit}${corrected}${band}`;
}
