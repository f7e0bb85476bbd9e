import { scaleLinear } from 'd3-scale';
import type { Axis } from './axis';
import { widestText } from './text-fit';

/** Room around the plot area, in pixels. */
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

/** Room that the labels and the turned title of a vertical axis take on the left. */
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
 * Maps values to pixels, to a hundredth: finer digits lengthen the page, and may differ between the
 * server and the browser, whose exponentials do.
 */
export function pixelScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): (value: number) => number {
  const scale = scaleLinear().domain([domain[0], domain[1]]).range([range[0], range[1]]);
  return (value) => Math.round(scale(value) * 100) / 100;
}
