/**
 * The SVG parts of parallel coordinates: axes, grid, brushes with their slider handles, and lines.
 * The chart that assembles them is in parallel-chart.tsx.
 */
import { type KeyboardEvent, memo, useMemo } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { endsOf, type Range } from './parallel-brush';
import {
  type AxisPlace,
  handleRoom,
  heightOf,
  linePath,
  type ParallelAxis,
  type ParallelGeometry,
  rowValues,
  tickGap,
} from './parallel-geometry';
import { roundMark, roundsPresent, tenth } from './rounds';
import { shorten } from './text-fit';

/** Half the width of a brush, in pixels. */
const brushHalf = 6;

interface AxesProps {
  readonly axes: readonly ParallelAxis[];
  readonly geometry: ParallelGeometry;
}

/** Axis labels, the axes, and the tick labels beside each target. */
export const ParallelAxes = memo(function ParallelAxes({ axes, geometry }: AxesProps) {
  const { places, top, bottom, upright, labelRoom } = geometry;
  const base = top - handleRoom - 2;
  return (
    <>
      {axes.map(({ key, label, unit, kind, direction }, index) => {
        const { x } = places[index];
        const place = upright
          ? { transform: `translate(${x + 4} ${base}) rotate(-90)` }
          : { x, y: base, textAnchor: 'middle' as const };
        return (
          <g key={key}>
            <text {...place} fontWeight={kind === 'target' ? 650 : undefined}>
              {shorten(label, 12, labelRoom)}
              <title>{label}</title>
            </text>
            <line x1={x} x2={x} y1={top} y2={bottom} stroke="var(--ink-2)" />
            {kind === 'target' && (
              <>
                {index < axes.length - 1 && (
                  // Lines go on to the next axis, behind the labels.
                  <rect
                    data-behind="labels"
                    x={x + tickGap - 4}
                    y={top - 8}
                    width={places[index].aside - tickGap + 8}
                    height={bottom - top + 16}
                    fill="var(--paper)"
                    fillOpacity={0.9}
                  />
                )}
                <Ticks place={places[index]} geometry={geometry} side="right" />
                <AxisTitle
                  x={x + places[index].aside - 6}
                  geometry={geometry}
                  text={unit || label}
                />
                {direction && (
                  <text x={x + 4} y={bottom + handleRoom + 14} textAnchor="end" fill="var(--ink-2)">
                    {`${direction} is better ${direction === 'lower' ? '↓' : '↑'}`}
                  </text>
                )}
              </>
            )}
          </g>
        );
      })}
    </>
  );
});

/** The scale shared by all weights, on an opaque background, because axes may scroll below it. */
export const WeightScale = memo(function WeightScale({ axes, geometry }: AxesProps) {
  const first = geometry.places[axes.findIndex(({ kind }) => kind === 'weight')];
  if (!first) return null;
  const { top, bottom, left } = geometry;
  return (
    <>
      <rect
        x={-2}
        y={top - 8}
        width={left - 12}
        height={bottom - top + 16}
        fill="var(--paper)"
        fillOpacity={0.9}
      />
      <Ticks place={{ ...first, x: left }} geometry={geometry} side="left" />
      <AxisTitle x={12} geometry={geometry} text="weight (%, root scale)" />
    </>
  );
});

/** Lines across all weights, where their shared scale is labelled. */
export const WeightGrid = memo(function WeightGrid({ axes, geometry }: AxesProps) {
  const places = geometry.places.filter((_, index) => axes[index].kind === 'weight');
  if (places.length < 2) return null;
  return (
    <g stroke="var(--line)">
      {places[0].ticks.map((tick) => {
        const y = heightOf(geometry, places[0], tick);
        return <line key={tick} x1={places[0].x} x2={places[places.length - 1].x} y1={y} y2={y} />;
      })}
    </g>
  );
});

