import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { roundWithin } from './propose';

const open = (domains: number) => ({
  lower: new Float64Array(domains),
  upper: new Float64Array(domains).fill(1),
});
const round = (weights: number[], lower?: number[], upper?: number[]) => {
  const free = open(weights.length);
  const rounded = roundWithin(Float64Array.from(weights), lower ?? free.lower, upper ?? free.upper);
  return [...rounded];
};

describe('weights that can be typed', () => {
  test.each([
    [[1 / 3, 1 / 3, 1 / 3], undefined, undefined, [0.334, 0.333, 0.333]],
    [[0.1234, 0.8766], undefined, undefined, [0.123, 0.877]],
    [[0.1236, 0.8764], undefined, [0.1237, 1], [0.123, 0.877]],
    [[0.1234, 0.8766], [0.1233, 0], undefined, [0.124, 0.876]],
    [
      [0.1234, 0.8766],
      [0.1234, 0],
      [0.1234, 1],
      [0.1234, 0.8766],
    ],
    [
      [0.12345678, 0.87654322],
      [0.12345678, 0],
      [0.12345678, 1],
      [0.12345678, 0.87654322],
    ],
  ])('%j within %j and %j', (weights, lower, upper, rounded) => {
    expect(round(weights, lower, upper)).toEqual(rounded);
  });

  test('of many domains keep the small ones', () => {
    const weights = new Array(400).fill(1 / 400);
    expect(round(weights)).toEqual(weights);
  });

  test('stay within any bounds and sum to 1, near to what they were', () => {
    fc.assert(
      fc.property(feasibleBounds, ({ point, lower, upper }) => {
        const weights = projectToBounds(point, lower, upper);
        const rounded = roundWithin(weights, lower, upper);
        expect(isWithin(rounded, lower, upper)).toBe(true);
        rounded.forEach((weight, domain) => {
          expect(weight).toBeGreaterThanOrEqual(0);
          expect(Math.abs(weight - weights[domain])).toBeLessThan(0.001 * weights.length);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('are thousandths wherever the bounds are', () => {
    const thousandths = fc
      .array(fc.tuple(fc.nat(1000), fc.nat(300), fc.nat(300)), { minLength: 2, maxLength: 17 })
      .filter((rows) => rows.some(([weight]) => weight > 0));
    fc.assert(
      fc.property(thousandths, (rows) => {
        const total = rows.reduce((sum, [weight]) => sum + weight, 0);
        const weights = Float64Array.from(rows, ([weight]) => weight / total);
        const bound = (value: number) => Math.min(1, Math.max(0, value));
        const lower = rows.map(([, below], d) =>
          bound(Math.floor(weights[d] * 1000 - below) / 1000),
        );
        const upper = rows.map(([, , above], d) =>
          bound(Math.ceil(weights[d] * 1000 + above) / 1000),
        );
        const rounded = roundWithin(weights, lower, upper);
        for (const weight of rounded) expect(weight).toBe(Math.round(weight * 1000) / 1000);
      }),
    );
  });
});
