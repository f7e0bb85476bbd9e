'use client';

/**
 * The chart of domain weights: bars, whiskers, caps, floors and legend. Its layout is in
 * weight-bars-geometry.ts.
 */
import { useId, useMemo } from 'react';
import { formatPercent } from '../../lib/model/format';
import { useWidth } from './plot-box';
import { rowHover, scrollFrom } from './row-height';
import { legendText, shorten } from './text-fit';
import {
  type LegendItem,
  type Series,
  type WeightGeometry,
  type WeightRow,
  weightGeometry,
} from './weight-bars-geometry';

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
 * diamond at each weight of the true best mixture where that is known, a tick at each cap, a
 * bracket at each floor and a hatched mark where a limit binds.
 */
export function WeightBars({
  rows,
  humanLabel,
  dimmed = false,
  hasOptimum = true,
  hovered,
  onHover,
}: {
  /** One per domain, in the order to draw. */
  rows: readonly WeightRow[];
  /** Name of the human mixture; null when there is none. */
  humanLabel: string | null;
  /** Draws the optimum faintly, because it was found for limits that have changed since. */
  dimmed?: boolean;
  /** Whether there is an optimum to draw, or will be. */
  hasOptimum?: boolean;
  /** Index of the highlighted row. */
  hovered: number | null;
  onHover: (row: number | null) => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const hatch = useId();
  const geometry = useMemo(
    () => weightGeometry(rows, humanLabel, width, hasOptimum),
    [rows, humanLabel, width, hasOptimum],
  );
  const follow = rowHover(rows.length, geometry.top, geometry.rowHeight, hovered, onHover);
  const bottom = geometry.top + rows.length * geometry.rowHeight;
  return (
    <div ref={ref} {...(rows.length > scrollFrom ? scrolling : { className: 'chart' })}>
      <svg
        data-chart=""
        role="img"
        aria-label={summarise(rows, hasOptimum)}
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
              unknown={hasOptimum ? '…' : '–'}
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

function summarise(rows: readonly WeightRow[], hasOptimum: boolean): string {
  const largest = rows
    .filter(({ optimum }) => optimum !== null)
    .sort((a, b) => (b.optimum ?? 0) - (a.optimum ?? 0))
    .slice(0, 3)
    .map(({ label, optimum }) => `${label} ${formatPercent(optimum ?? 0, 1)}`);
  const binding = rows.filter((row) => row.binding).length;
  const weights =
    largest.length > 0
      ? `Largest: ${largest.join(', ')}.`
      : hasOptimum
        ? 'No optimum yet.'
        : 'No optimum.';
  return `Weights of ${rows.length} domains. ${weights} ${binding} at their limit.`;
}

const fills: Record<Series, string> = {
  optimum: 'var(--accent)',
  prior: 'var(--prior)',
  human: 'var(--human)',
  yours: 'var(--yours)',
};

/** The fill of a series: the same in bars and legend. */
function seriesFill(series: Series): string {
  return fills[series];
}

/** The mark of a true weight round a point: the same in bars and legend. */
function diamond(x: number, y: number): string {
  return `M${x} ${y - 5}l5 5l-5 5l-5 -5z`;
}

/** A cap by what was tried is dashed: in bars and legend. */
const triedDashes = '3 2';

/** One domain: label, optimum in percent, bars, and the marks of its limits. */
function WeightBarsRow({
  row,
  label,
  index,
  geometry,
  hatch,
  unknown,
  state,
}: {
  row: WeightRow;
  /** The label, shortened to fit. */
  label: string;
  index: number;
  geometry: WeightGeometry;
  /** Id of the hatch pattern. */
  hatch: string;
  /** Stands for the optimum's weight where there is none. */
  unknown: string;
  state: 'plain' | 'lit' | 'dim';
}) {
  const { rowHeight, left, right, x } = geometry;
  const top = geometry.top + index * rowHeight;
  const baseline = top + rowHeight / 2 + geometry.fontSize * 0.36;
  // Weights that round to zero are faint, so that the mixture reads at a glance.
  const weighs = row.optimum !== null && row.optimum >= 0.0005;
  const atFloor =
    row.binding && row.lower > 0 && (row.optimum ?? 0) - row.lower < row.upper - (row.optimum ?? 0);
  const capName = row.tried ? 'largest tried' : 'cap';
  return (
    <g className="chart-row" opacity={state === 'dim' ? 0.55 : undefined}>
      {state === 'lit' && (
        <rect x={0} y={top} width={geometry.width} height={rowHeight} fill="var(--accent-soft)" />
      )}
      <text x={0} y={baseline}>
        {label === row.label ? null : <title>{row.label}</title>}
        {label}
      </text>
      <text
        x={geometry.valueRight}
        y={baseline}
        textAnchor="end"
        fontWeight={weighs ? 600 : undefined}
        fill={weighs ? undefined : 'var(--ink-2)'}
      >
        {row.optimum === null ? unknown : formatPercent(row.optimum, 1)}
      </text>
      {geometry.lanes.map((lane) => {
        const weight = row[lane.series] ?? 0;
        return weight > 0 ? (
          <rect
            key={lane.series}
            data-series={lane.series}
            x={left}
            y={top + lane.top}
            width={x(weight) - left}
            height={lane.height}
            fill={seriesFill(lane.series)}
          />
        ) : null;
      })}
      <Whisker
        row={row}
        top={top + geometry.lanes[0].top}
        height={geometry.lanes[0].height}
        x={x}
      />
      {typeof row.truth === 'number' && (
        <path
          data-mark="truth"
          d={diamond(x(row.truth), top + geometry.lanes[0].top + geometry.lanes[0].height / 2)}
          fill="var(--ink)"
          stroke="var(--surface)"
          strokeWidth={1.5}
        >
          <title>{`true best ${formatPercent(row.truth, 1)}`}</title>
        </path>
      )}
      {row.lower > 0 && (
        <path
          data-mark="floor"
          d={`M${x(row.lower) + 3} ${top + 3}h-3v${rowHeight - 6}h3`}
          fill="none"
          stroke="var(--ink-2)"
        />
      )}
      {row.upper < 1 && row.upper <= geometry.largest && (
        <line
          data-mark="cap"
          x1={x(row.upper)}
          x2={x(row.upper)}
          y1={top + 2}
          y2={top + rowHeight - 2}
          stroke={row.binding && !atFloor ? 'var(--binding)' : 'var(--ink-2)'}
          strokeWidth={row.binding && !atFloor ? 1.5 : 1}
          strokeDasharray={row.tried ? triedDashes : undefined}
        >
          <title>{`${capName} ${formatPercent(row.upper, 1)}`}</title>
        </line>
      )}
      {row.upper < 1 && row.upper > geometry.largest && (
        <path
          data-mark="cap-beyond"
          d={`M${right + 3} ${top + rowHeight / 2 - 3}l3 3l-3 3`}
          fill="none"
          stroke="var(--ink-2)"
        >
          <title>{`${capName} ${formatPercent(row.upper, 1)}, beyond the axis`}</title>
        </path>
      )}
      {row.binding && (
        <rect
          data-mark="binding"
          x={atFloor ? x(row.lower) - 7 : x(row.upper)}
          y={top + 2}
          width={7}
          height={rowHeight - 4}
          fill={`url(#${hatch})`}
        />
      )}
    </g>
  );
}

/**
 * The spread of the optimum's weight over refits: a line with end caps, outlined so that it is
 * visible on the bar.
 */
function Whisker({
  row: { low, high },
  top,
  height,
  x,
}: {
  row: WeightRow;
  top: number;
  height: number;
  x: (weight: number) => number;
}) {
  if (typeof low !== 'number' || typeof high !== 'number') return null;
  const middle = top + height / 2;
  const end = Math.min(3, height / 2);
  const path = `M${x(low)} ${middle - end}v${2 * end}M${x(low)} ${middle}H${x(high)}M${x(high)} ${middle - end}v${2 * end}`;
  return (
    <g data-mark="whisker" fill="none">
      <path d={path} stroke="var(--surface)" strokeWidth={3} />
      <path d={path} stroke="var(--ink)" />
    </g>
  );
}

/** The legend row: every series and mark as it looks in the chart. */
function WeightLegend({ items, hatch }: { items: readonly LegendItem[]; hatch: string }) {
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {items.map((item) => (
        <g key={item.mark} transform={`translate(${item.x} ${item.y})`}>
          <Sample mark={item.mark} hatch={hatch} />
          <text x={legendText} y={13}>
            {item.label}
          </text>
        </g>
      ))}
    </g>
  );
}

function Sample({ mark, hatch }: { mark: LegendItem['mark']; hatch: string }) {
  switch (mark) {
    case 'optimum':
      return <rect y={4} width={16} height={10} fill={seriesFill(mark)} />;
    case 'prior':
    case 'human':
    case 'yours':
      return <rect y={7.5} width={16} height={3} fill={seriesFill(mark)} />;
    case 'whisker':
      return <path d="M1 6v6M1 9h14M15 6v6" fill="none" stroke="var(--ink)" />;
    case 'truth':
      return <path d={diamond(8, 9)} fill="var(--ink)" />;
    case 'cap':
      return <line x1={8} x2={8} y1={2} y2={16} stroke="var(--ink-2)" />;
    case 'tried':
      return (
        <line x1={8} x2={8} y1={2} y2={16} stroke="var(--ink-2)" strokeDasharray={triedDashes} />
      );
    case 'floor':
      return <path d="M11 3h-3v12h3" fill="none" stroke="var(--ink-2)" />;
    case 'binding':
      return (
        <>
          <line x1={5} x2={5} y1={2} y2={16} stroke="var(--binding)" strokeWidth={1.5} />
          <rect x={5} y={2} width={7} height={14} fill={`url(#${hatch})`} />
        </>
      );
  }
}
