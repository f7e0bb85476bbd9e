/**
 * The layout of parallel coordinates: positions and scales of axes, paths of lines, the nearest
 * line, and which rows to draw. No React.
 */
import { labelSize, linearAxis, paddedDomain, subsample } from './plot-geometry';
import { tenth } from './rounds';
import { textWidth, widestText } from './text-fit';

/** One quantity that every run has. */
export interface ParallelAxis {
  /** Unique in the chart. */
  readonly key: string;
  readonly label: string;
  /** Empty when unknown. */
  readonly unit: string;
  /** One per run: weights 0..1, or a target in its unit; NaN = not measured. */
  readonly values: Float64Array;
  readonly kind: 'weight' | 'target';
  /** Which way a target is better. */
  readonly direction?: 'lower' | 'higher';
}

/** The position of one axis, and the map between its values and its length. */
export interface AxisPlace {
  readonly x: number;
  /** Space on its right for its own labels and title, in pixels; 0 for a weight. */
  readonly aside: number;
  /** Smallest and largest value on the axis. */
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  /** Share of the length below a value: 0 at the bottom, 1 at the top; outside 0..1 beyond them. */
  share(value: number): number;
  /** The value at a share of the length; exactly an end of `domain` at 0 and 1. */
  at(share: number): number;
}

export interface ParallelGeometry {
  /** May exceed the given width: then the chart scrolls sideways. */
  readonly width: number;
  readonly height: number;
  /** Top and bottom of every axis, in pixels. */
  readonly top: number;
  readonly bottom: number;
  /** Space on the left for the labels of the weights, in pixels. */
  readonly left: number;
  readonly places: readonly AxisPlace[];
  /** Whether labels are rotated because an axis is narrower than its label. */
  readonly upright: boolean;
  /** Pixels a label may take along its direction. */
  readonly labelRoom: number;
}

const axisLength = 176;
/** Wide enough for a finger on a handle. */
const narrowest = 36;
const longestLabel = 132;
/** Space that a handle takes outside the end of its axis. */
export const handleRoom = 24;
/** From an axis to its labels: beyond half of a handle. */
export const tickGap = 16;
const titleRoom = 20;

/**
 * Lays the axes out from left to right over `room` pixels, or over more where they would be too
 * close. Weights share one scale, so that lines can be compared between domains; the root of a
 * weight is drawn, so that a few percent are distinguishable from none.
 *
 * @param above pixels to leave free above the labels
 * @param extra further weights to show, 0..1: those of mixtures drawn over the runs
 */
export function parallelGeometry(
  axes: readonly ParallelAxis[],
  extra: readonly number[],
  above: number,
  room: number,
): ParallelGeometry {
  const scales = scalesOf(axes, extra);
  const weights = axes.some(({ kind }) => kind === 'weight');
  const left = weights
    ? tickRoom(scales[axes.findIndex(({ kind }) => kind === 'weight')]) + 10
    : 24;
  // A target has labels of its own on its right.
  const asides = axes.map(({ kind }, index) => (kind === 'target' ? tickRoom(scales[index]) : 0));
  const right = Math.max(22, asides[axes.length - 1] ?? 0);
  const inner = asides.slice(0, -1).reduce((sum, aside) => sum + aside, 0);
  const gaps = Math.max(1, axes.length - 1);
  const step = Math.max(narrowest, Math.floor((room - left - right - inner) / gaps));

  const widths = axes.map(({ label }) => textWidth(label, labelSize));
  const upright =
    widths.some((width) => width > step - 8) ||
    (widths[0] ?? 0) / 2 > left ||
    (widths[axes.length - 1] ?? 0) / 2 > right;
  const labelRoom = upright ? Math.min(Math.max(0, ...widths), longestLabel) : step - 8;
  const top = above + (upright ? Math.ceil(labelRoom) + 4 : 18) + handleRoom;
  const bottom = top + axisLength;

  let x = left;
  const places = scales.map((scale, index) => {
    const place = { ...scale, x: tenth(x), aside: asides[index] };
    x += step + asides[index];
    return place;
  });
  const width = Math.max(room, (places[places.length - 1]?.x ?? left) + right);
  return { width, height: bottom + handleRoom + 20, top, bottom, left, places, upright, labelRoom };
}

/** The pixel of a value on its axis; beyond the ends for values beyond them. */
export function heightOf(geometry: ParallelGeometry, place: AxisPlace, value: number): number {
  const { top, bottom } = geometry;
  return tenth(bottom - place.share(value) * (bottom - top));
}

/** The share of an axis below a pixel; outside 0..1 beyond the ends of the axis. */
export function shareAt({ top, bottom }: ParallelGeometry, y: number): number {
  return (bottom - y) / (bottom - top);
}

/** The line of a run through all axes, as a path with a gap where a value is missing. */
export function linePath(geometry: ParallelGeometry, values: readonly number[]): string {
  let path = '';
  let pen = 'M';
  geometry.places.forEach((place, index) => {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      pen = 'M';
      return;
    }
    path += `${pen}${place.x} ${heightOf(geometry, place, value)}`;
    pen = 'L';
  });
  return path;
}

/** The values of one row on every axis. */
export function rowValues(axes: readonly ParallelAxis[], row: number): number[] {
  return axes.map(({ values }) => values[row]);
}

