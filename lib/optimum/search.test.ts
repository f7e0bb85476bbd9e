import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, projectToBounds, totalVariation } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { runJob } from '../model/job';
import { bounds, unbounded } from './problem.fixture';
import { searchPairs } from './search';

/** Squared distance from a point: its smallest value within bounds is known. */
function distanceFrom(point: Float64Array) {
  return (mixture: Float64Array) =>
    mixture.reduce((sum, weight, domain) => sum + (weight - point[domain]) ** 2, 0);
}

describe('searchPairs', () => {
  it('comes close to the known optimum of a convex function and meets the bounds', () => {
    fc.assert(
      fc.property(feasibleBounds, ({ inside, lower, upper, point }) => {
        const score = distanceFrom(point);
        const box = bounds(lower, upper);
        const { weights, score: found } = runJob(searchPairs([inside], box, score));
        expect(isWithin(weights, lower, upper)).toBe(true);
        expect(found).toBe(score(weights));
        expect(found).toBeLessThanOrEqual(score(inside));
        const best = projectToBounds(point, lower, upper);
        expect(totalVariation(weights, best)).toBeLessThan(0.0025 * weights.length);
      }),
    );
  });

  it('keeps the best of its starts', () => {
    // Two valleys with a wall between them that no move of 0.16 crosses; the second is deeper.
    const score = ([first]: Float64Array) => (first < 0.3 ? first : first > 0.7 ? 0.5 - first : 10);
    const [shallow, deep] = [Float64Array.of(0.2, 0.8), Float64Array.of(0.8, 0.2)];
    const from = (starts: Float64Array[]) => runJob(searchPairs(starts, unbounded(2), score)).score;
    expect(from([shallow])).toBeCloseTo(0, 3);
    expect(from([shallow, deep])).toBeCloseTo(-0.5, 3);
    expect(from([deep, shallow])).toBeCloseTo(-0.5, 3);
  });

  it('leaves its starts as they were, and is the same again', () => {
    const start = Float64Array.of(0.25, 0.25, 0.5);
    const score = distanceFrom(Float64Array.of(0.7, 0.1, 0.2));
    const first = runJob(searchPairs([start], unbounded(3), score));
    expect(Array.from(start)).toEqual([0.25, 0.25, 0.5]);
    expect(runJob(searchPairs([start], unbounded(3), score))).toEqual(first);
  });

  it('can be cancelled on the way', () => {
    const start = new Float64Array(12).fill(1 / 12);
    const score = distanceFrom(Float64Array.from({ length: 12 }, (_, domain) => domain / 66));
    const job = searchPairs([start], unbounded(12), score);
    expect(job.next().done).toBe(false);
  });
});
