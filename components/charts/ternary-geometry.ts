/**
 * Geometry of the ternary chart: the triangle, its grid, filled contours and keyboard moves. No
 * React.
 */
import { scaleLinear } from 'd3-scale';
import { formatNumber, formatPercent } from '../../lib/model/format';

/** Shares of three corners, summing to 1. */
export type Triple = readonly [number, number, number];

/** Approximate number of bands of the filled contours. */
const bandCount = 9;
const height = Math.sqrt(3) / 2;

/** The triangle in the chart: its corners, in pixels. */
export interface TernaryFrame {
  /** Left, right and top corner. */
  readonly corners: readonly [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  readonly side: number;
}

/** The largest triangle that leaves space for labels in a chart of this width. */
export function ternaryFrame(width: number): TernaryFrame & { readonly height: number } {
  const room = { side: 56, top: 40, bottom: 56 };
  const side = Math.max(120, Math.min(560, width - 2 * room.side));
  const left = (width - side) / 2;
  const bottom = room.top + side * height;
  return {
    side,
    corners: [
      [left, bottom],
      [left + side, bottom],
      [left + side / 2, room.top],
    ],
    height: bottom + room.bottom,
  };
}

/** Position of a mixture of the three corners, in pixels. */
export function placeOf({ corners }: TernaryFrame, [a, b, c]: Triple): readonly [number, number] {
  const at = (axis: 0 | 1) =>
    Math.round((a * corners[0][axis] + b * corners[1][axis] + c * corners[2][axis]) * 100) / 100;
  return [at(0), at(1)];
}

/** The mixture at a position, moved to the nearest one inside the triangle. */
export function tripleAt({ corners, side }: TernaryFrame, x: number, y: number): Triple {
  const top = (corners[0][1] - y) / (side * height);
  const right = (x - corners[0][0]) / side - top / 2;
  const shares = [1 - top - right, right, top].map((share) => Math.max(0, share));
  const total = shares[0] + shares[1] + shares[2];
  return [shares[0] / total, shares[1] / total, shares[2] / total];
}

/** Mixtures on an even grid over the triangle, row by row from the bottom: (steps + 1)(steps + 2) / 2. */
export function gridPoints(steps: number): Triple[] {
  const points: Triple[] = [];
  for (let top = 0; top <= steps; top++) {
    for (let right = 0; right <= steps - top; right++) {
      points.push([(steps - top - right) / steps, right / steps, top / steps]);
    }
  }
  return points;
}

/** Small triangles between neighbouring points of the grid, as indices into it. */
export function gridTriangles(steps: number): (readonly [number, number, number])[] {
  const triangles: (readonly [number, number, number])[] = [];
  let start = 0;
  for (let top = 0; top < steps; top++) {
    const length = steps - top + 1;
    const next = start + length;
    for (let right = 0; right < length - 1; right++) {
      triangles.push([start + right, start + right + 1, next + right]);
      if (right < length - 2) triangles.push([start + right + 1, next + right + 1, next + right]);
    }
    start = next;
  }
  return triangles;
}

/**
 * Levels at round values that divide the range of the values into about nine bands, ends included.
 */
export function bandLevels(values: ArrayLike<number>): number[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) continue;
    low = Math.min(low, values[index]);
    high = Math.max(high, values[index]);
  }
  if (!(high > low)) return [low, high];
  const inner = scaleLinear()
    .domain([low, high])
    .ticks(bandCount)
    .filter((tick) => tick > low && tick < high);
  return [low, ...inner, high];
}

/** Filled contours as SVG paths, one per band, and the lines between them. */
export function contourPaths(
  frame: TernaryFrame,
  steps: number,
  values: ArrayLike<number>,
  levels: readonly number[],
): { readonly bands: readonly string[]; readonly lines: readonly string[] } {
  const points = gridPoints(steps);
  const vertices: Vertex[] = points.map((shares, index) => {
    const [x, y] = placeOf(frame, shares);
    return { x, y, value: values[index] };
  });
  const bands = new Array<string>(levels.length - 1).fill('');
  const lines = new Array<string>(Math.max(0, levels.length - 2)).fill('');
  for (const [a, b, c] of gridTriangles(steps)) {
    const triangle = [vertices[a], vertices[b], vertices[c]] as const;
    const low = Math.min(vertices[a].value, vertices[b].value, vertices[c].value);
    const high = Math.max(vertices[a].value, vertices[b].value, vertices[c].value);
    for (let band = 0; band < bands.length; band++) {
      if (high < levels[band] || low > levels[band + 1]) continue;
      const polygon = clipToBand(triangle, levels[band], levels[band + 1]);
      if (polygon.length > 2) bands[band] += `M${polygon.map(pair).join('L')}Z`;
      const line = band > 0 ? crossing(triangle, levels[band]) : null;
      if (line) lines[band - 1] += `M${pair(line[0])}L${pair(line[1])}`;
    }
  }
  return { bands, lines };
}

