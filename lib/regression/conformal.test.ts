import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStream } from '../model/random';
import { bandLevels } from '../model/regressor';
import { bandsOf } from './bands';

/** Half-widths of bands round one and the same prediction, so that they do not vary. */
function halfWidthsOf(residuals: Float64Array) {
  const predicted = new Float64Array(residuals.length);
  return bandsOf({ predicted, measured: residuals }, 'out-of-fold').halfWidths;
}

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
          return residual <= (halfWidthsOf(others)[level] ?? Number.NaN);
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
      const halfWidths = halfWidthsOf(Float64Array.from({ length: n }, draw));
      const unseen = Math.abs(draw());
      for (const level of bandLevels)
        if (unseen <= (halfWidths[level] ?? Number.NaN)) held[level]++;
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
    // Places 8, 9 and none: 95% needs 19.
    expect(halfWidthsOf(nine)).toEqual({ 80: 8, 90: 9, 95: null });
    const many = Float64Array.from({ length: 99 }, (_, index) => 99 - index);
    expect(halfWidthsOf(many)).toEqual({ 80: 80, 90: 90, 95: 95 });
  });

  it('ignore signs and missing residuals', () => {
    expect(halfWidthsOf(Float64Array.of(-3, Number.NaN, 1, 2, 0))[80]).toBe(3);
    expect(halfWidthsOf(Float64Array.of(Number.NaN))).toEqual({ 80: null, 90: null, 95: null });
  });
});
