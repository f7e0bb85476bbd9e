/**
 * Lines, areas and levels of a plot as data, and their plain drawing. The browser draws the same by recharts
 * (recharts-plot.tsx), with its tooltip and legend; a server cannot run that. No code of recharts here.
 */
import type { ReactNode } from 'react';
import { labelSize, type PlotFrame, type PlotScales } from './plot-geometry';

/** A place of a series, in the units of the axes. */
export interface SeriesPoint {
  readonly x: number;
  /** The value; of an area its upper edge. NaN = not known. */
  readonly y: number;
  /** The lower edge of an area; the ends of a whisker. */
  readonly low?: number;
  readonly high?: number;
  /** The value in the tooltip: `5.120 (5.101 to 5.140)`. */
  readonly text: string;
}

/** A line or an area over the x axis. */
export interface PlotSeries {
  readonly kind: 'line' | 'area';
  /** In the tooltip and the legend; unique in the plot. */
  readonly name: string;
  /** A colour that follows the theme. */
  readonly color: string;
  /** Ascending in x. */
  readonly points: readonly SeriesPoint[];
  /** Whether a value holds up to the next one, rather than being met by a straight line. */
  readonly isStepped?: boolean;
  /** Pixels of a line; 1.5 by default. */
  readonly width?: number;
  /** Of an area's fill; 0.3 by default. */
  readonly opacity?: number;
  /** Radius of a dot at every point, in pixels; none by default. */
  readonly dot?: number;
  /** Whether it is left out of the tooltip and the legend. */
  readonly isQuiet?: boolean;
  /** Called as the pointer enters an area and leaves it. */
  readonly onHover?: (isOver: boolean) => void;
}

/** A value to compare with, as a dashed line across the plot, with its name. */
export interface PlotLevel {
  readonly name: string;
  readonly y: number;
  /** The end of the line at which the name stands. */
  readonly at: 'left' | 'right';
}

/** What is drawn on the axes of a plot. */
export interface PlotParts {
  readonly frame: PlotFrame;
  readonly series?: readonly PlotSeries[];
  readonly levels?: readonly PlotLevel[];
  readonly legend?: boolean;
  /** SVG below and above the series, positioned by the frame's `plotScales`. */
  readonly under?: ReactNode;
  readonly children?: ReactNode;
}

/** The points of a series that have a value. */
export function knownPoints({ points }: PlotSeries): readonly SeriesPoint[] {
  return points.filter(({ y }) => Number.isFinite(y));
}

/** Series and levels as plain SVG, as recharts draws them. */
export function StaticSeries({
  series,
  levels,
  scales,
}: {
  series: readonly PlotSeries[];
  levels: readonly PlotLevel[];
  scales: PlotScales;
}) {
  return (
    <>
      {series.map((one) => (
        <StaticOne key={one.name} one={one} scales={scales} />
      ))}
      {levels.map(({ name, y, at }) => (
        <g key={name} data-level={name}>
          <line
            x1={scales.left}
            x2={scales.right}
            y1={scales.y(y)}
            y2={scales.y(y)}
            stroke="var(--ink)"
            strokeDasharray="5 4"
          />
          <text
            x={at === 'left' ? scales.left + 4 : scales.right - 4}
            y={scales.y(y) - 5}
            textAnchor={at === 'left' ? 'start' : 'end'}
            fontSize={labelSize}
            fill="var(--ink)"
            {...outlined}
          >
            {name}
          </text>
        </g>
      ))}
    </>
  );
}

/** Letters that stay legible over lines. */
export const outlined = {
  stroke: 'var(--paper)',
  strokeWidth: 3,
  paintOrder: 'stroke',
} as const;

function StaticOne({ one, scales }: { one: PlotSeries; scales: PlotScales }) {
  const { kind, name, color, width = 1.5, opacity = 0.3, dot, isStepped = false } = one;
  const points = knownPoints(one);
  const top = points.map(({ x, y }) => [scales.x(x), scales.y(y)] as const);
  if (kind === 'area') {
    const base = points.map(
      ({ x, low }) => [scales.x(x), low === undefined ? scales.bottom : scales.y(low)] as const,
    );
    const back = pathOf(base.toReversed(), isStepped && 'before');
    return (
      <path
        data-series={name}
        d={`${pathOf(top, isStepped && 'after')}${back.replace('M', 'L')}Z`}
        fill={color}
        fillOpacity={opacity}
        stroke="var(--paper)"
      />
    );
  }
  const whiskers = points.flatMap(({ x, low, high }) =>
    low === undefined || high === undefined || !Number.isFinite(low) || !Number.isFinite(high)
      ? []
      : [whisker(scales.x(x), scales.y(low), scales.y(high))],
  );
  return (
    <g data-series={name} fill="none" stroke={color} strokeWidth={width}>
      {whiskers.length > 0 && <path d={whiskers.join('')} stroke="var(--ink-2)" strokeWidth={1} />}
      <path d={pathOf(top, isStepped && 'after')} />
      {dot !== undefined &&
        top.map(([x, y]) => (
          <circle
            key={x}
            cx={x}
            cy={y}
            r={dot}
            fill={color}
            stroke="var(--paper)"
            strokeWidth={1.5}
          />
        ))}
    </g>
  );
}

/** @param step whether the value changes at the next point (`after`) or at once (`before`) */
function pathOf(
  places: readonly (readonly [number, number])[],
  step: 'after' | 'before' | false,
): string {
  return places
    .map(([x, y], place) => {
      if (place === 0) return `M${x} ${y}`;
      if (step === 'after') return `H${x}V${y}`;
      return step === 'before' ? `V${y}H${x}` : `L${x} ${y}`;
    })
    .join('');
}

/** Half the length of a whisker's end, in pixels. */
export const whiskerCap = 4;

function whisker(x: number, low: number, high: number): string {
  const ends = [low, high].map((y) => `M${x - whiskerCap} ${y}h${2 * whiskerCap}`);
  return `M${x} ${low}V${high}${ends.join('')}`;
}
