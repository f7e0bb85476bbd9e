'use client';

import { useId, useMemo } from 'react';
import { formatPercent } from '../../lib/format';
import { scrollFrom } from './row-height';
import { rowHover } from './row-hover';
import { shorten } from './text-fit';
import { useWidth } from './use-width';
import { type WeightGeometry, type WeightRow, weightGeometry } from './weight-bars-geometry';
import { WeightLegend } from './weight-bars-legend';
import { WeightBarsRow } from './weight-bars-row';

const initialWidth = 480;
/** A region that scrolls must be reachable by key. */
const scrolling = {
  className: 'chart chart-scroll',
  role: 'region',
  'aria-label': 'Weights of all domains, scrolls',
  tabIndex: 0,
};

/**
 * Domain weights as bars: the optimum over the prior, a human mixture and the reader's own, with a
 * diamond at each weight of the true best mixture where that is known, a tick at each cap, a bracket at each floor and a hatched mark where a limit binds.
 */
export function WeightBars({
  rows,
  humanLabel,
  dimmed = false,
  hovered,
  onHover,
}: {
  /** One per domain, in the order to draw. */
  rows: readonly WeightRow[];
  /** Name of the human mixture; null when there is none. */
  humanLabel: string | null;
  /** Draws the optimum faintly, because it belongs to limits that no longer hold. */
  dimmed?: boolean;
  /** Index of the highlighted row. */
  hovered: number | null;
  onHover: (row: number | null) => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const hatch = useId();
  const geometry = useMemo(
    () => weightGeometry(rows, humanLabel, width),
    [rows, humanLabel, width],
  );
  const follow = rowHover(rows.length, geometry.top, geometry.rowHeight, hovered, onHover);
  const bottom = geometry.top + rows.length * geometry.rowHeight;
  return (
    <div ref={ref} {...(rows.length > scrollFrom ? scrolling : { className: 'chart' })}>
      <svg
        data-chart=""
        role="img"
        aria-label={summarise(rows)}
        viewBox={`0 0 ${width} ${geometry.height}`}
        height={geometry.height}
        fontSize={geometry.fontSize}
        fill="var(--ink)"
        {...follow}
      >
        <defs>
          <pattern
            id={hatch}
            width={4}
            height={4}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width={1.8} height={4} fill="var(--binding)" />
          </pattern>
        </defs>
        <WeightLegend items={geometry.legend} hatch={hatch} />
        <Grid geometry={geometry} bottom={bottom} dense={rows.length > scrollFrom} />
        <g opacity={dimmed ? 0.4 : undefined}>
          {rows.map((row, index) => (
            <WeightBarsRow
              key={row.id}
              row={row}
              label={shorten(row.label, geometry.fontSize, geometry.labelWidth)}
              index={index}
              geometry={geometry}
              hatch={hatch}
              state={hovered === null ? 'plain' : hovered === index ? 'lit' : 'dim'}
            />
          ))}
        </g>
        <line
          x1={geometry.left}
          x2={geometry.left}
          y1={geometry.top}
          y2={bottom}
          stroke="var(--ink-2)"
        />
      </svg>
    </div>
  );
}

function Grid({
  geometry,
  bottom,
  dense,
}: {
  geometry: WeightGeometry;
  bottom: number;
  dense: boolean;
}) {
  const decimals = geometry.ticks.some((tick) => !isWholePercent(tick)) ? 1 : 0;
  return (
    <g fill="var(--ink-2)" fontSize={12} textAnchor="middle">
      {geometry.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={geometry.x(tick)}
            x2={geometry.x(tick)}
            y1={geometry.top}
            y2={bottom}
            stroke="var(--line)"
          />
          {dense && (
            <text x={geometry.x(tick)} y={geometry.top - 6}>
              {formatPercent(tick, decimals)}
            </text>
          )}
          <text x={geometry.x(tick)} y={bottom + 14}>
            {formatPercent(tick, decimals)}
          </text>
        </g>
      ))}
      <text x={(geometry.left + geometry.right) / 2} y={bottom + 30}>
        weight (% of tokens)
      </text>
    </g>
  );
}

function isWholePercent(share: number): boolean {
  return Math.abs(share * 100 - Math.round(share * 100)) < 1e-9;
}

function summarise(rows: readonly WeightRow[]): string {
  const largest = rows
    .filter(({ optimum }) => optimum !== null)
    .sort((a, b) => (b.optimum ?? 0) - (a.optimum ?? 0))
    .slice(0, 3)
    .map(({ label, optimum }) => `${label} ${formatPercent(optimum ?? 0, 1)}`);
  const binding = rows.filter((row) => row.binding).length;
  const weights = largest.length > 0 ? `Largest: ${largest.join(', ')}.` : 'No optimum yet.';
  return `Weights of ${rows.length} domains. ${weights} ${binding} at their limit.`;
}
