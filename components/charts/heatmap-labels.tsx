import { memo } from 'react';
import type { HeatmapGeometry } from './heatmap-geometry';
import { shorten } from './text-fit';

interface LabelProps {
  readonly labels: readonly string[];
  /** What the labels name: `domain`. */
  readonly axis: string;
  readonly geometry: HeatmapGeometry;
  /** Index of the highlighted label. */
  readonly lit: number | null;
}

/** Row labels on a paper ground, because cells may scroll below them. */
export const RowLabels = memo(function RowLabels({ labels, axis, geometry, lit }: LabelProps) {
  const { left, top, cellHeight, fontSize } = geometry;
  return (
    <>
      <rect
        width={left - 2}
        y={top - 18}
        height={labels.length * cellHeight + 18}
        fill="var(--paper)"
      />
      <text y={top - 6} fill="var(--ink-2)">
        {axis}
      </text>
      {labels.map((label, row) => (
        <text
          key={label}
          y={top + (row + 0.5) * cellHeight + fontSize * 0.36}
          fontWeight={row === lit ? 650 : undefined}
        >
          {shorten(label, fontSize, left - 8)}
          <title>{label}</title>
        </text>
      ))}
    </>
  );
});

/** Column labels, upright where a column is narrower than its label. */
export const ColumnLabels = memo(function ColumnLabels({
  labels,
  axis,
  geometry,
  lit,
}: LabelProps) {
  const { left, top, cellWidth, fontSize, upright, columnRoom } = geometry;
  return (
    <>
      <text x={left} y={12} fill="var(--ink-2)">
        {axis}
      </text>
      {labels.map((label, column) => {
        const center = left + (column + 0.5) * cellWidth;
        const place = upright
          ? { transform: `translate(${center + fontSize * 0.36} ${top - 5}) rotate(-90)` }
          : { x: center, y: top - 6, textAnchor: 'middle' as const };
        return (
          <text key={label} {...place} fontWeight={column === lit ? 650 : undefined}>
            {shorten(label, fontSize, columnRoom)}
            <title>{label}</title>
          </text>
        );
      })}
    </>
  );
});
