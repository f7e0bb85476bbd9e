'use client';

/** The strip plot of the weights that were tried per domain, with its legend. */
import { memo, useMemo } from 'react';
import { formatPercent, plural } from '../../lib/model/format';
import { FormerMark, HumanMark, OptimumMark, PriorMark } from './marks';
import { StaticPlot, useWidth } from './plot-box';
import {
  type Axis,
  type PlotFrame,
  type PlotScales,
  percentAxis,
  plotScales,
  quantile,
  subsample,
  tickCount,
} from './plot-geometry';
import { circlePath, RoundSample, roundItems, roundMark, roundsPresent, tenth } from './rounds';
import { rowHeightFor, rowHover } from './row-height';
import { flowLegend, legendText, shorten, widestText } from './text-fit';

/** One domain: its weight in every run, and in the mixtures to compare. Shares, 0..1. */
export interface StripRow {
  readonly label: string;
  /** One per run. */
  readonly values: Float64Array;
  readonly prior: number;
  readonly human: number | null;
  readonly optimum: number | null;
  /** In the optimum before the last edit; none by default. */
  readonly former?: number | null;
  /** The domain's, of the optimum's marks; ink by default. */
  readonly color?: string;
  /** One per run that is left out of the study; none by default. */
  readonly leftOut?: Float64Array;
}

const noRuns: ReadonlySet<number> = new Set();
const noWeights = new Float64Array(0);
const initialWidth = 720;
/** More marks than this in a row merge into a bar. */
const maxMarks = 1000;

/**
 * Which weights of each domain were tried: one mark per run, the middle half, and the weights of
 * other mixtures.
 */
