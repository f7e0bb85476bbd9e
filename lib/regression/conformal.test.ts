import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStream } from '../model/random';
import { bandLevels } from '../model/regressor';
import { bandsOf } from './bands';

describe('conformal bands', () => {
  it('cover a row held out from any set of distinct residuals as often as requested, and hardly more', () => {
    const residuals = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), {
      minLength: 21,
      maxLength: 60,
    });
    fc.assert(
      fc.property(residuals, fc.constantFrom(...bandLevels), (list, level) => {
        const covered = list.filter((residual, index) => {
          const others = Float64Array.from(list.filter((_, other) => other !== index));
          return residual <= bandsOf(others, 'out-of-fold').halfWidths[level];
        });
        const share = covered.length / list.length;
        expect(share).toBeGreaterThanOrEqual(level / 100 - 1e-12);
        expect(share).toBeLessThanOrEqual(level / 100 + 1 / list.length + 1e-12);
      }),
    );
  });

  it('cover between the level and 1 / (n + 1) more on average, whatever the residuals look like', () => {
    const trials = 6000;
    const n = 39;
    const held = { 80: 0, 90: 0, 95: 0 };
    for (let seed = 0; seed < trials; seed++) {
      const random = createRandomStream(seed);
      // One draw shifts all residuals of a trial: they are exchangeable, but not independent.
      const shift = random.normal();
      const draw = () => random.normal() * random.exponential() + shift;
      const { halfWidths } = bandsOf(Float64Array.from({ length: n }, draw), 'leave-one-out');
      const unseen = Math.abs(draw());
      for (const level of bandLevels) if (unseen <= halfWidths[level]) held[level]++;
    }
    for (const level of bandLevels) {
      // Give or take three standard errors of a share over so many trials.
      const luck = 3 * Math.sqrt(((level / 100) * (1 - level / 100)) / trials);
      expect(held[level] / trials).toBeGreaterThan(level / 100 - luck);
      expect(held[level] / trials).toBeLessThan(level / 100 + 1 / (n + 1) + luck);
    }
  });

  it('take the place that the level asks for, exactly', () => {
    const nine = Float64Array.from({ length: 9 }, (_, index) => index + 1);
    expect(bandsOf(nine, 'out-of-fold')).toEqual({
      rows: 'out-of-fold',
      // Places 8, 9 and, where too few for the level, the largest.
      halfWidths: { 80: 8, 90: 9, 95: 9 },
    });
    const many = Float64Array.from({ length: 99 }, (_, index) => 99 - index);
    expect(bandsOf(many, 'out-of-fold').halfWidths).toEqual({ 80: 80, 90: 90, 95: 95 });
  });

  it('ignore signs and missing residuals', () => {
    const { halfWidths } = bandsOf(Float64Array.of(-3, Number.NaN, 1, 2, 0), 'leave-one-out');
    expect(halfWidths[80]).toBe(3);
    expect(bandsOf(Float64Array.of(Number.NaN), 'leave-one-out').halfWidths[90]).toBeNaN();
  });
});