/** The row whose line passes nearest above or below a pixel, or null when none is within `reach`. */
export function nearestRow(
  geometry: ParallelGeometry,
  axes: readonly ParallelAxis[],
  rows: readonly number[],
  x: number,
  y: number,
  reach: number,
): number | null {
  const { places } = geometry;
  const next = places.findIndex((place) => place.x >= x);
  const to = next < 0 ? places.length - 1 : Math.max(1, next);
  const from = to - 1;
  if (from < 0 || x < places[0].x - reach || x > places[places.length - 1].x + reach) return null;
  const span = places[to].x - places[from].x;
  const along = Math.max(0, Math.min(1, (x - places[from].x) / span));
  let nearest: number | null = null;
  let least = reach;
  for (const row of rows) {
    const start = heightOf(geometry, places[from], axes[from].values[row]);
    const end = heightOf(geometry, places[to], axes[to].values[row]);
    const distance = Math.abs(start + along * (end - start) - y);
    // Comparisons with NaN are false, so rows with a missing value are never nearest.
    if (distance <= least) {
      least = distance;
      nearest = row;
    }
  }
  return nearest;
}

/**
 * The best tenth of the measured runs by a target, rounded up; a tie with the last of them counts too.
 *
 * @returns one per run, 1 = is one of them; null where fewer than ten were measured
 */
export function bestTenth({ values, direction }: ParallelAxis): Uint8Array | null {
  const sign = direction === 'higher' ? -1 : 1;
  const ranked = values
    .filter(Number.isFinite)
    .map((value) => sign * value)
    .sort();
  if (ranked.length < 10) return null;
  const worst = ranked[Math.ceil(ranked.length / 10) - 1];
  return Uint8Array.from(values, (value) => (sign * value <= worst ? 1 : 0));
}

type Scale = Omit<AxisPlace, 'x' | 'aside'>;

function scalesOf(axes: readonly ParallelAxis[], extra: readonly number[]): Scale[] {
  let largest = 0;
  for (const weight of extra) if (weight > largest) largest = weight;
  for (const { kind, values } of axes) {
    if (kind !== 'weight') continue;
    for (const weight of values) if (weight > largest) largest = weight;
  }
  const weights = weightScale(largest);
  return axes.map(({ kind, values }) => (kind === 'weight' ? weights : targetScale(values)));
}

/** An axis of weights from 0 to the round weight above the largest, by their roots. */
function weightScale(largest: number): Scale {
  const step = largest > 0.2 ? 0.05 : 0.01;
  const high = Math.min(1, Math.max(1, Math.ceil(largest / step - 1e-9)) * step);
  return {
    domain: [0, high],
    ticks: rootTicks(high),
    format: (weight) => `${Number((weight * 100).toPrecision(3))}%`,
    share: (weight) => Math.sqrt(Math.max(0, weight) / high),
    at: (share) => share * share * high,
  };
}

/**
 * Round weights (1, 2 or 5 of a power of ten) that are far enough apart on an axis of roots up to
 * `high`.
 */
export function rootTicks(high: number): number[] {
  const apart = 22 / axisLength;
  const ticks: number[] = [];
  let edge = Number.POSITIVE_INFINITY;
  for (let power = 0; power >= -5; power--) {
    for (const digit of [5, 2, 1]) {
      const weight = Number(`${digit}e${power}`);
      const share = Math.sqrt(weight / high);
      if (weight > high || edge - share < apart || share < apart) continue;
      ticks.unshift(weight);
      edge = share;
    }
  }
  return [0, ...ticks];
}

function targetScale(values: Float64Array): Scale {
  const domain = paddedDomain(values, 0.04);
  const [low, high] = domain;
  const { ticks, format } = linearAxis(domain, 5, '');
  return {
    domain,
    ticks,
    format,
    share: (value) => (value - low) / (high - low),
    at: (share) => (share >= 1 ? high : low + share * (high - low)),
  };
}

/** Width of the labels of an axis and its rotated title beside it. */
function tickRoom({ ticks, format }: Scale): number {
  return Math.ceil(widestText(ticks.map(format), labelSize)) + tickGap + titleRoom;
}

/** Points of all lines together beyond which drawing them freezes the page. */
const maxPoints = 60_000;

/** Maximum number of lines for a number of axes: more would hide one another or be slow to draw. */
export function maxLines(axes: number): number {
  return Math.max(200, Math.min(1500, Math.floor(maxPoints / Math.max(1, axes))));
}

/**
 * The rows to draw: those inside the brushes first, up to the limit, then others up to the rest of
 * it, both sampled at random with a fixed seed.
 *
 * @param inside one per run: 1 = inside every brush
 */
export function shownRows(
  inside: Uint8Array,
  axes: number,
): { readonly inside: readonly number[]; readonly outside: readonly number[] } {
  const limit = maxLines(axes);
  const rows: [number[], number[]] = [[], []];
  inside.forEach((one, row) => {
    rows[one === 1 ? 0 : 1].push(row);
  });
  const [within, without] = rows;
  const sample = subsample(within.length, limit, 1).map((place) => within[place]);
  const rest = subsample(without.length, limit - sample.length, 1).map((place) => without[place]);
  return { inside: sample, outside: rest };
}
