'use client';

/** The histogram of a target, with best, median and worst run. */
import { useCallback, useMemo } from 'react';
import { formatNumber, plural, unitBeside } from '../../lib/model/format';
import { PlotBox, usePlot } from './plot-box';
import {
  type Axis,
  axisTitle,
  countInto,
  type Histogram,
  histogram,
  leftMargin,
  linearAxis,
  type PlotFrame,
  type PlotScales,
  quantile,
  tickCount,
} from './plot-geometry';
import type { PlotSeries } from './plot-series';
import { legendLine, spreadLabels, textWidth } from './text-fit';

const height = 236;
const initialWidth = 480;

interface Mark {
  readonly name: 'best' | 'median' | 'worst';
  readonly value: number;
}

/** A histogram of a target over the runs, with the best, the median and the worst run. */
export function DistributionChart({
  values,
  name,
  unit,
  direction,
  brushed = null,
}: {
  /** One per run, in the target's unit; NaN = not measured. */
  values: Float64Array;
  /** The target: `Pile CC loss`. */
  name: string;
  /** Empty when unknown. */
  unit: string;
  direction: 'lower' | 'higher';
  /** One per run, 1 = inside the brushes; null when nothing is brushed. */
  brushed?: Uint8Array | null;
}) {
  const bins = useMemo(() => histogram(values), [values]);
  const inside = useMemo(
    () => (brushed ? countInto(bins, values, brushed) : null),
    [bins, values, brushed],
  );
  const marks = useMemo(() => marksOf(values, direction), [values, direction]);
  const plot = usePlot(
    initialWidth,
    useCallback(
      (width) => frameOf(bins, axisTitle(name, unit, direction), width, brushed ? legendLine : 0),
      [bins, name, unit, direction, brushed],
    ),
  );
  const series = useMemo(
    () => [
      seriesOf(inside ? 'all runs' : 'runs', bins, bins.counts, inside ? 0.18 : 0.55),
      ...(inside ? [seriesOf('brushed', bins, inside, 0.75)] : []),
    ],
    [bins, inside],
  );
  return (
    <PlotBox
      plot={plot}
      label={`Histogram of ${name}: ${marks
        .map((mark) => `${mark.name} ${formatNumber(mark.value, 3)}`)
        .join(', ')} ${unitBeside(name, unit)}.${inside ? ` ${insideText(inside)}` : ''}`}
      empty={marks.length === 0 ? `${name} was not measured in any of these runs.` : null}
      series={series}
      legend={inside !== null}
    >
      <Spread marks={marks} scales={plot.scales} />
    </PlotBox>
  );
}

/** A histogram as steps: each count holds from its bin's left edge to the next one's. */
function seriesOf(
  name: string,
  bins: Histogram,
  /** Runs per bin. */
  counts: readonly number[],
  opacity: number,
): PlotSeries {
  const edge = (bin: number) => bins.start + bin * bins.width;
  const points = counts.map((count, bin) => ({
    x: edge(bin),
    y: count,
    text: `${plural(count, 'run')} up to ${formatNumber(edge(bin + 1), 3)}`,
  }));
  const last = points.at(-1);
  return {
    kind: 'area',
    name,
    color: 'var(--accent)',
    isStepped: true,
    opacity,
    points: last ? [...points, { ...last, x: edge(counts.length) }] : [],
  };
}

/**
 * Best, median and worst above the bars, and the spread from best to worst that mixtures account
 * for.
 */
function Spread({
  marks,
  scales,
}: {
  /** Best, median and worst; none where nothing was measured. */
  marks: readonly Mark[];
  scales: PlotScales;
}) {
  if (marks.length === 0) return null;
  const ordered = [...marks].sort((a, b) => a.value - b.value);
  const labels = ordered.map((mark) => `${mark.name} ${formatNumber(mark.value, 3)}`);
  const at = ordered.map((mark) => scales.x(mark.value));
  const centers = spreadLabels(
    at,
    labels.map((label) => textWidth(label, 12) + 8),
    [scales.left, scales.right + 10],
  );
  const [low, , high] = at;
  const text = `spread ${formatNumber(ordered[2].value - ordered[0].value, 3)}`;
  const ruler = scales.top - 24;
  return (
    <g fontSize={12}>
      {ordered.map((mark, index) => (
        <g key={mark.name}>
          <line
            x1={at[index]}
            x2={at[index]}
            y1={ruler - 4}
            y2={scales.bottom}
            stroke="var(--ink)"
            strokeDasharray={mark.name === 'median' ? '3 3' : undefined}
          />
          <text
            x={centers[index]}
            y={ruler - 10}
            textAnchor="middle"
            fill="var(--ink)"
            fontWeight={mark.name === 'best' ? 650 : 400}
          >
            {labels[index]}
          </text>
        </g>
      ))}
      <line x1={low} x2={high} y1={ruler} y2={ruler} stroke="var(--ink)" />
      {high - low > textWidth(text, 12) * 2 + 24 && (
        <text x={(at[1] + high) / 2} y={ruler + 16} textAnchor="middle" fill="var(--ink-2)">
          {text}
        </text>
      )}
    </g>
  );
}

function insideText(counts: readonly number[]): string {
  const count = counts.reduce((sum, one) => sum + one, 0);
  return `${plural(count, 'run')} brushed.`;
}

function marksOf(values: Float64Array, direction: 'lower' | 'higher'): Mark[] {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return [];
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  return [
    { name: 'best', value: direction === 'lower' ? low : high },
    { name: 'median', value: quantile(sorted, 0.5) },
    { name: 'worst', value: direction === 'lower' ? high : low },
  ];
}

function frameOf(
  bins: Histogram,
  title: string,
  width: number,
  /** Pixels. */
  legendHeight: number,
): PlotFrame {
  const most = Math.max(1, ...bins.counts);
  const y = countAxis(most);
  const margin = { top: 54 + legendHeight, right: 14, bottom: 42, left: leftMargin(y) };
  const end = bins.start + bins.width * Math.max(1, bins.counts.length);
  const count = tickCount(width - margin.left, 44);
  return { width, height, margin, x: linearAxis([bins.start, end], count, title), y };
}

/** Runs are whole numbers, so labels are too. */
function countAxis(most: number): Axis {
  const axis = linearAxis([0, most * 1.04], 4, 'runs');
  return { ...axis, ticks: axis.ticks.filter(Number.isInteger) };
}
