'use client';

import { useCallback } from 'react';
import { ChartFrame } from '../charts/chart-frame';
import { PlotBox, usePlot } from '../charts/plot-box';
import { axisTitle, linearFrame } from '../charts/plot-geometry';

const height = 260;
const initialWidth = 480;

interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [number, number])[];
  /** Drawn thin and without a name at its end: one of many. */
  readonly isThin?: boolean;
}

/** Lines over one quantity; values above the axis run along its top. */
export function LinesChart({
  title,
  note,
  how,
  fileName,
  x,
  y,
  lines,
  most,
  at = null,
}: {
  title: string;
  note: string;
  how: string;
  fileName: string;
  x: { readonly name: string; readonly range: readonly [number, number] };
  y: { readonly name: string; readonly unit: string };
  lines: readonly Line[];
  /** Top of the y axis, which begins at 0. */
  most: number;
  /** Value of x to mark; null = none. */
  at?: number | null;
}) {
  const [from, to] = x.range;
  const plot = usePlot(
    initialWidth,
    useCallback(
      (width: number) =>
        linearFrame(
          { width, height },
          { range: [from, to], title: x.name, labelWidth: 60 },
          { range: [0, most], title: axisTitle(y.name, y.unit) },
          16,
        ),
      [from, to, most, x.name, y.name, y.unit],
    ),
  );
  const { scales } = plot;
  const placed = (line: Line) =>
    line.points.map(([across, up]) => [scales.x(across), scales.y(Math.min(most, up))] as const);
  const named = lines.filter(({ isThin }) => !isThin);
  return (
    <ChartFrame
      title={title}
      note={note}
      fileName={fileName}
      how={how}
      data={{
        columns: [
          { key: 'line', label: 'line' },
          { key: 'x', label: x.name, numeric: true },
          { key: 'y', label: y.name, unit: y.unit, numeric: true },
        ],
        rows: () => lines.flatMap(({ name, points }) => points.map(([a, b]) => [name, a, b])),
      }}
    >
      {named.length > 0 && (
        <ul className="learn-legend plain-list small">
          {named.map(({ name, color }) => (
            <li key={name}>
              <svg width="20" height="8" aria-hidden="true">
                <line x1="0" x2="20" y1="4" y2="4" stroke={color} strokeWidth="2.5" />
              </svg>{' '}
              {name}
            </li>
          ))}
        </ul>
      )}
      <PlotBox plot={plot} label={note}>
        {at !== null && (
          <line
            x1={scales.x(at)}
            x2={scales.x(at)}
            y1={scales.y(0)}
            y2={scales.y(most)}
            stroke="var(--ink-2)"
            strokeDasharray="4 4"
          />
        )}
        {lines.map((line) => (
          <path
            key={line.name}
            d={placed(line)
              .map(([across, up], place) => `${place === 0 ? 'M' : 'L'}${across} ${up}`)
              .join('')}
            fill="none"
            stroke={line.color}
            strokeWidth={line.isThin ? 1 : 2.5}
            strokeOpacity={line.isThin ? 0.6 : 1}
          />
        ))}
        {at !== null &&
          named.flatMap((line) =>
            placed(line)
              .filter((_, place) => line.points[place][0] === at)
              .map(([across, up]) => (
                <circle key={line.name} cx={across} cy={up} r={4.5} fill={line.color} />
              )),
          )}
      </PlotBox>
    </ChartFrame>
  );
}
