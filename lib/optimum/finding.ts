import { formatList, formatNumber, plural } from '../model/format';
import type { AtOptimum, Constraints } from '../model/limits';
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
 * `2 limits bind, 1 pinned`: what holds an optimum, wherever it is counted. A pin is no limit of the data, and
 * always binds, so it counts apart.
 *
 * @param binding indices of the domains at a bound, pinned ones among them
 * @param locked per domain the weight at which it is pinned; null = not
 */
export function bindingText(binding: readonly number[], locked: Constraints['locked']): string {
  const count = binding.filter((domain) => locked[domain] === null).length;
  const pins = locked.filter((weight) => weight !== null).length;
  const limits =
    count === 0 ? 'No limit binds' : `${plural(count, 'limit')} ${count === 1 ? 'binds' : 'bind'}`;
  return pins === 0 ? limits : `${limits}, ${pins} pinned`;
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
 * A predicted loss, or a difference of two: `2.018`, or `about 2.02` while what is taken off for choosing the best
 * of many is not known yet, which may change the last digit.
 */
export function lossText(value: number, isRough: boolean): string {
  return isRough ? `about ${formatNumber(value, 2)}` : formatNumber(value, 3);
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
  const why = isLess ? `choosing the ${seek} of many` : 'shrinkage of the fit to its mean';
  const isShown = optimism !== null && Number(by) !== 0;
  const corrected = isShown ? `, corrected by ${change > 0 ? '+' : '−'}${by} for ${why}` : '';
  const ends = interval?.map((end) => formatNumber(end, decimals));
  const band = ends ? `; ${level}% band ${ends[0]} to ${ends[1]}` : '';
  const inUnit = unit === '' ? '' : ` ${unit}`;
  return `${formatNumber(mean, decimals)}${inUnit}${corrected}${band}`;
}

/** What a mixture is predicted to reach on one target of several, in the target's unit. */
export interface TargetOutcome {
  readonly name: string;
  readonly direction: Direction;
  /** Its share of the objective, > 0; all sum to 1. */
  readonly weight: number;
  /** What the objective divides it by. */
  readonly scale: number;
  readonly prior: number;
  readonly predicted: number;
  /** The best that any allowed mixture is predicted to reach, where the worst-off is sought; else null. */
  readonly least: number | null;
}

/**
 * Several targets in a clause: how many of them get better than the prior, the best and those that get worse,
 * and the mean that was optimised or the worst-off. `for 5 targets at once, 4 better than the prior (English
 * most, by 0.312) and Spanish 0.208 worse; on average 0.068 better`.
 *
 * @param targets at least two
 * @param normalised whether the mean is taken in standard deviations of each target over the runs
 */
export function outcomeText(
  targets: readonly TargetOutcome[],
  { normalised }: { readonly normalised: boolean },
): string {
  const changes = targets.map((target) => {
    const way = target.direction === 'lower' ? 1 : -1;
    const gain = way * (target.prior - target.predicted);
    const toBest = target.least === null ? 0 : way * (target.predicted - target.least);
    return { ...target, gain, toBest, share: target.weight / target.scale };
  });
  const isShown = (gain: number) => Number(gain.toFixed(3)) !== 0;
  const shown = changes.filter(({ gain }) => isShown(gain));
  const same = changes.length - shown.length;
  const better = shown.filter(({ gain }) => gain > 0);
  const worse = shown.filter(({ gain }) => gain < 0);
  const parts = [
    ...(better.length > 0 ? [{ ...named(better, targets.length), word: 'better' }] : []),
    ...(worse.length > 0 ? [{ ...named(worse), word: 'worse' }] : []),
  ].map(
    ({ who, most, word }, place) => `${who} ${word}${place === 0 ? ' than the prior' : ''}${most}`,
  );
  if (same > 0) parts.push(`${same} unchanged`);
  const compared = shown.length === 0 ? 'none differs from the prior' : formatList(parts);
  return `for ${plural(targets.length, 'target')} at once, ${compared}; ${summary()}`;

  function summary(): string {
    if (targets.every(({ least }) => least !== null)) {
      const worst = changes.reduce((a, b) => (b.toBest / b.scale > a.toBest / a.scale ? b : a));
      const from = formatNumber(Math.max(0, worst.toBest), 3);
      return `worst off is ${worst.name}, ${from} from its own best`;
    }
    const mean = changes.reduce((sum, { gain, share }) => sum + share * gain, 0);
    if (!isShown(mean)) return 'on average the same';
    const by = `${formatNumber(Math.abs(mean), 3)}${normalised ? ' sd' : ''}`;
    return `on average ${by} ${mean > 0 ? 'better' : 'worse'}`;
  }
}

interface TargetChange {
  readonly name: string;
  readonly scale: number;
  /** In the target's unit: > 0 is better, < 0 worse, and none is 0. */
  readonly gain: number;
}

/**
 * Which targets change: one or two by their names, more by their number and the one that changes most.
 *
 * @param all number of targets in all: where they all get better, no number is needed
 */
function named(
  changes: readonly TargetChange[],
  all = Number.POSITIVE_INFINITY,
): { readonly who: string; readonly most: string } {
  const by = ({ gain }: TargetChange) => formatNumber(Math.abs(gain), 3);
  const isAll = changes.length === all;
  if (changes.length === 1 || (changes.length === 2 && !isAll && changes[0].gain < 0)) {
    return { who: formatList(changes.map((each) => `${each.name} ${by(each)}`)), most: '' };
  }
  const size = ({ gain, scale }: TargetChange) => Math.abs(gain / scale);
  const most = changes.reduce((a, b) => (size(b) > size(a) ? b : a));
  const count = isAll ? (all === 2 ? 'both' : 'all') : String(changes.length);
  return { who: count, most: ` (${most.name} most, by ${by(most)})` };
}
