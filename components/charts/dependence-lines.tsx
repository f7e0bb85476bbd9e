'use client';

/** The prediction over the weight of one domain, for every domain in one plot. */
import { useId, useMemo } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { type DependencePanel, predictedAt, rugPath } from './dependence-chart';
import { OptimumMark } from './marks';
import { ChartBlank, PlotBox, usePlot } from './plot-box';
import {
  type Axis,
  axisTitle,
  labelSize,
  leftMargin,
  linearAxis,
  type PlotFrame,
  paddedDomain,
  percentAxis,
  tickCount,
} from './plot-geometry';
import type { PlotSeries } from './plot-series';
import { shorten, spreadLabels, widestText } from './text-fit';

const height = 360;
const initialWidth = 640;
const lineHeight = 15;
/** Lines that are named and read out: more names do not fit beside the plot. */
const maxNamed = 20;

/** A domain's curve, its colour, and what the limits leave of it. */
export interface DependenceLine extends DependencePanel {
  readonly color: string;
  readonly chosen: readonly number[];
  /** Least and largest weight that the limits of this domain allow. */
  readonly lower: number;
  readonly upper: number;
  /** Between which weights the whole mixture is within the limits; null = at none. */
  readonly within: readonly [number, number] | null;
}

/**
 * Curves of all domains, dashed where their mixtures break limits, with a dot at the mixture that they start
 * from.
 */
export function DependenceLines({
  lines,
  runs,
  name,
  unit,
  direction,
  scale,
  waiting,
  hovered,
  onHover,
}: {
  /** In the order of the domains. */
  lines: readonly DependenceLine[];
  /** Whose weights are ticks, in words: `51 chosen runs`. */
  runs: string;
  /** The target. */
  name: string;
  unit: string;
  direction: 'lower' | 'higher';
  scale: 'root' | 'linear';
  /** Why there are no lines, and what to do. */
  waiting: string;
  /** Place of the highlighted line. */
  hovered: number | null;
  onHover: (place: number | null) => void;
}) {
  const clip = useId();
  const toX = scale === 'root' ? Math.sqrt : identity;
  const largest = useMemo(() => largestShown(lines), [lines]);
  const parts = useMemo(() => {
    const shared = sharedWeights(lines, largest);
    return lines.map((line) => partsOf(line, shared));
  }, [lines, largest]);
  const plot = usePlot(initialWidth, (width) => {
    const title = `Predicted ${axisTitle(name, unit, direction)}`;
    // Curves beyond their domain's limits may leave the plot: they do not compress the others.
    const y = linearAxis(
      paddedDomain(
        parts.flatMap(({ own }) => own.map(([, v]) => v)),
        0.06,
      ),
      5,
      title,
    );
    const labels = widestText(
      lines.slice(0, maxNamed).map(({ label }) => label),
      labelSize,
    );
    const right = Math.min(width < 500 ? 116 : 170, Math.ceil(labels) + 22);
    const margin = { top: 12, right, bottom: 42, left: leftMargin(y) };
    const x = weightAxis(largest, scale, tickCount(width - margin.left - right, 30));
    return { width, height, margin, x, y } satisfies PlotFrame;
  });
  if (lines.length === 0) {
    return (
      <div ref={plot.ref} className="chart">
        <ChartBlank height={height}>{waiting}</ChartBlank>
      </div>
    );
  }
  const { scales, frame } = plot;
  const marked = lines[hovered ?? 0] ?? lines[0];
  const series = lines.slice(0, maxNamed).map(
    ({ label, color }, place): PlotSeries => ({
      kind: 'line',
      name: label,
      color,
      width: place === hovered ? 3 : 1.6,
      points: parts[place].within.map(([weight, y]) => ({
        x: toX(weight),
        y,
        text: formatNumber(y, 3),
      })),
    }),
  );
  const path = (points: readonly Place[]) =>
    points.length < 2
      ? ''
      : `M${points.map(([weight, y]) => `${scales.x(toX(weight))} ${scales.y(y)}`).join('L')}`;
  const ends = lines
    .slice(0, maxNamed)
    .map((line, place) => {
      const y = scales.y(predictedAt(line, largest));
      return { line, place, y: Math.max(scales.top, Math.min(scales.bottom, y)) };
    })
    .sort((a, b) => a.y - b.y);
  const placed = spreadLabels(
    ends.map(({ y }) => y),
    ends.map(() => lineHeight),
    [scales.top, scales.bottom],
  );
  return (
    <>
      <PlotBox
        plot={plot}
        label={`Predicted ${name} over the weight of each domain. ${lines
          .slice(0, 3)
          .map((line) => `${line.label} ${formatPercent(line.current, 1)}`)
          .join(', ')} at ${formatNumber(predictedAt(lines[0], lines[0].current), 3)}.`}
        series={series}
        under={
          <>
            <clipPath id={clip}>
              <rect
                x={scales.left}
                y={scales.top}
                width={scales.right - scales.left}
                height={scales.bottom - scales.top}
              />
            </clipPath>
            <g clipPath={`url(#${clip})`} fill="none" strokeDasharray="3 3" strokeWidth={1.3}>
              {lines.map(({ label, color }, place) => (
                <path
                  key={label}
                  data-beyond={label}
                  d={path(parts[place].below) + path(parts[place].above)}
                  stroke={color}
                  strokeOpacity={hovered === null || hovered === place ? 0.9 : 0.3}
                />
              ))}
              {lines.slice(maxNamed).map(({ label, color }, rest) => (
                <path
                  key={label}
                  d={path(parts[maxNamed + rest].within)}
                  stroke={color}
                  strokeDasharray="none"
                />
              ))}
            </g>
          </>
        }
      >
        <g data-mark="chosen">
          <path
            d={rugPath(
              marked.chosen.filter((weight) => weight <= largest),
              (weight) => scales.x(toX(weight)),
              scales.bottom,
              8,
            )}
            stroke={marked.color}
            strokeWidth={1.2}
            strokeOpacity={0.6}
          />
        </g>
        {lines.map(
          (line) =>
            line.current <= largest && (
              <OptimumMark
                key={line.label}
                x={scales.x(toX(line.current))}
                y={scales.y(predictedAt(line, line.current))}
                color={line.color}
                size={4.5}
              />
            ),
        )}
        {ends.map(({ line, place, y }, row) => (
          <g
            key={line.label}
            onPointerEnter={() => onHover(place)}
            onPointerLeave={() => onHover(null)}
          >
            <path
              d={`M${scales.right + 2} ${y}L${scales.right + 14} ${placed[row]}`}
              stroke={line.color}
              strokeWidth={1.5}
            />
            <text
              x={scales.right + 18}
              y={placed[row] + 4}
              fontSize={labelSize}
              fontWeight={place === hovered ? 650 : 400}
              fill="var(--ink)"
            >
              {shorten(line.label, labelSize, frame.margin.right - 20)}
            </text>
          </g>
        ))}
      </PlotBox>
      <p className="chart-note" data-in-picture="">
        Ticks: weights of {marked.label} in {runs}.
      </p>
    </>
  );
}