/** The brushed range, on its axis. */
export function BrushBox({
  place,
  range,
  geometry,
}: {
  place: AxisPlace;
  range: Range;
  geometry: ParallelGeometry;
}) {
  const high = heightOf(geometry, place, Math.min(range[1], place.domain[1]));
  const low = heightOf(geometry, place, Math.max(range[0], place.domain[0]));
  return (
    <rect
      data-mark="brush"
      x={place.x - brushHalf}
      y={high}
      width={2 * brushHalf}
      height={Math.max(1, low - high)}
      fill="var(--accent)"
      fillOpacity={0.28}
      stroke="var(--accent)"
      pointerEvents="none"
    />
  );
}

function Ticks({
  place,
  geometry,
  side,
}: {
  place: AxisPlace;
  geometry: ParallelGeometry;
  side: 'left' | 'right';
}) {
  const sign = side === 'left' ? -1 : 1;
  return (
    <g
      fill="var(--ink-2)"
      textAnchor={side === 'left' ? 'end' : 'start'}
      stroke="var(--paper)"
      strokeWidth={3}
      paintOrder="stroke"
    >
      {place.ticks.map((tick) => (
        <text key={tick} x={place.x + sign * tickGap} y={heightOf(geometry, place, tick) + 4}>
          {place.format(tick)}
        </text>
      ))}
    </g>
  );
}

function AxisTitle({ x, geometry, text }: { x: number; geometry: ParallelGeometry; text: string }) {
  const middle = (geometry.top + geometry.bottom) / 2;
  return (
    <text
      transform={`translate(${x} ${middle}) rotate(-90)`}
      textAnchor="middle"
      fill="var(--ink-2)"
    >
      {shorten(text, 12, geometry.bottom - geometry.top)}
    </text>
  );
}

/** Both ends of a brush, in tab order. */
export type End = 'low' | 'high';
const ends: readonly End[] = ['low', 'high'];

/**
 * The ends of the brush on every axis as vertical sliders. They lie outside the brush, so that a
 * thin one still has two handles. Tab reaches those of one axis only; left and right move to the
 * others.
 */
export const ParallelHandles = memo(function ParallelHandles({
  axes,
  geometry,
  brushes,
  focused,
  help,
  onFocus,
  onKey,
}: {
  axes: readonly ParallelAxis[];
  geometry: ParallelGeometry;
  brushes: ReadonlyMap<string, Range>;
  /** Index of the axis that is in the tab order. */
  focused: number;
  /** Id of the text that explains the keys. */
  help: string;
  onFocus: (axis: number) => void;
  onKey: (axis: number, end: End, event: KeyboardEvent<SVGGElement>) => void;
}) {
  return axes.map((axis, index) =>
    ends.map((end) => {
      const place = geometry.places[index];
      const range = brushes.get(axis.key);
      const shares = endsOf(place, range);
      const share = shares[end === 'low' ? 0 : 1];
      const y = tenth(geometry.bottom - share * (geometry.bottom - geometry.top));
      const value = (range ?? place.domain)[end === 'low' ? 0 : 1];
      return (
        <g
          key={`${axis.key} ${end}`}
          data-handle={`${index} ${end}`}
          data-screen-only=""
          className="parallel-handle"
          role="slider"
          tabIndex={index === focused ? 0 : -1}
          aria-label={`${axis.label}, ${end === 'low' ? 'lowest' : 'highest'} value brushed`}
          aria-orientation="vertical"
          aria-valuemin={spoken(axis, end === 'low' ? place.domain[0] : place.at(shares[0]))}
          aria-valuemax={spoken(axis, end === 'low' ? place.at(shares[1]) : place.domain[1])}
          aria-valuenow={spoken(axis, value)}
          aria-valuetext={range ? valueText(axis, value) : 'not brushed'}
          aria-describedby={help}
          onFocus={() => onFocus(index)}
          onKeyDown={(event) => onKey(index, end, event)}
        >
          <rect
            x={place.x - 14}
            y={end === 'low' ? y : y - handleRoom}
            width={28}
            height={handleRoom}
            fill="transparent"
          />
          <path
            d={`M${place.x - 7} ${y}h14l-4 ${end === 'low' ? 7 : -7}h-6z`}
            fill={range ? 'var(--accent)' : 'var(--paper)'}
            stroke={range ? 'var(--accent)' : 'var(--ink-2)'}
          />
        </g>
      );
    }),
  );
});