export function StripPlot({
  rows,
  rounds = null,
  brushed = null,
  unfitted = noRuns,
  hovered,
  onHover,
}: {
  rows: readonly StripRow[];
  /** The round of every run in `values`; null when all are of the first. */
  rounds?: Int32Array | null;
  /** One per run in `values`, 1 = inside the brushes; null when nothing is brushed. */
  brushed?: Uint8Array | null;
  /** Places in `values` of the runs that are far from the rest and not fitted. */
  unfitted?: ReadonlySet<number>;
  hovered: number | null;
  onHover: (row: number | null) => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const rowHeight = rowHeightFor(rows.length);
  const fontSize = rowHeight >= 18 ? 12 : 10;
  const present = useMemo(() => roundsPresent(rounds), [rounds]);
  const leftOut = (rows[0]?.leftOut?.length ?? 0) > 0;
  const items = stripItems(
    {
      human: rows.some(({ human }) => human !== null),
      optimum: rows.some(({ optimum }) => optimum !== null),
      former: rows.some(({ former }) => former != null),
      unfitted: unfitted.size > 0,
      leftOut,
    },
    present,
  );
  const legend = flowLegend(
    items.map(({ label }) => label),
    width,
  );
  const top = legend.height + 6;
  const height = top + rows.length * rowHeight + 42;
  const labels = Math.min(
    widestText(
      rows.map(({ label }) => label),
      fontSize,
    ),
    width * 0.36,
  );
  const frame = useMemo(
    () => frameOf(width, height, top, Math.ceil(labels) + 12),
    [width, height, top, labels],
  );
  const scales = useMemo(() => plotScales(frame), [frame]);
  return (
    <div
      ref={ref}
      className="chart"
      role="img"
      aria-label={summarise(rows, unfitted)}
      style={{ height }}
      {...rowHover(rows.length, scales.top, rowHeight, hovered, onHover)}
    >
      <StaticPlot frame={frame}>
        <StripLegend items={items} width={width} />
        {rows.map((row, index) => (
          <g
            key={row.label}
            className="chart-row"
            opacity={hovered === null || hovered === index ? undefined : 0.55}
          >
            {hovered === index && (
              <rect
                y={scales.top + index * rowHeight}
                width={width}
                height={rowHeight}
                fill="var(--accent-soft)"
              />
            )}
            <text y={scales.top + (index + 0.5) * rowHeight + fontSize * 0.36} fontSize={fontSize}>
              {shorten(row.label, fontSize, labels)}
              <title>{row.label}</title>
            </text>
            <Runs
              values={row.values}
              rounds={rounds}
              brushed={brushed}
              unfitted={unfitted}
              leftOut={row.leftOut ?? noWeights}
              top={scales.top + index * rowHeight}
              height={rowHeight}
              scales={scales}
            />
            <Comparison
              row={row}
              top={scales.top + index * rowHeight}
              height={rowHeight}
              scales={scales}
            />
          </g>
        ))}
      </StaticPlot>
    </div>
  );
}

function summarise(rows: readonly StripRow[], unfitted: ReadonlySet<number>): string {
  const leftOut = rows[0]?.leftOut?.length ?? 0;
  return [
    `Weights of ${rows.length} domains in ${rows[0]?.values.length ?? 0} runs, from 0% to 100%.`,
    ...(unfitted.size > 0 ? [`${plural(unfitted.size, 'run')} not fitted.`] : []),
    ...(leftOut > 0 ? [`${plural(leftOut, 'run')} left out.`] : []),
  ].join(' ');
}

/**
 * The runs of one domain: a tick each, the mark of a later round, or a cross where it is not fitted; a
 * bar over the middle half, a longer tick at the median. Runs outside the brushes are faint; bar and
 * median are of all runs but those that are left out, which are circles.
 */
const Runs = memo(function Runs({
  values,
  rounds,
  brushed,
  unfitted,
  leftOut,
  top,
  height,
  scales,
}: {
  values: Float64Array;
  rounds: Int32Array | null;
  brushed: Uint8Array | null;
  unfitted: ReadonlySet<number>;
  leftOut: Float64Array;
  top: number;
  height: number;
  scales: PlotScales;
}) {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return null;
  const drawn = subsample(values.length, maxMarks, 1).filter((run) => !unfitted.has(run));
  const crosses = [...unfitted].filter((run) => run < values.length);
  const middleY = top + height / 2;
  const isClear = (run: number) => brushed === null || brushed[run] === 1;
  const clear = drawn.filter(isClear);
  const marks = (runs: readonly number[], round: number) =>
    runs
      .filter((run) => (rounds?.[run] ?? 0) === round)
      .map((run) => {
        const x = tenth(scales.x(values[run]));
        return round === 0
          ? `M${x.toFixed(1)} ${top + 4}v${height - 8}`
          : roundMark(round).shape(x, top + height / 2, height >= 18 ? 3.2 : 2.4);
      })
      .join('');
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => scales.x(quantile(sorted, share)));
  return (
    <>
      <rect
        x={low}
        y={top + height / 2 - 2}
        width={Math.max(1, high - low)}
        height={4}
        fill="var(--prior)"
        fillOpacity={0.55}
      />
      {brushed && (
        <path
          d={drawn
            .filter((run) => !isClear(run))
            .map((run) => `M${tenth(scales.x(values[run]))} ${top + 4}v${height - 8}`)
            .join('')}
          stroke="var(--ink)"
          strokeOpacity={0.07}
        />
      )}
      {roundsPresent(rounds).map((round) =>
        round === 0 ? (
          <path
            key={round}
            d={marks(clear, round)}
            stroke="var(--ink)"
            strokeOpacity={clear.length > 300 ? 0.18 : 0.3}
          />
        ) : (
          <path
            key={round}
            d={marks(clear, round)}
            fill={roundMark(round).color}
            fillOpacity={0.8}
          />
        ),
      )}
      <path
        data-runs="left-out"
        d={Array.from(leftOut, (weight) => circlePath(scales.x(weight), middleY, 3)).join('')}
        fill="none"
        stroke="var(--ink)"
      />
      <path
        data-runs="unfitted"
        d={crosses.map((run) => cross(tenth(scales.x(values[run])), middleY)).join('')}
        fill="none"
        stroke="var(--ink)"
        strokeWidth={1.5}
      />
      <line
        x1={middle}
        x2={middle}
        y1={top + 1}
        y2={top + height - 1}
        stroke="var(--ink)"
        strokeWidth={1.5}
      />
    </>
  );
});

