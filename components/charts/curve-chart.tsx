'use client';

/** The learning curve as a chart, with its axes and the labels at its points. */
import { useCallback, useMemo } from 'react';
import { formatNumber } from '../../lib/model/format';
import { PlotBox, usePlot } from './plot-box';
import {
  type Axis,
  axisTitle,
  labelSize,
  leftMargin,
  linearAxis,
  type PlotFrame,
  type PlotScales,
  paddedDomain,
} from './plot-geometry';
import { outlined, type PlotSeries } from './plot-series';
import { textWidth } from './text-fit';

const height = 280;
const initialWidth = 480;

/** How a fit improves with more proxies: the mean over splits, with their spread. */
export function CurveChart({
  points,
  quantity,
  unit,
  noiseCeiling,
  empty = 'The curve is drawn here once its fits are ready.',
}: {
  /** Ascending in n. */
  points: readonly CurvePoint[];
  /** What was measured: `Spearman’s rho`, `RMSE`. */
  quantity: string;
  /** Empty when unitless. */
  unit: string;
  /** What a perfect fit would reach on runs as noisy as these; null = not known. */
  noiseCeiling: number | null;
  /** The sentence shown instead of the chart while there are no points. */
  empty?: string;
}) {
  const known = useMemo(() => points.filter(({ mean }) => Number.isFinite(mean)), [points]);
  const frameOf = useCallback(
    (width: number) => curveFrame(known, { quantity, unit }, noiseCeiling, width, height),
    [known, quantity, unit, noiseCeiling],
  );
  const plot = usePlot(initialWidth, frameOf);
  const series = useMemo(() => [seriesOf(known, quantity)], [known, quantity]);
  const levels = useMemo(
    () =>
      noiseCeiling === null
        ? []
        : [
            {
              name: `noise ceiling ${formatNumber(noiseCeiling, 3)}`,
              y: noiseCeiling,
              at: 'left' as const,
            },
          ],
    [noiseCeiling],
  );
  return (
    <PlotBox
      plot={plot}
      label={summarise(known, quantity, unit, noiseCeiling)}
      empty={known.length === 0 ? empty : null}
      series={series}
      levels={levels}
    >
      {known.length > 0 && <Values points={known} scales={plot.scales} />}
    </PlotBox>
  );
}

/** The means with their spread, over the base-2 logarithm of n. */
function seriesOf(points: readonly CurvePoint[], name: string): PlotSeries {
  return {
    kind: 'line',
    name,
    color: 'var(--accent)',
    width: 2,
    dot: 4,
    points: points.map(({ n, mean, low, high }) => ({
      x: Math.log2(n),
      y: mean,
      low,
      high,
      text: `${formatNumber(mean, 3)} (${formatNumber(low, 3)} to ${formatNumber(high, 3)})`,
    })),
  };
}

/**
 * Labels the means with their values on the side of the whiskers that the curve leaves free (below
 * a rising one), as many as fit side by side, and always the last.
 */
function Values({ points, scales }: { points: readonly CurvePoint[]; scales: PlotScales }) {
  const shown: { text: string; x: number; y: number }[] = [];
  const rises = points[points.length - 1].mean >= points[0].mean;
  let edge = Number.POSITIVE_INFINITY;
  for (const point of points.toReversed()) {
    const x = scales.x(Math.log2(point.n));
    const text = formatNumber(point.mean, 3);
    const half = textWidth(text, 12) / 2;
    if (x + half > edge) continue;
    const y = rises
      ? scales.y(Math.min(point.mean, point.low)) + 17
      : scales.y(Math.max(point.mean, point.high)) - 7;
    shown.push({ text, x, y });
    edge = x - half - 4;
  }
  return (
    <g fontSize={labelSize} textAnchor="middle" fill="var(--ink)" {...outlined}>
      {shown.map(({ text, x, y }) => (
        <text key={x} x={x} y={y}>
          {text}
        </text>
      ))}
    </g>
  );
}

function summarise(
  points: readonly CurvePoint[],
  quantity: string,
  unit: string,
  noiseCeiling: number | null,
): string {
  const measured = points.map(({ n, mean, low, high }) => {
    const spread = `${formatNumber(low, 3)} to ${formatNumber(high, 3)}`;
    return `${n.toLocaleString('en')}: ${formatNumber(mean, 3)} (${spread})`;
  });
  const ceiling =
    noiseCeiling === null
      ? ''
      : ` Noise ceiling ${formatNumber(noiseCeiling, 3)}${unit && ` ${unit}`}.`;
  return `${quantity}${unit && ` in ${unit}`} by number of proxies, mean and spread over subsets. ${measured.join(', ')}.${ceiling}`;
}

/** How well a fit to n proxies predicts, over splits. */
export interface CurvePoint {
  /** Proxies in a subset, >= 1. */
  readonly n: number;
  /** Mean over subsets; NaN = not known. */
  readonly mean: number;
  /** Ends of the spread over subsets. */
  readonly low: number;
  readonly high: number;
}

/** The curve over the base-2 logarithm of n, which is the domain of its x scale. */
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
 * An axis of proxies on a logarithmic scale, labelled at the fitted numbers; where two labels would
 * touch, the larger number wins.
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
