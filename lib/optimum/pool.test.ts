import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { StageError } from '../model/errors';
import { type Job, runJob } from '../model/job';
import { type Matrix, rowOf } from '../model/matrix';
import { bestOfPool, drawPool, rankPool } from './pool';
import { bounds, unbounded } from './problem.fixture';

const curved = (mixture: Float64Array) =>
  mixture.reduce((sum, weight, domain) => sum - (1 + domain) * Math.sqrt(weight), 0);

function* curvedAll(mixtures: Matrix): Job<Float64Array> {
  yield { done: 0, total: 1, unit: 'mixtures' };
  return Float64Array.from({ length: mixtures.rows }, (_, row) => curved(rowOf(mixtures, row)));
}

const draws = runJob(sampleDirichlet(Float64Array.of(1.5, 1, 2, 1), 3_000, 7));
const scores = Float64Array.from({ length: draws.rows }, (_, row) => curved(rowOf(draws, row)));
const pool = runJob(rankPool(draws, scores));

/** Those of the draws that meet the bounds, best first. */
function feasibleDraws(lower: Float64Array, upper: Float64Array): Float64Array[] {
  return Array.from({ length: draws.rows }, (_, row) => rowOf(draws, row))
    .filter((mixture) =>
      mixture.every((weight, domain) => weight >= lower[domain] && weight <= upper[domain]),
    )
    .sort((a, b) => curved(a) - curved(b));
}

const boxes = feasibleBounds.filter(({ lower }) => lower.length === 4);

describe('the best of a pool', () => {
  /** Bounds that a fair part of the draws meets. */
  const wide = fc.record({
    lower: fc.array(fc.double({ min: 0, max: 0.05, noNaN: true }), { minLength: 4, maxLength: 4 }),
    upper: fc.array(fc.double({ min: 0.3, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
  });

  it('is the mean of the K best draws within the bounds, when there are K', () => {
    let compared = 0;
    fc.assert(
      fc.property(wide, fc.integer({ min: 1, max: 60 }), (box, topK) => {
        const { lower, upper } = bounds(box.lower, box.upper);
        const feasible = feasibleDraws(lower, upper);
        if (feasible.length < topK) return;
        compared++;
        const best = runJob(bestOfPool(pool, bounds(lower, upper), topK, curvedAll));
        expect(best).toMatchObject({ within: topK, averaged: topK, moved: 0 });
        for (let domain = 0; domain < 4; domain++) {
          const mean = feasible.slice(0, topK).reduce((sum, row) => sum + row[domain], 0) / topK;
          expect(best.weights[domain]).toBeCloseTo(mean, 12);
        }
      }),
      { numRuns: 100, seed: 1 },
    );
    expect(compared).toBeGreaterThan(50);
  });

  it('meets the bounds and counts what it averaged, however tight they are', () => {
    fc.assert(
      fc.property(boxes, fc.integer({ min: 1, max: 600 }), ({ lower, upper }, topK) => {
        const best = runJob(bestOfPool(pool, bounds(lower, upper), topK, curvedAll));
        const feasible = feasibleDraws(lower, upper).length;
        expect(best.within).toBe(Math.min(topK, feasible));
        expect(best.averaged).toBeLessThanOrEqual(topK);
        expect(best.averaged).toBeGreaterThanOrEqual(1);
        expect(best.moved).toBeLessThanOrEqual(best.averaged);
        expect(isWithin(best.weights, lower, upper)).toBe(true);
      }),
    );
  });

  it('under tight bounds takes moved draws that are better than draws within', () => {
    // Only the heaviest of the last domain score well, and hardly a draw holds so much of it.
    const box = bounds([0, 0, 0, 0.8], [0.1, 0.1, 0.1, 1]);
    const feasible = feasibleDraws(box.lower, box.upper);
    expect(feasible.length).toBeLessThan(50);
    const best = runJob(bestOfPool(pool, box, 50, curvedAll));
    expect(best.moved).toBeGreaterThan(0);
    expect(best.averaged).toBe(50);
  });

  it('averages what there is when the pool holds fewer than K draws', () => {
    const few = runJob(sampleDirichlet(Float64Array.of(1, 1), 10, 1));
    const small = runJob(rankPool(few, new Float64Array(10)));
    const best = runJob(bestOfPool(small, unbounded(2), 128, curvedAll));
    expect(best).toMatchObject({ within: 10, averaged: 10, moved: 0 });
  });
});

describe('a drawn pool', () => {
  it('is the same for the same seed and another for another', () => {
    const draw = (seed: number) => runJob(drawPool(Float64Array.of(0.6, 0.4), 20, seed)).values;
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('that would not fit in memory is refused before anything is drawn', () => {
    const job = drawPool(new Float64Array(200).fill(1 / 200), 200_000, 1);
    expect(() => job.next()).toThrow(StageError);
    expect(() => drawPool(new Float64Array(200).fill(1 / 200), 125_000, 1).next()).not.toThrow();
  });
});