/** Prior, human, the former optimum and the optimum. */
function Comparison({
  row,
  top,
  height,
  scales,
}: {
  row: StripRow;
  top: number;
  height: number;
  scales: PlotScales;
}) {
  const y = top + height / 2;
  return (
    <>
      <PriorMark x={scales.x(row.prior)} y={y} size={Math.min(9, height / 2 - 1)}>
        <title>{`prior ${formatPercent(row.prior, 1)}`}</title>
      </PriorMark>
      {row.human !== null && <HumanMark x={scales.x(row.human)} y={y} size={5} />}
      {row.former != null && (
        <FormerMark x={scales.x(row.former)} y={y} size={5} color={row.color}>
          <title>{`before the last edit ${formatPercent(row.former, 1)}`}</title>
        </FormerMark>
      )}
      {row.optimum !== null && (
        <OptimumMark x={scales.x(row.optimum)} y={y} size={5} color={row.color} />
      )}
    </>
  );
}

/** A cross around a pixel: a run that is not fitted, as in the scatter. */
function cross(x: number, y: number): string {
  return `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`;
}

function frameOf(width: number, height: number, top: number, left: number): PlotFrame {
  const x = percentAxis(
    [0, 1],
    Math.min(6, tickCount(width - left, 36)),
    'weight in a run (% of tokens)',
  );
  const y: Axis = { domain: [0, 1], ticks: [], title: '', format: String };
  return { width, height, margin: { top, right: 18, bottom: 42, left }, x, y };
}

const shapes = {
  run: <path d="M8 3v12" stroke="var(--ink)" strokeOpacity={0.4} />,
  unfitted: <path d={cross(8, 9)} fill="none" stroke="var(--ink)" strokeWidth={1.5} />,
  leftOut: <path d={circlePath(8, 9, 3)} fill="none" stroke="var(--ink)" />,
  half: <rect y={7} width={16} height={4} fill="var(--prior)" fillOpacity={0.55} />,
  prior: <PriorMark x={8} y={9} />,
  human: <HumanMark x={8} y={9} size={5} />,
  optimum: <OptimumMark x={8} y={9} size={5} />,
  former: <FormerMark x={8} y={9} size={5} />,
};

interface Item {
  /** A number is a round, as a mark. */
  readonly shape: keyof typeof shapes | number;
  readonly label: string;
}

/**
 * What the legend of a strip plot names.
 *
 * @param rounds those that occur, ascending
 */
function stripItems(
  present: Readonly<Record<'human' | 'optimum' | 'former' | 'unfitted' | 'leftOut', boolean>>,
  rounds: readonly number[],
): Item[] {
  const [first, ...later] = roundItems(rounds);
  return [
    { shape: first?.round ? first.round : 'run', label: first?.label ?? 'a run' },
    ...later.map(({ round, label }) => ({ shape: round, label })),
    ...(present.unfitted ? [{ shape: 'unfitted' as const, label: 'not fitted' }] : []),
    ...(present.leftOut ? [{ shape: 'leftOut' as const, label: 'left out' }] : []),
    { shape: 'half', label: 'middle half' },
    { shape: 'prior', label: 'prior' },
    ...(present.human ? [{ shape: 'human' as const, label: 'human' }] : []),
    ...(present.optimum ? [{ shape: 'optimum' as const, label: 'optimum' }] : []),
    ...(present.former ? [{ shape: 'former' as const, label: 'before the last edit' }] : []),
  ];
}

/** The marks of a strip plot as they look in it. */
function StripLegend({ items, width }: { items: readonly Item[]; width: number }) {
  const { places } = flowLegend(
    items.map(({ label }) => label),
    width,
  );
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {items.map(({ shape, label }, index) => (
        <g key={shape} transform={`translate(${places[index].x} ${places[index].y})`}>
          {typeof shape === 'number' ? <RoundSample round={shape} /> : shapes[shape]}
          <text x={legendText} y={13}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}
