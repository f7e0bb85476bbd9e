/** Scales, axes, sampling and histograms of charts with two axes. No React. */
import { scaleLinear } from 'd3-scale';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { betterText, unitBeside } from '../../lib/model/format';
import { quantile } from '../../lib/model/statistics';
import { shorten, widestText } from './text-fit';

/** Margins around the plot area, in pixels. */
interface Margin {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** The plot area and the map from values to pixels of the chart. */
export interface PlotScales {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(value: number): number;
  y(value: number): number;
}

/** A chart with two numeric axes. `y` without ticks draws neither labels nor gridlines for it. */
export interface PlotFrame {
  readonly width: number;
  readonly height: number;
  readonly margin: Margin;
  readonly x: Axis;
  readonly y: Axis;
}

export const labelSize = 12;

/** The titles of both axes as far as the chart has room: a name from a file may have 200 characters. */
export function fittedTitles({ width, height, x, y }: PlotFrame): {
  readonly x: string;
  readonly y: string;
} {
  return { x: shorten(x.title, labelSize, width), y: shorten(y.title, labelSize, height) };
}

/** Width of the labels and the rotated title of a vertical axis on the left. */
export function leftMargin(axis: Axis): number {
  return Math.ceil(widestText(axis.ticks.map(axis.format), labelSize)) + 8 + (axis.title ? 20 : 0);
}

export function plotScales({ width, height, margin, x, y }: PlotFrame): PlotScales {
  const left = margin.left;
  const right = Math.max(left + 1, width - margin.right);
  const top = margin.top;
  const bottom = Math.max(top + 1, height - margin.bottom);
  return {
    left,
    right,
    top,
    bottom,
    x: pixelScale(x.domain, [left, right]),
    y: pixelScale(y.domain, [bottom, top]),
  };
}

/**
 * Maps values to pixels, rounded to a hundredth: finer digits enlarge the page and may differ
 * between the server and the browser, whose exponentials do.
 */
function pixelScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): (value: number) => number {
  const scale = scaleLinear().domain([domain[0], domain[1]]).range([range[0], range[1]]);
  return (value) => Math.round(scale(value) * 100) / 100;
}

/** A numeric axis: its range of values, the positions of its labels, and their format. */
export interface Axis {
  /** Smallest and largest value drawn; the first is below the second. */
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** What is measured, with its unit. */
  readonly title: string;
  readonly format: (value: number) => string;
}

/**
 * The range that shows all of `values` with some padding: widened by `padding` of its length on
 * both sides. Equal or missing values get a range of length 1 (or 2% of the value) around them.
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

/** How many labels of about `labelWidth` pixels fit on an axis of `length` pixels: 2 to 10. */
export function tickCount(length: number, labelWidth: number): number {
  return Math.max(2, Math.min(10, Math.floor(length / (labelWidth * 1.8))));
}

/** A linear axis to be laid out. */
export interface LinearRange {
  readonly range: readonly [number, number];
  readonly title: string;
}

/**
 * The frame of a plot of two linear axes, its left margin as wide as the labels of the vertical one.
 *
 * @param size pixels
 * @param x `labelWidth`: pixels of a label
 * @param top pixels above the plot
 */
export function linearFrame(
  size: { readonly width: number; readonly height: number },
  x: LinearRange & { readonly labelWidth: number },
  y: LinearRange,
  top = 12,
): PlotFrame {
  const yAxis = linearAxis(y.range, 5, y.title);
  const margin = { top, right: 20, bottom: 42, left: leftMargin(yAxis) };
  const ticks = tickCount(size.width - margin.left, x.labelWidth);
  return { ...size, margin, x: linearAxis(x.range, ticks, x.title), y: yAxis };
}

/**
 * The axis title of a quantity: `Pile CC loss (nats per token)`, the unit once, and of a score that higher is
 * better, as few other axes are.
 */
export function axisTitle(name: string, unit: string, direction?: 'lower' | 'higher'): string {
  const beside = unitBeside(name, unit);
  const quantity = beside === '' ? name : `${name} (${beside})`;
  return direction === 'higher' ? `${quantity}, ${betterText(direction)}` : quantity;
}

/**
 * Index of the item nearest to (x, y), or null when none lies within `reach` pixels.
 *
 * @param place the item's pixel
 */
export function nearestPoint<Item>(
  items: readonly Item[],
  place: (item: Item) => readonly [number, number],
  x: number,
  y: number,
  reach: number,
): number | null {
  let nearest: number | null = null;
  let least = reach * reach;
  items.forEach((item, index) => {
    const [itemX, itemY] = place(item);
    const distance = (itemX - x) ** 2 + (itemY - y) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = index;
    }
  });
  return nearest;
}

/**
 * Indices 0..n-1 when there are at most `limit`, else `limit` of them drawn without replacement, in
 * ascending order. The same seed draws the same indices.
 */
export function subsample(n: number, limit: number, seed: number): number[] {
  const indices = Array.from({ length: n }, (_, index) => index);
  if (n <= limit) return indices;
  const random = xoroshiro128plus(seed);
  for (let place = 0; place < limit; place++) {
    const other = uniformInt(random, place, n - 1);
    [indices[place], indices[other]] = [indices[other], indices[place]];
  }
  return indices.slice(0, limit).sort((a, b) => a - b);
}

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
 * Counts the values inside a selection into the bins of all values.
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
