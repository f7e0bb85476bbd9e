import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, projectToBounds, totalVariation } from './simplex';
import { feasibleBounds } from './simplex.fixture';

describe('projectToBounds', () => {
  it('lands within the bounds and on the simplex', () => {
    fc.assert(
      fc.property(feasibleBounds, ({ point, lower, upper }) => {
        expect(isWithin(projectToBounds(point, lower, upper), lower, upper)).toBe(true);
      }),
    );
  });

  it('is nearer to the point than any other feasible mixture', () => {
    fc.assert(
      fc.property(feasibleBounds, ({ point, inside, lower, upper }) => {
        const distance = (a: Float64Array) =>
          a.reduce((sum, value, domain) => sum + (value - point[domain]) ** 2, 0);
        const projected = projectToBounds(point, lower, upper);
        expect(distance(projected)).toBeLessThanOrEqual(distance(inside) + 1e-9);
      }),
    );
  });

  it('leaves a feasible mixture where it is', () => {
    fc.assert(
      fc.property(feasibleBounds, ({ inside, lower, upper }) => {
        expect(totalVariation(projectToBounds(inside, lower, upper), inside)).toBeLessThan(1e-9);
      }),
    );
  });

  it('equals the closed form on the plain simplex', () => {
    const zeros = new Float64Array(3);
    const ones = new Float64Array(3).fill(1);
    const projected = projectToBounds([0.5, 0.5, 0.3], zeros, ones);
    [0.4, 0.4, 0.2].forEach((weight, domain) => {
      expect(projected[domain]).toBeCloseTo(weight, 12);
    });
  });
});

describe('totalVariation', () => {
  it('is the share of weight that must move', () => {
    expect(totalVariation([1, 0], [0, 1])).toBe(1);
    expect(totalVariation([0.5, 0.5], [0.7, 0.3])).toBeCloseTo(0.2, 12);
  });
});
