import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { columnOf, rowOf } from '../model/matrix';
import { sampleDirichlet } from './sampling';

describe('sampleDirichlet', () => {
  it('has the mean and variance of the closed form', () => {
    const concentration = Float64Array.of(0.1, 0.5, 1, 3);
    const total = 4.6;
    const n = 50_000;
    const drawn = runJob(sampleDirichlet(concentration, n, 3));
    concentration.forEach((alpha, domain) => {
      const column = columnOf(drawn, domain);
      const mean = column.reduce((sum, value) => sum + value, 0) / n;
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
      const expected = (alpha * (total - alpha)) / (total * total * (total + 1));
      expect(Math.abs(mean - alpha / total)).toBeLessThan(6 * Math.sqrt(expected / n));
      expect(Math.abs(variance / expected - 1)).toBeLessThan(0.06);
    });
  });

  it('sums to 1 without negative weights, and gives nothing where the concentration is 0', () => {
    const alphas = fc.array(fc.double({ min: 1e-4, max: 20, noNaN: true }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(alphas, fc.nat(), (list, seed) => {
        const drawn = runJob(sampleDirichlet(Float64Array.of(0, ...list), 5, seed));
        for (let row = 0; row < 5; row++) {
          const mixture = rowOf(drawn, row);
          expect(mixture[0]).toBe(0);
          expect(Math.min(...mixture)).toBeGreaterThanOrEqual(0);
          expect(mixture.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it('repeats itself with the same seed and differs with another', () => {
    const draw = (seed: number) =>
      Array.from(runJob(sampleDirichlet(Float64Array.of(1, 2), 3, seed)).values);
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
});
