import { type Axis, axisTitle, linearAxis, paddedDomain } from './axis';
import { labelSize, leftMargin, type PlotFrame } from './plot-geometry';
import { textWidth } from './text-fit';

/** How well a fit to n proxies predicts, over random subsets of n. */
export interface CurvePoint {
  /** Proxies in a subset, >= 1. */
  readonly n: number;
  /** Mean over subsets; NaN = not known. */
  readonly mean: number;
  /** Ends of the spread over subsets. */
  readonly low: number;
  readonly high: number;
}

/** The curve over the base-2 logarithm of n: that is what its x scale maps. */
export function curveFrame(
  points: readonly CurvePoint[],
  title: { readonly quantity: string; readonly unit: string },
  noiseCeiling: number | null,
  width: number,
  height: number,
): PlotFrame {
  const values = points.flatMap(({ mean, low, high }) => [mean, low, high]);
  const y = linearAxis(
    paddedDomain(noiseCeiling === null ? values : [...values, noiseCeiling], 0.1),
    5,
    axisTitle(title.quantity, title.unit),
  );
  const margin = { top: 22, right: 24, bottom: 42, left: leftMargin(y) };
  const x = proxiesAxis(
    points.map(({ n }) => n),
    width - margin.left - margin.right,
  );
  return { width, height, margin, x, y };
}

/**
 * An axis of proxies in steps of a factor, labelled at the numbers that were fitted; where two labels
 * would touch, the larger number keeps its own.
 *
 * @param length pixels of the axis
 */
export function proxiesAxis(numbers: readonly number[], length: number): Axis {
  const domain = paddedDomain(numbers.map(Math.log2), 0.05);
  const pixels = (value: number) => ((value - domain[0]) / (domain[1] - domain[0])) * length;
  const format = (value: number) => Math.round(2 ** value).toLocaleString('en');
  const ticks: number[] = [];
  let edge = Number.POSITIVE_INFINITY;
  for (const tick of numbers.map(Math.log2).sort((a, b) => b - a)) {
    const half = textWidth(format(tick), labelSize) / 2;
    if (pixels(tick) + half > edge - 6) continue;
    ticks.unshift(tick);
    edge = pixels(tick) - half;
  }
  return { domain, ticks, title: 'proxies (runs, log scale)', format };
}
