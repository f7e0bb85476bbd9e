'use client';

import { useMemo } from 'react';
import { formatPercent } from '../../lib/model/format';
import { Plot, useWidth } from './plot-box';
import { type Axis, type PlotFrame, percentAxis, plotScales, tickCount } from './plot-geometry';
import { rowHeightFor, rowHover } from './row-height';
import { shorten, textWidth, widestText } from './text-fit';

const initialWidth = 480;
const margin = { top: 4, right: 14, bottom: 42 };

/** A domain and its share of what a fit relies on, 0..1. */
export interface ImportanceRow {
  readonly label: string;
  readonly share: number;
}

/** How much a fit uses each domain: horizontal bars in the given order, labelled in percent. */
export function ImportanceChart({
  rows,
  hovered,
  onHover,
}: {
  rows: readonly ImportanceRow[];
  hovered: number | null;
  onHover: (row: number | null) => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const rowHeight = rowHeightFor(rows.length);
  const fontSize = rowHeight >= 18 ? 12 : 10;
  const height = margin.top + rows.length * rowHeight + margin.bottom;
  const layout = useMemo(() => {
    const labels = Math.min(
      widestText(
        rows.map(({ label }) => label),
        fontSize,
      ),
      width * 0.36,
    );
    const valueRight = labels + 8 + textWidth('100.0%', fontSize);
    return { labels, valueRight, frame: frameOf(rows, width, height, valueRight + 8) };
  }, [rows, width, height, fontSize]);
  const scales = useMemo(() => plotScales(layout.frame), [layout]);
  const follow = rowHover(rows.length, scales.top, rowHeight, hovered, onHover);
  const leading = [...rows].sort((a, b) => b.share - a.share).slice(0, 3);
  return (
    <div
      ref={ref}
      className="chart"
      role="img"
      aria-label={`Share of importance of ${rows.length} domains. Largest: ${leading
        .map(({ label, share }) => `${label} ${formatPercent(share, 1)}`)
        .join(', ')}.`}
      style={{ height }}
      {...follow}
    >
      <Plot frame={layout.frame}>
        {rows.map((row, index) => {
          const top = scales.top + index * rowHeight;
          const baseline = top + rowHeight / 2 + fontSize * 0.36;
          return (
            <g
              key={row.label}
              className="chart-row"
              fontSize={fontSize}
              fill="var(--ink)"
              opacity={hovered === null || hovered === index ? undefined : 0.55}
            >
              {hovered === index && (
                <rect y={top} width={width} height={rowHeight} fill="var(--accent-soft)" />
              )}
              <text y={baseline}>
                {shorten(row.label, fontSize, layout.labels)}
                <title>{row.label}</title>
              </text>
              <text x={layout.valueRight} y={baseline} textAnchor="end" fontWeight={600}>
                {formatPercent(row.share, 1)}
              </text>
              <rect
                data-series="share"
                x={scales.left}
                y={top + rowHeight * 0.25}
                width={Math.max(0, scales.x(row.share) - scales.left)}
                height={rowHeight * 0.5}
                fill="var(--accent)"
              />
            </g>
          );
        })}
        <line
          x1={scales.left}
          x2={scales.left}
          y1={scales.top}
          y2={scales.bottom}
          stroke="var(--ink-2)"
        />
      </Plot>
    </div>
  );
}

function frameOf(
  rows: readonly ImportanceRow[],
  width: number,
  height: number,
  left: number,
): PlotFrame {
  const most = Math.max(0.01, ...rows.map(({ share }) => share));
  const count = tickCount(width - left, 36);
  const x = percentAxis([0, most * 1.02], count, 'share of importance (%)');
  const y: Axis = { domain: [0, 1], ticks: [], title: '', format: String };
  return { width, height, margin: { ...margin, left }, x, y };
}
