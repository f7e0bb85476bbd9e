/** The layout of the weight bars: rows, lanes, axis and legend. No React. */
import { scaleLinear } from 'd3-scale';
import { pixelScale } from './plot-geometry';
import { rowHeightFor, scrollFrom } from './row-height';
import { flowLegend, textWidth, widestText } from './text-fit';

/** One domain of the chart. Weights and bounds are shares, 0..1. */
export interface WeightRow {
  readonly id: string;
  readonly label: string;
  /** null = not known yet. */
  readonly optimum: number | null;
  readonly prior: number;
  readonly human: number | null;
  readonly yours?: number | null;
  /** Weight in the true best mixture; null = not known. */
  readonly truth?: number | null;
  /** Ends of the whisker over the optimum: the spread of its weight over refits. */
  readonly low?: number | null;
  readonly high?: number | null;
  /** Smallest weight the limits allow; 0 = no floor. */
  readonly lower: number;
  /** Largest weight the limits allow; 1 = no cap. */
  readonly upper: number;
  /** Whether its cap is the largest weight in a training run. */
  readonly tried?: boolean;
  /** Whether the optimum is at its cap or floor. */
  readonly binding: boolean;
}

export type Series = 'optimum' | 'prior' | 'human' | 'yours';

/** A bar within its row, in pixels from the row's top. */
export interface BarLane {
  readonly series: Series;
  readonly top: number;
  readonly height: number;
}

/** The items of the legend: series and marks that occur in the chart. */
export interface LegendItem {
  readonly mark: Series | 'whisker' | 'truth' | 'cap' | 'tried' | 'binding' | 'floor';
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

export interface WeightGeometry {
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly fontSize: number;
  /** Top of the first row. */
  readonly top: number;
  /** Right edge of the value column; bars begin `valueGap` after it. */
  readonly valueRight: number;
  /** Width of the labels, in pixels. */
  readonly labelWidth: number;
  /** Pixels of weight 0 and of the right end of the axis. */
  readonly left: number;
  readonly right: number;
  readonly lanes: readonly BarLane[];
  readonly ticks: readonly number[];
  /** Largest weight on the axis. */
  readonly largest: number;
  readonly legend: readonly LegendItem[];
  /** Pixels from the left of the chart to a weight. */
  x(weight: number): number;
}

const valueGap = 8;
const edge = 16;
const axisHeight = 34;
const denseAxisHeight = 20;

/** The bars of a row: the optimum on top and thick, the others below it and thin. */
export function barLanes(rowHeight: number, series: readonly Series[]): BarLane[] {
  const thin = rowHeight >= 24 ? 3 : 2;
  // In the thinnest rows colour and length must distinguish the bars: gaps would use up the thick
  // one.
  const gap = rowHeight >= 18 ? 1 : 0;
  const others = series.filter((one) => one !== 'optimum');
  const thick = Math.min(10, rowHeight - 3 - others.length * (thin + gap));
  const used = thick + others.length * (thin + gap);
  const top = Math.max(1, Math.floor((rowHeight - used) / 2));
  return [
    { series: 'optimum' as const, top, height: thick },
    ...others.map((one, place) => ({
      series: one,
      top: top + thick + gap + place * (thin + gap),
      height: thin,
    })),
  ];
}

/**
 * Right end of the axis: the smallest round weight that shows every bar, every binding cap, and
 * caps that lie little beyond the bars. Farther caps would shrink the bars: they are marked at the
 * right end instead.
 */
export function largestWeight(rows: readonly WeightRow[]): number {
  let bars = 0.02;
  for (const row of rows) {
    bars = Math.max(bars, row.optimum ?? 0, row.prior, row.human ?? 0, row.yours ?? 0, row.lower);
    bars = Math.max(bars, row.high ?? 0, row.truth ?? 0);
    if (row.binding && row.upper < 1) bars = Math.max(bars, row.upper);
  }
  let shown = bars;
  for (const { upper } of rows)
    if (upper < 1 && upper <= bars * 1.3) shown = Math.max(shown, upper);
  const step = shown > 0.5 ? 0.1 : shown > 0.2 ? 0.05 : 0.01;
  return Math.min(1, Math.ceil(shown / step - 1e-9) * step);
}

/**
 * The layout of a chart `width` pixels wide.
 *
 * @param hasOptimum whether there is an optimum to draw, or will be
 */
export function weightGeometry(
  rows: readonly WeightRow[],
  humanLabel: string | null,
  width: number,
  hasOptimum = true,
): WeightGeometry {
  const rowHeight = rowHeightFor(rows.length);
  const fontSize = rowHeight >= 18 ? 12 : 10;
  const series: Series[] = ['optimum', 'prior'];
  if (rows.some(({ human }) => human !== null)) series.push('human');
  if (rows.some(({ yours }) => yours !== null && yours !== undefined)) series.push('yours');
  const named = series.filter((one) => hasOptimum || one !== 'optimum');
  const items = legendItems(rows, named, humanLabel);
  const flow = flowLegend(
    items.map(({ label }) => label),
    width,
  );
  const dense = rows.length > scrollFrom;
  const top = flow.height + 6 + (dense ? denseAxisHeight : 0);

  const longest = widestText(
    rows.map(({ label }) => label),
    fontSize,
  );
  const labelWidth = Math.min(longest, width * 0.36);
  const valueRight = labelWidth + 8 + textWidth('100.0%', fontSize);
  const left = valueRight + valueGap;
  const right = Math.max(left + 40, width - edge);
  const largest = largestWeight(rows);
  const count = Math.max(3, Math.min(6, Math.floor((right - left) / 60)));
  return {
    width,
    height: top + rows.length * rowHeight + axisHeight,
    rowHeight,
    fontSize,
    top,
    valueRight,
    labelWidth,
    left,
    right,
    lanes: barLanes(rowHeight, series),
    ticks: scaleLinear().domain([0, largest]).ticks(count),
    largest,
    legend: items.map((item, index) => ({ ...item, ...flow.places[index] })),
    x: pixelScale([0, largest], [left, right]),
  };
}

function legendItems(
  rows: readonly WeightRow[],
  series: readonly Series[],
  humanLabel: string | null,
): Pick<LegendItem, 'mark' | 'label'>[] {
  const names: Record<Series, string> = {
    optimum: 'optimum',
    prior: 'prior',
    human: humanLabel ?? 'human',
    yours: 'yours',
  };
  const items: Pick<LegendItem, 'mark' | 'label'>[] = series.map((mark) => ({
    mark,
    label: names[mark],
  }));
  if (rows.some(({ high }) => typeof high === 'number'))
    items.push({ mark: 'whisker', label: '90% of refits' });
  if (rows.some(({ truth }) => typeof truth === 'number'))
    items.push({ mark: 'truth', label: 'true best' });
  const capped = rows.some(({ upper, tried }) => upper < 1 && !tried);
  const tried = rows.some((row) => row.upper < 1 && row.tried);
  const floored = rows.some(({ lower }) => lower > 0);
  if (capped) items.push({ mark: 'cap', label: 'cap' });
  if (tried) items.push({ mark: 'tried', label: 'largest tried' });
  if (floored) items.push({ mark: 'floor', label: 'floor' });
  if (capped || tried || floored) items.push({ mark: 'binding', label: 'limit that binds' });
  return items;
}
