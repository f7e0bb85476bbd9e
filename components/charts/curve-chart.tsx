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
import { textWidth } from './text-fit';

const height = 280;
const initialWidth = 480;
/** Half the length of a whisker's end, in pixels. */
const cap = 4;

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
  const { scales } = plot;
  return (
    <PlotBox
      plot={plot}
      label={summarise(known, quantity, unit, noiseCeiling)}
      empty={known.length === 0 ? empty : null}
    >
      {noiseCeiling !== null && <Ceiling value={noiseCeiling} scales={scales} />}
      <Curve points={known} scales={scales} />
    </PlotBox>
  );
}

function Curve({ points, scales }: { points: readonly CurvePoint[]; scales: PlotScales }) {
  const places = points.map((point) => ({
    point,
    x: scales.x(Math.log2(point.n)),
    y: scales.y(point.mean),
  }));
  return (
    <>
      <path
        d={places
          .map(({ point, x }) => whisker(x, scales.y(point.low), scales.y(point.high)))
          .join('')}
        stroke="var(--ink-2)"
        fill="none"
      />
      <path
        data-series="mean"
        d={`M${places.map(({ x, y }) => `${x} ${y}`).join('L')}`}
        stroke="var(--accent)"
        strokeWidth={2}
        fill="none"
      />
      {places.map(({ point, x, y }) => (
        <circle
          key={point.n}
          cx={x}
          cy={y}
          r={4}
          fill="var(--accent)"
          stroke="var(--paper)"
          strokeWidth={1.5}
        />
      ))}
      <Values places={places} scales={scales} />
    </>
  );
}

/**
 * Labels the means with their values on the side of the whiskers that the curve leaves free (below
 * a rising one), as many as fit side by side, and always the last.
 */
function Values({
  places,
  scales,
}: {
  places: readonly { point: CurvePoint; x: number }[];
  scales: PlotScales;
}) {
  const shown: { text: string; x: number; y: number }[] = [];
  const rises = places[places.length - 1].point.mean >= places[0].point.mean;
  let edge = Number.POSITIVE_INFINITY;
  for (const { point, x } of [...places].reverse()) {
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
    <g
      fontSize={12}
      textAnchor="middle"
      fill="var(--ink)"
      stroke="var(--paper)"
      strokeWidth={3}
      paintOrder="stroke"
    >
      {shown.map(({ text, x, y }) => (
        <text key={x} x={x} y={y}>
          {text}
        </text>
      ))}
    </g>
  );
}

function Ceiling({ value, scales }: { value: number; scales: PlotScales }) {
  const y = scales.y(value);
  return (
    <>
      <line
        data-mark="ceiling"
        x1={scales.left}
        x2={scales.right}
        y1={y}
        y2={y}
        stroke="var(--ink)"
        strokeDasharray="5 4"
      />
      <text x={scales.left + 4} y={y - 5} fontSize={12} fill="var(--ink-2)">
        {`noise ceiling ${formatNumber(value, 3)}`}
      </text>
    </>
  );
}

function whisker(x: number, low: number, high: number): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '';
  return `M${x} ${low}V${high}M${x - cap} ${low}h${2 * cap}M${x - cap} ${high}h${2 * cap}`;
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
