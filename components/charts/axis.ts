import { scaleLinear } from 'd3-scale';

/** A numeric axis: its range of values, where it is labelled, and how. */
export interface Axis {
  /** Smallest and largest value drawn; the first is below the second. */
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** What is measured, with its unit. */
  readonly title: string;
  readonly format: (value: number) => string;
}

/**
 * The range of values that shows all of `values` with some air: widened by `padding` of its length
 * on both sides. Equal or missing values get a range of length 1 (or 2% of the value) around them.
 */
export function paddedDomain(values: Iterable<number>, padding: number): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  if (low === high) {
    const half = low === 0 ? 0.5 : Math.abs(low) * 0.01;
    return [low - half, high + half];
  }
  const air = (high - low) * padding;
  return [low - air, high + air];
}

/** An axis over exactly `domain` with about `count` labels at round values. */
export function linearAxis(domain: readonly [number, number], count: number, title: string): Axis {
  const scale = scaleLinear().domain([domain[0], domain[1]]);
  return { domain, ticks: scale.ticks(count), title, format: scale.tickFormat(count) };
}

/** An axis of shares, labelled in percent. */
export function percentAxis(domain: readonly [number, number], count: number, title: string): Axis {
  const points = scaleLinear().domain([domain[0] * 100, domain[1] * 100]);
  const format = points.tickFormat(count);
  return {
    domain,
    ticks: points.ticks(count).map((value) => value / 100),
    title,
    format: (value) => `${format(value * 100)}%`,
  };
}

/** How many labels of about `labelWidth` pixels an axis of `length` pixels has room for: 2 to 10. */
export function tickCount(length: number, labelWidth: number): number {
  return Math.max(2, Math.min(10, Math.floor(length / (labelWidth * 1.8))));
}

/** The axis title of a quantity: `Pile CC loss (nats per token)`. */
export function axisTitle(name: string, unit: string): string {
  return unit === '' ? name : `${name} (${unit})`;
}
