import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countInto, histogram, quantile } from './plot-geometry';

describe('histogram', () => {
  it('follows Freedman and Diaconis where their rule gives 8 to 60 bins', () => {
    // 1,000 values evenly over 0..1: IQR 0.5, so bins are 1 / 10 wide.
    const bins = histogram(Float64Array.from({ length: 1000 }, (_, index) => index / 999));
    expect(bins.counts).toHaveLength(10);
    expect(bins.width).toBeCloseTo(0.1, 12);
    for (const count of bins.counts) expect(Math.abs(count - 100)).toBeLessThanOrEqual(1);
  });

  it('never has fewer than 8 bins nor more than 60', () => {
    expect(histogram([1, 2, 3]).counts).toHaveLength(8);
    const tight = [...Array.from({ length: 99 }, (_, index) => index / 1000), 1000];
    expect(histogram(tight).counts).toHaveLength(60);
  });

  it('gives equal values one bin around them and no values none', () => {
    expect(histogram([5, 5, 5])).toEqual({ start: 4.975, width: 0.05, counts: [3] });
    expect(histogram([Number.NaN]).counts).toEqual([]);
  });

  it('counts every finite value once', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -1000, max: 1000 })), (values) => {
        const counted = histogram(values).counts.reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(values.filter((value) => Number.isFinite(value)).length);
      }),
    );
  });
});

it('interpolates quantiles between neighbours', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4], 0)).toBe(1);
  expect(quantile([1, 2, 3, 4], 1)).toBe(4);
});

describe('countInto', () => {
  it('counts those inside into the bins of all', () => {
    const values = [0, 1, 2, 3, 4, 5, 6, 8];
    const bins = histogram(values);
    const inside = Uint8Array.from(values, (value) => (value < 4 ? 1 : 0));
    expect(countInto(bins, values, inside)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('gives the histogram itself when all are inside', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 80 }),
        (values) => {
          const bins = histogram(values);
          const all = new Uint8Array(values.length).fill(1);
          const counted = countInto(bins, values, all);
          expect(counted.reduce((sum, count) => sum + count, 0)).toBe(values.length);
          expect(counted).toEqual(bins.counts);
        },
      ),
    );
  });
});
