import type { SchedulePhase } from '../../lib/verify/schedule';

/** One phase of a domain's layer: a box over a stretch of the training. */
interface LayerPart {
  readonly from: number;
  readonly to: number;
  /** Stacked weights of what lies below, and with the domain's own. */
  readonly low: number;
  readonly high: number;
}

/** A domain with its weights over the training, on top of those before it. */
export interface Layer {
  /** Index in the study. */
  readonly domain: number;
  readonly parts: readonly LayerPart[];
}

/** Stacks the weights of every phase, the first of the order at the bottom. */
export function layersOf(
  schedule: readonly SchedulePhase[],
  order: readonly number[],
): readonly Layer[] {
  const tops = schedule.map(() => 0);
  return order.map((domain) => ({
    domain,
    parts: schedule.map(({ from, to, weights }, phase) => {
      const low = tops[phase];
      const high = low + weights[domain];
      tops[phase] = high;
      return { from, to, low, high };
    }),
  }));
}