/** The value of an axis in words: `12.0%`, `3.125 nats per token`. */
export function valueText({ kind, unit }: ParallelAxis, value: number): string {
  return kind === 'weight' ? formatPercent(value, 1) : `${formatNumber(value, 3)} ${unit}`.trim();
}

function spoken({ kind }: ParallelAxis, value: number): number {
  return Number((kind === 'weight' ? value * 100 : value).toPrecision(4));
}

/**
 * Lines in one path hide one another; spread over a few translucent paths, density shows as
 * darkness.
 */
const paths = 12;

/** The runs as lines: those inside the brushes over the others, later rounds over the first. */
export const ParallelLines = memo(function ParallelLines({
  geometry,
  axes,
  inside,
  outside,
  rounds,
  isSelection,
}: {
  geometry: ParallelGeometry;
  axes: readonly ParallelAxis[];
  /** Rows to draw, inside and outside the brushes. */
  inside: readonly number[];
  outside: readonly number[];
  /** One per run; null when all are of the first round. */
  rounds: Int32Array | null;
  /** Whether `inside` was selected from all: then it has the colour of the brush. */
  isSelection: boolean;
}) {
  const lines = useMemo(() => {
    const drawn = new Map<number, string>();
    return (row: number) => {
      const known = drawn.get(row);
      if (known !== undefined) return known;
      const line = linePath(geometry, rowValues(axes, row));
      drawn.set(row, line);
      return line;
    };
  }, [geometry, axes]);
  const groups = roundsPresent(rounds === null ? null : inside.map((row) => rounds[row])).map(
    (round) => ({ round, rows: inside.filter((row) => (rounds?.[row] ?? 0) === round) }),
  );
  return (
    <g fill="none">
      <g data-lines="outside" stroke="var(--ink-2)" strokeOpacity={0.1}>
        {bundles(outside).map((rows) => (
          <path key={rows[0]} d={rows.map(lines).join('')} />
        ))}
      </g>
      {groups.map(({ round, rows }) => (
        <g
          key={round}
          data-lines={`round ${round}`}
          stroke={isSelection && round === 0 ? 'var(--accent)' : roundMark(round).color}
          strokeOpacity={opacityFor(rows.length)}
        >
          {bundles(rows).map((bundle) => (
            <path key={bundle[0]} d={bundle.map(lines).join('')} />
          ))}
        </g>
      ))}
      {groups.map(
        ({ round, rows }) =>
          round > 0 && (
            <path
              key={round}
              d={endMarks(geometry, axes, rows, round)}
              fill={roundMark(round).color}
              fillOpacity={0.85}
            />
          ),
      )}
    </g>
  );
});

/**
 * The shape of a later round where its lines meet the last axis: colour alone must not carry
 * information.
 */
function endMarks(
  geometry: ParallelGeometry,
  axes: readonly ParallelAxis[],
  rows: readonly number[],
  round: number,
): string {
  const place = geometry.places[axes.length - 1];
  const axis = axes[axes.length - 1];
  const { shape } = roundMark(round);
  return rows
    .filter((row) => Number.isFinite(axis.values[row]))
    .map((row) => shape(place.x, heightOf(geometry, place, axis.values[row]), 3))
    .join('');
}

/** Rows distributed over a few paths, neighbours in different ones. */
function bundles(rows: readonly number[]): number[][] {
  const count = Math.min(paths, rows.length);
  return Array.from({ length: count }, (_, bundle) =>
    rows.filter((_, index) => index % count === bundle),
  );
}

/** The more lines, the fainter each path. */
function opacityFor(lines: number): number {
  if (lines <= 12) return 0.85;
  return lines <= 80 ? 0.5 : 0.22;
}