type Place = readonly [weight: number, predicted: number];

/** Weights at which every curve is drawn: so that at each of them all have a value to read. */
function sharedWeights(lines: readonly DependenceLine[], largest: number): number[] {
  const weights = lines.flatMap(({ weights: steps, lower, upper, within, current }) => [
    ...steps,
    lower,
    upper,
    ...(within ?? []),
    current,
  ]);
  return [...new Set([...weights, largest])]
    .filter((weight) => weight <= largest)
    .sort((a, b) => a - b);
}

/** A curve cut at the limits, which belong to both sides. */
function partsOf(line: DependenceLine, shared: readonly number[]) {
  const places = shared.map((weight): Place => [weight, predictedAt(line, weight)]);
  const [least, most] = line.within ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    own: places.filter(([weight]) => weight >= line.lower && weight <= line.upper),
    below: places.filter(([weight]) => weight <= least),
    within: places.filter(([weight]) => weight >= least && weight <= most),
    above: places.filter(([weight]) => weight >= most),
  };
}

/** The largest weight worth a look: a quarter beyond those of the mixture, at least 20%. */
function largestShown(lines: readonly DependenceLine[]): number {
  const current = lines.reduce((most, line) => Math.max(most, line.current), 0);
  return Math.min(1, Math.max(0.2, Math.ceil(current * 1.25 * 20) / 20));
}

const rootLabels = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

/** Weights from 0 to the largest one, whose roots are drawn where few percent are to be told apart. */
function weightAxis(largest: number, scale: 'root' | 'linear', count: number): Axis {
  const title = `Weight of one domain (% of tokens${scale === 'root' ? ', root scale' : ''})`;
  if (scale === 'linear') return percentAxis([0, largest], count, title);
  return {
    domain: [0, Math.sqrt(largest)],
    ticks: rootLabels.filter((weight) => weight <= largest).map(Math.sqrt),
    title,
    format: (root) => `${Number((root * root * 100).toPrecision(3))}%`,
  };
}

function identity(weight: number): number {
  return weight;
}
