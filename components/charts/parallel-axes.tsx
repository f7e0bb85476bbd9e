import { memo } from 'react';
import type { Range } from './parallel-brush';
import {
  type AxisPlace,
  handleRoom,
  heightOf,
  type ParallelAxis,
  type ParallelGeometry,
  tickGap,
} from './parallel-geometry';
import { shorten } from './text-fit';

/** Half the width of a brush, in pixels. */
const brushHalf = 6;

interface AxesProps {
  readonly axes: readonly ParallelAxis[];
  readonly geometry: ParallelGeometry;
}

/** Labels over the axes, the axes, and beside each target its values. */
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

/** The scale that all weights share, on a paper ground, because axes may scroll below it. */
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
      <AxisTitle x={12} geometry={geometry} text="weight (% of tokens), root scale" />
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

/** What is brushed, on its axis. */
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
