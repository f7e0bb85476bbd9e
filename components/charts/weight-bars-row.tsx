import { formatPercent } from '../../lib/format';
import type { Series, WeightGeometry, WeightRow } from './weight-bars-geometry';

const fills: Record<Series, string> = {
  optimum: 'var(--accent)',
  prior: 'var(--prior)',
  human: 'var(--human)',
  yours: 'var(--yours)',
};

/** The fill of a series: the same in bars and legend. */
export function seriesFill(series: Series): string {
  return fills[series];
}

/** The mark of a true weight round a point: the same in bars and legend. */
export function diamond(x: number, y: number): string {
  return `M${x} ${y - 5}l5 5l-5 5l-5 -5z`;
}

/** One domain: label, optimum in percent, bars, and the marks of its limits. */
export function WeightBarsRow({
  row,
  label,
  index,
  geometry,
  hatch,
  state,
}: {
  row: WeightRow;
  /** The label as it fits. */
  label: string;
  index: number;
  geometry: WeightGeometry;
  /** Id of the hatch pattern. */
  hatch: string;
  state: 'plain' | 'lit' | 'dim';
}) {
  const { rowHeight, left, right, x } = geometry;
  const top = geometry.top + index * rowHeight;
  const baseline = top + rowHeight / 2 + geometry.fontSize * 0.36;
  // Weights that round to zero step back, so that the mixture reads at a glance.
  const weighs = row.optimum !== null && row.optimum >= 0.0005;
  const atFloor =
    row.binding && row.lower > 0 && (row.optimum ?? 0) - row.lower < row.upper - (row.optimum ?? 0);
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
        {row.optimum === null ? '…' : formatPercent(row.optimum, 1)}
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
        />
      )}
      {row.upper < 1 && row.upper > geometry.largest && (
        <path
          data-mark="cap-beyond"
          d={`M${right + 3} ${top + rowHeight / 2 - 3}l3 3l-3 3`}
          fill="none"
          stroke="var(--ink-2)"
        >
          <title>{`cap ${formatPercent(row.upper, 1)}, beyond the axis`}</title>
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

/** How far the optimum's weight moves over refits: a line with ends, outlined so that it shows on the bar. */
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
