import { formatNumber, plural } from '../format';
import type { PairedDifference } from './paired';

/** Who is compared, and on what. */
interface Compared {
  /** `the optimum`, `the prior`. */
  readonly candidate: string;
  readonly other: string;
  /** `Spanish loss`. */
  readonly target: string;
  readonly unit: string;
}

/** Which way it went: `open` when the interval holds zero or cannot be told. */
export function outcomeOf({ interval: [low, high] }: PairedDifference): 'wins' | 'loses' | 'open' {
  if (low > 0) return 'wins';
  return high < 0 ? 'loses' : 'open';
}

/**
 * What a paired difference says, in a sentence: no more than its interval does.
 *
 * @param unit of the target, `bits per byte`
 */
export function verdictText(
  difference: PairedDifference,
  { candidate, other, target, unit }: Compared,
): string {
  const { n, mean, half, level } = difference;
  const who = `${candidate.charAt(0).toUpperCase()}${candidate.slice(1)}`;
  const seeds = plural(n, 'seed');
  const size = formatNumber(Math.abs(mean), 3);
  if (n === 0) return `${who} and ${other} have no seed in common yet.`;
  const way = mean > 0 ? 'lower' : 'higher';
  if (n === 1) {
    return `${who} is ${size} ${unit} ${way} than ${other} on ${target} with one seed: chance may have done it, train two at least.`;
  }
  const amount = `${size} ± ${formatNumber(half, 3)} ${unit} on ${target}`;
  const basis = `${formatNumber(100 * level, 0)}% interval over ${seeds}`;
  switch (outcomeOf(difference)) {
    case 'wins':
      return `${who} beats ${other} by ${amount} (${basis}).`;
    case 'loses':
      return `${who} loses to ${other} by ${amount} (${basis}).`;
    case 'open':
      return `${who} and ${other} cannot be told apart on ${target}: ${candidate} is ${size} ± ${formatNumber(half, 3)} ${unit} ${way} (${basis}, which holds zero).`;
  }
}
