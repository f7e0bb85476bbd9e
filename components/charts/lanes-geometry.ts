/** The layout of lanes: columns, axis, which rows are drawn, and weights under the pointer. */
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { scrollFrom } from './row-height';
import { widestText } from './text-fit';

/** One domain. Weights and bounds are shares, 0..1. */
export interface Lane {
  readonly id: string;
  readonly label: string;
  /** CSS colour of the domain: see `domainColors`. */
  readonly color: string;
  /** null = not known yet. */
  readonly optimum: number | null;
  readonly prior: number;
  readonly human: number | null;
  readonly yours: number | null;
  /** Weight in the true best mixture; null = not known. */
  readonly truth: number | null;
  /** Weight in the optimum before the last edit; null = there was none. */
  readonly former: number | null;
  /** 5% and 95% of the optimum's weight over refits; null = not known. */
  readonly low: number | null;
  readonly high: number | null;
  /** Smallest weight the limits allow; 0 = no floor. A pin does not count. */
  readonly lower: number;
  /** Largest weight the limits allow, where the lane ends; 1 = no cap. A pin does not count. */
  readonly upper: number;
  /** Whether its cap is the largest weight in a training run. */
  readonly tried: boolean;
  /** Whether the optimum is at its cap or floor. */
  readonly binding: boolean;
  /** Whether the reader has fixed its weight. */
  readonly pinned: boolean;
  /** The weights to which the optimum can be dragged; null = not at all. */
  readonly reach: readonly [number, number] | null;
}

/** A further column, beside the lane: its cells may be edited. */
export interface LaneColumn {
  readonly key: string;
  readonly label: string;
  /** Pixels. */
  readonly width: number;
  readonly numeric?: boolean;
  /** Width of the table from which the column is shown, in pixels; 0 = always. */
  readonly from: number;
  readonly cell: (row: number) => ReactNode;
}

/** What stands under a row once it is unfolded, one row at a time. */
export interface LaneFold {
  /** Width of the table below which rows unfold, in pixels. */
  readonly below: number;
  /** How to, in a few words. */
  readonly hint: string;
  readonly cell: (row: number) => ReactNode;
}

/** What is said beside the dot of a row. */
export interface LaneNote {
  readonly row: number;
  /** @param aimed the weight under the pointer on the lane, within reach; null = none, or the dot itself */
  readonly text: (aimed: number | null) => string;
}

export type LaneScale = 'root' | 'linear';

/** A row is this high, in pixels, whatever is in it. */
export const laneHeight = 32;
/** Room for half a mark at both ends of a lane, in pixels. */
const edge = 16;

/** The horizontal axis of all lanes. Pixels are of the lane's own column. */
export interface LaneAxis {
  readonly width: number;
  /** Pixels of weight 0 and of `largest`. */
  readonly left: number;
  readonly right: number;
  readonly scale: LaneScale;
  /** The weight at the right end. */
  readonly largest: number;
  readonly ticks: readonly { readonly weight: number; readonly label: string }[];
  /** Pixels of a weight; of one beyond the axis, its end. */
  x(weight: number): number;
  /** The weight, 0..1, at a pixel. Beyond the right end it goes on, so that a drag can reach any weight. */
  weightAt(x: number): number;
}

/**
 * An axis from 0 to `largest`. On a root axis positions are proportional to the square root of the weight, so
 * that half a percent and a half are both legible.
 */
export function laneAxis(scale: LaneScale, largest: number, width: number): LaneAxis {
  const left = edge;
  const right = Math.max(left + 40, width - edge);
  const x = (weight: number) => {
    const share = Math.min(1, Math.max(0, weight / largest));
    const along = scale === 'root' ? Math.sqrt(share) : share;
    // A hundredth of a pixel: more digits may differ between the server and the browser.
    return Math.round((left + along * (right - left)) * 100) / 100;
  };
  return {
    width,
    left,
    right,
    scale,
    largest,
    ticks: ticksOf(scale, largest, x),
    x,
    weightAt(pixel) {
      const along = Math.max(0, (pixel - left) / (right - left));
      return Math.min(1, largest * (scale === 'root' ? along * along : along));
    },
  };
}

/** Round weights for a root axis, the first that find room being labelled. */
const rootTicks = [0.1, 0.01, 0.4, 0.2, 0.05, 1, 0.7, 0.02, 0.3, 0.005, 0.5, 0.001];
/** Room for a label, in pixels. */
const tickRoom = 32;

function ticksOf(
  scale: LaneScale,
  largest: number,
  x: (weight: number) => number,
): LaneAxis['ticks'] {
  let weights: number[];
  if (scale === 'linear') {
    const count = Math.max(2, Math.min(6, Math.floor((x(largest) - x(0)) / 56)));
    weights = scaleLinear().domain([0, largest]).ticks(count);
  } else {
    weights = [0, largest];
    for (const weight of rootTicks) {
      const isFree = weights.every((other) => Math.abs(x(other) - x(weight)) >= tickRoom);
      if (weight < largest && isFree) weights.push(weight);
    }
    weights.sort((a, b) => a - b);
  }
  const decimals = (weight: number) => (isWhole(weight * 100) ? 0 : isWhole(weight * 1000) ? 1 : 2);
  return weights.map((weight, place) => ({
    weight,
    label:
      place === weights.length - 1
        ? formatPercent(weight, decimals(weight))
        : formatNumber(weight * 100, decimals(weight)),
  }));
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-9;
}

/**
 * The weight at the right end of the axis: the smallest round one that shows every mark, every cap that binds,
 * and caps that lie little beyond the marks. Lanes with farther caps run to the end.
 */
