import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageError } from '../../model/errors';
import { runJob } from '../../model/job';
import { fromRows } from '../../model/matrix';
import { binFeatures, binOf, codeRows } from './bins';

/** The bins of a single feature. */
function binColumn(values: readonly number[]) {
  const binned = runJob(binFeatures(fromRows(values.map((value) => [value]))));
  return { bounds: Array.from(binned.upperBounds[0]), binned };
}

const weights = fc.array(
  fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 40 }).map((step) => step / 40),
  ),
  { minLength: 1, maxLength: 120 },
);

describe('binFeatures', () => {
  it('gives zero a bin, and closes a bin at three rows, just above half-way to the next value', () => {
    // 0.1 has three rows; 0.2 and 0.4 together have four; 0.8 is what is left.
    const { bounds, binned } = binColumn([0, 0, 0.1, 0.1, 0.1, 0.2, 0.4, 0.4, 0.4, 0.8]);
    expect(bounds).toHaveLength(4);
    expect(bounds[0]).toBe(Math.fround(1e-35));
    expect(bounds[1]).toBeCloseTo(0.15, 14);
    expect(bounds[2]).toBeGreaterThan((0.4 + 0.8) / 2);
    expect(bounds[2]).toBeCloseTo(0.6, 14);
    expect(bounds[3]).toBe(Number.POSITIVE_INFINITY);
    expect(Array.from(binned.codes)).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 2, 3]);
    expect(binned.impliedBin[0]).toBe(0);
  });

  it('puts each value into the bin whose bounds enclose it, at least three rows but in the last', () => {
    fc.assert(
      fc.property(weights, (values) => {
        const { bounds, binned } = binColumn(values);
        const counts = bounds.map(() => 0);
        values.forEach((value, row) => {
          const code = binned.codes[row];
          counts[code]++;
          expect(value).toBeLessThanOrEqual(bounds[code]);
          if (code > 0) expect(value).toBeGreaterThan(bounds[code - 1]);
        });
        for (const count of counts.slice(1, -1)) expect(count).toBeGreaterThanOrEqual(3);
        const implied = counts.findIndex((count) => count >= 0.7 * values.length);
        expect(binned.impliedBin[0]).toBe(Math.max(0, implied));
      }),
    );
  });

  it('keeps to 255 bins of about one size when there are more values', () => {
    const { bounds, binned } = binColumn(
      Array.from({ length: 5000 }, (_, row) => (row + 1) / 5000),
    );
    expect(bounds.length).toBeGreaterThan(240);
    expect(bounds.length).toBeLessThanOrEqual(255);
    const counts = new Map<number, number>();
    for (const code of binned.codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    for (const count of counts.values()) expect(count).toBeLessThanOrEqual(22);
  });

  it('gives a value that is common among many a bin of its own', () => {
    const values = Array.from({ length: 2000 }, (_, row) => (row + 1) / 2000);
    values.push(...new Array<number>(1000).fill(0.25));
    const { binned } = binColumn(values);
    const own = binned.codes[2000];
    const inside = values.filter((_, row) => binned.codes[row] === own);
    expect(inside.every((value) => Math.abs(value - 0.25) < 0.004)).toBe(true);
    expect(values[499]).toBe(0.25);
    expect(binned.codes[500]).not.toBe(own);
  });

  it('codes other rows by the same bounds', () => {
    const { binned } = binColumn([0, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3]);
    const codes = runJob(codeRows(binned, fromRows([[0], [1e-40], [0.05], [0.1], [0.25], [9]])));
    expect(Array.from(codes)).toEqual([0, 0, 1, 1, 2, 2]);
    const bound = binned.upperBounds[0][1];
    expect(binOf(binned.upperBounds[0], bound)).toBe(1);
  });

  it.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as a weight', (value) => {
    expect(() => binColumn([0.2, value])).toThrow(StageError);
  });
});
