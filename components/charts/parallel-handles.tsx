import { type KeyboardEvent, memo } from 'react';
import { formatNumber, formatPercent } from '../../lib/format';
import { endsOf, type Range } from './parallel-brush';
import { handleRoom, type ParallelAxis, type ParallelGeometry } from './parallel-geometry';
import { tenth } from './rounds';

/** Both ends of a brush, in the order that the tab key meets them. */
export type End = 'low' | 'high';
const ends: readonly End[] = ['low', 'high'];

/**
 * The ends of the brush on every axis as vertical sliders. They lie beyond the brush, so that a thin
 * one still has two. The tab key meets those of one axis only; left and right lead to the others.
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
  /** Place of the axis that the tab key meets. */
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
