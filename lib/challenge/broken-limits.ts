import { formatPercent, listInWords } from '../format';
import type { Bounds } from '../optimum/types';
import type { Domain } from '../study/types';

/** A weight counts as outside of its bound beyond this: less than any page shows. */
const slack = 1e-6;

/** A bound that a mixture does not keep. */
export interface BrokenLimit {
  /** Its place in the study. */
  readonly domain: number;
  readonly kind: 'cap' | 'floor' | 'lock';
  /** Of the mixture, 0..1. */
  readonly weight: number;
  /** That is broken, 0..1. */
  readonly bound: number;
}

/**
 * The bounds that a mixture breaks, in the study's order of domains.
 *
 * @param weights D
 */
export function brokenLimits(
  weights: ArrayLike<number>,
  { lower, upper, source }: Bounds,
): BrokenLimit[] {
  return Array.from(weights).flatMap((weight, domain): BrokenLimit[] => {
    const isAbove = weight > upper[domain] + slack;
    if (!isAbove && weight >= lower[domain] - slack) return [];
    const kind = source[domain] === 'lock' ? 'lock' : isAbove ? 'cap' : 'floor';
    return [{ domain, kind, weight, bound: isAbove ? upper[domain] : lower[domain] }];
  });
}

const words = {
  cap: 'above its cap of',
  floor: 'below its least weight of',
  lock: 'not at its lock of',
};

/**
 * What a mixture breaks, in words: `English is above its cap of 12.0%`; empty when it keeps all limits.
 *
 * @param most limits that are named; the others are counted
 */
export function brokenInWords(
  domains: readonly Domain[],
  broken: readonly BrokenLimit[],
  most = 3,
): string {
  const named = broken
    .slice(0, most)
    .map(
      ({ domain, kind, bound }) =>
        `${domains[domain].name} is ${words[kind]} ${formatPercent(bound, 1)}`,
    );
  const rest = broken.length - named.length;
  return listInWords(rest > 0 ? [...named, `${rest} more`] : named);
}
