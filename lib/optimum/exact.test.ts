import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import type { Bounds } from '../model/limits';
import type { LinearModel } from '../model/regressor';
import { predictRow } from '../regression/predict';
import { bounds, linear } from './problem.fixture';
import { solveLinear } from './water-filling';

/** Smallest value of the linear function over all vertices of the bounded simplex, by enumeration. */
function bestVertex(model: LinearModel, { lower, upper }: Bounds, sign: 1 | -1): number {
  const count = lower.length;
  let best = Number.POSITIVE_INFINITY;
  // At a vertex all weights but one sit at a bound.
  for (let free = 0; free < count; free++) {
    for (let sides = 0; sides < 2 ** count; sides++) {
      const weights = Float64Array.from({ length: count }, (_, domain) =>
        (sides >> domain) & 1 ? upper[domain] : lower[domain],
      );
      weights[free] = 0;
      weights[free] = 1 - weights.reduce((sum, weight) => sum + weight, 0);
      if (!isWithin(weights, lower, upper)) continue;
      best = Math.min(best, sign * predictRow(model, weights));
    }
  }
  return best;
}

describe('the exact optimum of a linear model', () => {
  it('equals the best vertex by enumeration', () => {
    const cases = feasibleBounds.filter(({ lower }) => lower.length <= 6);
    fc.assert(
      fc.property(cases, fc.constantFrom(1 as const, -1 as const), (given, sign) => {
        const model = linear(given.point);
        const box = bounds(given.lower, given.upper);
        const weights = solveLinear(model, box, sign);
        expect(isWithin(weights, box.lower, box.upper)).toBe(true);
        expect(sign * predictRow(model, weights)).toBeCloseTo(bestVertex(model, box, sign), 7);
      }),
    );
  });

  it('gives tied domains weight in their order', () => {
    const weights = solveLinear(linear([1, 1, 1]), bounds([0, 0, 0], [0.5, 0.75, 1]), 1);
    expect(Array.from(weights)).toEqual([0.5, 0.5, 0]);
  });
});