function pair([x, y]: readonly [number, number]): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

/** Corners in the order in which arrow keys move weight to them. */
const towards: Readonly<Record<string, 0 | 1 | 2>> = { ArrowLeft: 0, ArrowRight: 1, ArrowUp: 2 };

/**
 * The mixture after an arrow key: weight moves to a corner from both others, or from the top back.
 */
export function keyedTriple(key: string, shift: boolean, shares: Triple): Triple | null {
  const step = shift ? 0.05 : 0.01;
  if (key === 'ArrowDown') return moved(shares, 2, -step);
  return key in towards ? moved(shares, towards[key], step) : null;
}

/** One corner's share changed, the others scaled in proportion; equally when they had none. */
function moved(shares: Triple, corner: 0 | 1 | 2, by: number): Triple {
  const next = Math.min(1, Math.max(0, Math.round((shares[corner] + by) * 1e6) / 1e6));
  const others = 1 - shares[corner];
  const scaled = shares.map((share, index) => {
    if (index === corner) return next;
    return others > 1e-9 ? (share * (1 - next)) / others : (1 - next) / 2;
  });
  return [scaled[0], scaled[1], scaled[2]];
}

/** A point with the value there. */
export interface Vertex {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

type Point = readonly [x: number, y: number];

/** The part of a triangle whose values lie in a band, for values that are linear over the triangle. */
export function clipToBand(
  triangle: readonly [Vertex, Vertex, Vertex],
  low: number,
  high: number,
): Point[] {
  const above = clipAt(triangle, low, 1);
  return clipAt(above, high, -1).map(({ x, y }) => [x, y]);
}

/** The part of a convex polygon where sign * (value - level) >= 0 (Sutherland and Hodgman 1974). */
function clipAt(polygon: readonly Vertex[], level: number, sign: 1 | -1): Vertex[] {
  const vertices: Vertex[] = [];
  polygon.forEach((from, index) => {
    const to = polygon[(index + 1) % polygon.length];
    const isIn = sign * (from.value - level) >= 0;
    const willBeIn = sign * (to.value - level) >= 0;
    if (isIn) vertices.push(from);
    if (isIn !== willBeIn) {
      const share = (level - from.value) / (to.value - from.value);
      vertices.push({
        x: from.x + share * (to.x - from.x),
        y: from.y + share * (to.y - from.y),
        value: level,
      });
    }
  });
  return vertices;
}

/** Where a level crosses a triangle: two points, or none. */
export function crossing(
  triangle: readonly [Vertex, Vertex, Vertex],
  level: number,
): readonly [Point, Point] | null {
  const points: Point[] = [];
  triangle.forEach((from, index) => {
    const to = triangle[(index + 1) % 3];
    if (from.value >= level === to.value >= level) return;
    const share = (level - from.value) / (to.value - from.value);
    points.push([from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)]);
  });
  return points.length === 2 ? [points[0], points[1]] : null;
}

/** Describes the contours in a sentence. */
export function summarise(
  values: Float64Array | null,
  steps: number,
  corners: readonly string[],
  quantity: string,
): string {
  const what = `Predicted ${quantity} over ${corners.join(', ')}`;
  if (!values) return `${what}.`;
  const points = gridPoints(steps);
  const describeAt = (place: number) =>
    `${formatNumber(values[place], 3)} at ${points[place].map((share, corner) => `${formatPercent(share, 0)} ${corners[corner]}`).join(', ')}`;
  let [low, high] = [0, 0];
  for (let place = 1; place < values.length; place++) {
    if (values[place] < values[low]) low = place;
    if (values[place] > values[high]) high = place;
  }
  return `${what}, by their shares: from ${describeAt(low)} to ${describeAt(high)}.`;
}

/** Weights as shares of their sum; null when the sum is zero. */
export function sharesOf(weights: Triple | null): Triple | null {
  if (!weights) return null;
  const total = weights[0] + weights[1] + weights[2];
  return total > 1e-6 ? [weights[0] / total, weights[1] / total, weights[2] / total] : null;
}

/** In steps of a tenth of a point. */
export function rounded([a, b]: Triple): Triple {
  const left = Math.round(a * 1000) / 1000;
  const right = Math.min(1 - left, Math.round(b * 1000) / 1000);
  return [left, right, Math.max(0, Math.round((1 - left - right) * 1000) / 1000)];
}

/** The value of the grid point nearest to a mixture. */
export function nearestValue(values: Float64Array, steps: number, [, b, c]: Triple): number {
  const top = Math.min(steps, Math.round(c * steps));
  const right = Math.min(steps - top, Math.round(b * steps));
  // Rows below hold steps + 1, steps, ... points.
  const start = top * (steps + 1) - (top * (top - 1)) / 2;
  return values[start + right];
}
