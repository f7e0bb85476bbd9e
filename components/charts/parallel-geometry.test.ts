import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  heightOf,
  linePath,
  nearestRow,
  type ParallelAxis,
  parallelGeometry,
  rootTicks,
  rowValues,
} from './parallel-geometry';

function axes(count: number, rows: readonly (readonly number[])[] = []): ParallelAxis[] {
  return Array.from({ length: count }, (_, place) => ({
    key: `${place}`,
    label: place === count - 1 ? 'Pile CC loss' : `a domain named ${place}`,
    unit: '',
    values: Float64Array.from(rows, (row) => row[place]),
    kind: place === count - 1 ? 'target' : 'weight',
  }));
}

describe('parallelGeometry', () => {
  it('fits the width while axes are wide enough, and grows beyond it', () => {
    for (const [count, room] of [
      [4, 328],
      [18, 1100],
      [6, 1440],
    ]) {
      expect(parallelGeometry(axes(count), [], 18, room).width).toBe(room);
    }
    expect(parallelGeometry(axes(18), [], 18, 328).width).toBeGreaterThan(600);
    expect(parallelGeometry(axes(201), [], 18, 1100).width).toBeGreaterThan(7000);
  });

  it('separates axes in order, and keeps their labels inside', () => {
    for (const count of [1, 2, 5, 18, 60]) {
      const { places, width, left } = parallelGeometry(axes(count), [], 0, 390);
      expect(places[0].x).toBe(left);
      for (let at = 1; at < count; at++) {
        expect(places[at].x - places[at - 1].x).toBeGreaterThanOrEqual(36);
      }
      expect(places[count - 1].x).toBeLessThan(width - 20);
    }
  });

  it('draws a weight by its root, on one scale for all domains', () => {
    const [a, b] = parallelGeometry(axes(3, [[0.4, 0.1, 3]]), [], 0, 500).places;
    expect(a.domain).toEqual([0, 0.4]);
    expect(b.domain).toEqual(a.domain);
    expect(a.share(0.1)).toBeCloseTo(0.5, 12);
  });

  it('includes weights of mixtures above those of all runs', () => {
    const [a] = parallelGeometry(axes(2, [[0.4, 3]]), [0.62], 0, 500).places;
    expect(a.domain[1]).toBeCloseTo(0.65, 12);
  });

  it('maps shares back to their values, and ends to ends exactly', () => {
    const rows = [
      [0.37, 0.1, 2.7],
      [0.2, 0.3, 3.1],
    ];
    const { places } = parallelGeometry(axes(3, rows), [], 0, 500);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        for (const place of places) expect(place.share(place.at(share))).toBeCloseTo(share, 9);
      }),
    );
    for (const place of places) expect([place.at(0), place.at(1)]).toEqual(place.domain);
  });

  it('rotates labels that are wider than their axis', () => {
    expect(parallelGeometry(axes(18), [], 0, 1100).upright).toBe(true);
    const short = axes(3).map((axis) => ({ ...axis, label: 'web' }));
    expect(parallelGeometry(short, [], 0, 500).upright).toBe(false);
  });
});

describe('rootTicks', () => {
  it('labels zero and round weights that are far enough apart', () => {
    expect(rootTicks(1)).toEqual([0, 0.02, 0.1, 0.2, 0.5, 1]);
    for (const high of [0.01, 0.04, 0.3, 0.85]) {
      const shares = rootTicks(high).map((tick) => Math.sqrt(tick / high));
      expect(shares.length).toBeGreaterThan(3);
      for (let at = 1; at < shares.length; at++) {
        expect((shares[at] - shares[at - 1]) * 264).toBeGreaterThanOrEqual(22);
      }
    }
  });
});

describe('linePath', () => {
  const rows = [
    [0.4, 0.1, 3],
    [0.1, 0.4, 2],
  ];
  const drawn = axes(3, rows);
  const geometry = parallelGeometry(drawn, [], 0, 500);

  it('passes every axis at its value', () => {
    const [a, b, c] = geometry.places;
    const path = linePath(geometry, rowValues(drawn, 0));
    expect(path).toBe(
      `M${a.x} ${geometry.top}L${b.x} ${(geometry.top + geometry.bottom) / 2}L${c.x} ${heightOf(geometry, c, 3)}`,
    );
  });

  it('leaves a gap where a value is missing', () => {
    expect(linePath(geometry, [0.1, Number.NaN, 2])).toMatch(/^M[^ML]+M[^ML]+$/);
    expect(linePath(geometry, [Number.NaN, 0.1, 2])).toMatch(/^M[^ML]+L[^ML]+$/);
    expect(linePath(geometry, [0.1, 0.1])).toMatch(/^M[^ML]+L[^ML]+$/);
  });

  it('finds the line at a pixel, and none far from all lines', () => {
    const [a, b] = geometry.places;
    const near = (y: number) => nearestRow(geometry, drawn, [0, 1], (a.x + b.x * 3) / 4, y, 12);
    const at = (row: number) =>
      (heightOf(geometry, a, rows[row][0]) + 3 * heightOf(geometry, b, rows[row][1])) / 4;
    expect(near(at(0) + 4)).toBe(0);
    expect(near(at(1) - 4)).toBe(1);
    expect(near(geometry.bottom)).toBeNull();
    expect(nearestRow(geometry, drawn, [1], a.x, heightOf(geometry, a, 0.4), 12)).toBeNull();
  });
});
