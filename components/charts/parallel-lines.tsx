import { memo, useMemo } from 'react';
import {
  heightOf,
  linePath,
  type ParallelAxis,
  type ParallelGeometry,
  rowValues,
} from './parallel-geometry';
import { roundMark, roundsPresent } from './rounds';

/** Lines in one path hide one another; over a few paths their number shows as darkness. */
const paths = 12;

/** The runs as lines: those inside of the brushes over the others, later rounds over the first. */
export const ParallelLines = memo(function ParallelLines({
  geometry,
  axes,
  inside,
  outside,
  rounds,
}: {
  geometry: ParallelGeometry;
  axes: readonly ParallelAxis[];
  /** Rows to draw, inside and outside of the brushes. */
  inside: readonly number[];
  outside: readonly number[];
  /** One per run; null when all are of the first round. */
  rounds: Int32Array | null;
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
      <g data-lines="outside" stroke="var(--ink-2)" strokeOpacity={0.07}>
        {bundles(outside).map((rows) => (
          <path key={rows[0]} d={rows.map(lines).join('')} />
        ))}
      </g>
      {groups.map(({ round, rows }) => (
        <g
          key={round}
          data-lines={`round ${round}`}
          stroke={roundMark(round).color}
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

/** The shape of a later round where its lines meet the last axis: colour alone tells nobody enough. */
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

/** Rows dealt out over a few paths, each to a different one than its neighbours. */
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