export function largestWeight(lanes: readonly Lane[]): number {
  let marks = 0.02;
  for (const lane of lanes) {
    const { optimum, prior, human, yours, truth, former, high, lower } = lane;
    for (const weight of [optimum, prior, human, yours, truth, former, high, lower]) {
      marks = Math.max(marks, weight ?? 0);
    }
    if (lane.binding && lane.upper < 1) marks = Math.max(marks, lane.upper);
  }
  let shown = marks;
  for (const { upper } of lanes) {
    if (upper < 1 && upper <= marks * 1.3) shown = Math.max(shown, upper);
  }
  const step = shown > 0.5 ? 0.1 : shown > 0.2 ? 0.05 : 0.01;
  return Math.min(1, Math.ceil(shown / step - 1e-9) * step);
}

/** Widths of the columns that every table of lanes has, in pixels. */
export interface LaneColumns {
  readonly name: number;
  readonly weight: number;
  readonly lane: number;
}

const weightWidth = 60;
const leastLane = 120;
const longestName = 220;
/** Room for a domain's swatch and the gap after its name, in pixels; with the mark of rows that unfold. */
export const nameMargin = { plain: 26, folds: 39 } as const;

/**
 * The columns of a table `width` pixels wide: names give way before lanes do.
 *
 * @param others pixels that the table's further columns take
 * @param margin pixels of a name's cell without its text
 */
export function laneColumns(
  labels: readonly string[],
  width: number,
  others: number,
  margin: number = nameMargin.plain,
): LaneColumns {
  const wanted = Math.min(longestName, Math.ceil(widestText(labels, 13)) + margin);
  const room = width - others - weightWidth;
  const name = Math.max(72, Math.min(wanted, Math.floor(room * 0.42), room - leastLane));
  return { name, weight: weightWidth, lane: Math.max(leastLane, room - name) };
}

/** Room round the centre of a mark, in pixels. */
const markRoom = 10;
/** Room round the dot: it has a grip. */
const gripRoom = 20;

/**
 * Where a text stands in a lane so that it covers no mark of it: as near to the dot as there is room.
 *
 * @param needed pixels that the text takes
 * @returns its left edge in pixels of the lane; null where there is no room
 */
export function placeBetweenMarks(lane: Lane, axis: LaneAxis, needed: number): number | null {
  const { x, width } = axis;
  const { optimum, prior, human, yours, truth, former, low, high, lower, upper, binding } = lane;
  const dot = x(optimum ?? 0);
  const marks = [prior, human, yours, truth, former, ...(lower > 0 ? [lower] : [])];
  const taken: [number, number][] = marks.flatMap((weight) =>
    weight === null ? [] : [[x(weight) - markRoom, x(weight) + markRoom] as [number, number]],
  );
  taken.push([dot - gripRoom, dot + gripRoom]);
  if (low !== null && high !== null) taken.push([x(low) - markRoom / 2, x(high) + markRoom / 2]);
  if (former !== null) taken.push([Math.min(x(former), dot), Math.max(x(former), dot)]);
  // A wall stands behind the cap.
  if (upper < 1 && upper <= axis.largest) taken.push([x(upper) - 4, x(upper) + (binding ? 18 : 4)]);
  taken.sort((a, b) => a[0] - b[0]);
  let best: number | null = null;
  let from = 0;
  for (const [start, end] of [...taken, [width, width] as const]) {
    if (start - from >= needed) {
      const left = dot < from ? from : Math.max(from, Math.min(start, dot) - needed);
      const away = (place: number) => Math.abs(place + needed / 2 - dot);
      if (best === null || away(left) < away(best)) best = left;
    }
    from = Math.max(from, end);
  }
  return best;
}

/** Rows drawn beyond both ends of the window. */
const overscan = 8;

/**
 * Which of many rows are drawn: those in the window and some beyond it, and rows that must not vanish, such as
 * the one that has the focus.
 *
 * @param scrolled pixels scrolled down
 * @param visible pixels of the window
 * @returns places of rows, ascending
 */
export function rowsInWindow(
  count: number,
  scrolled: number,
  visible: number,
  kept: readonly (number | null)[],
): number[] {
  if (count <= scrollFrom) return Array.from({ length: count }, (_, row) => row);
  const first = Math.max(0, Math.floor(scrolled / laneHeight) - overscan);
  const end = Math.min(count, Math.ceil((scrolled + visible) / laneHeight) + overscan);
  const rows = new Set<number>();
  for (let row = first; row < end; row++) rows.add(row);
  for (const row of kept) if (row !== null && row >= 0 && row < count) rows.add(row);
  return [...rows].sort((a, b) => a - b);
}

/**
 * A weight moved to a step of a tenth of a point, within reach. The ends of the reach need not be round.
 */
export function snapped(weight: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, Math.round(weight * 1000) / 1000));
}

/**
 * The weight that a key moves a mark to, within reach: arrows a tenth of a point, with Shift a whole one, pages
 * five; null for other keys.
 */
export function keyedWeight(
  key: string,
  shift: boolean,
  weight: number,
  reach: readonly [number, number],
): number | null {
  const step = shift ? 0.01 : 0.001;
  const steps: Record<string, number> = {
    ArrowRight: step,
    ArrowUp: step,
    ArrowLeft: -step,
    ArrowDown: -step,
    PageUp: 0.05,
    PageDown: -0.05,
  };
  if (key === 'Home') return reach[0];
  if (key === 'End') return reach[1];
  return Object.hasOwn(steps, key) ? snapped(weight + steps[key], reach) : null;
}
