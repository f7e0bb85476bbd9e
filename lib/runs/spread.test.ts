import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureSpread } from './spread';

describe('measureSpread', () => {
  it('knows best, median and worst of a loss', () => {
    const spread = measureSpread(Float64Array.of(3, 1, 2, Number.NaN, 5), 'lower');
    expect(spread).toEqual({ n: 4, best: 1, worst: 4, bestValue: 1, median: 2.5, worstValue: 5 });
  });

  it('turns round for a score', () => {
    const spread = measureSpread(Float64Array.of(0.3, 0.9, 0.5), 'higher');
    expect(spread).toMatchObject({ best: 1, worst: 0, bestValue: 0.9, median: 0.5 });
  });

  it('is empty when nothing was measured', () => {
    expect(measureSpread(Float64Array.of(Number.NaN), 'lower')).toMatchObject({ n: 0, best: -1 });
  });

  it('bounds every measured value', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((drawn) => drawn + 0);
    const values = fc.array(value, { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const { bestValue, median, worstValue } = measureSpread(Float64Array.from(list), 'lower');
        expect(bestValue).toBe(Math.min(...list));
        expect(worstValue).toBe(Math.max(...list));
        expect(list.filter((value) => value <= median).length * 2).toBeGreaterThanOrEqual(
          Math.floor(list.length / 2),
        );
      }),
    );
  });
});
