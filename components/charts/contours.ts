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
  const kept: Vertex[] = [];
  polygon.forEach((from, index) => {
    const to = polygon[(index + 1) % polygon.length];
    const isIn = sign * (from.value - level) >= 0;
    const willBeIn = sign * (to.value - level) >= 0;
    if (isIn) kept.push(from);
    if (isIn !== willBeIn) {
      const share = (level - from.value) / (to.value - from.value);
      kept.push({
        x: from.x + share * (to.x - from.x),
        y: from.y + share * (to.y - from.y),
        value: level,
      });
    }
  });
  return kept;
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
