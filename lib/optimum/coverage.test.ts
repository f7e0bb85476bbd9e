import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { totalVariation } from '../mixture/simplex';
import { runJob } from '../model/job';
import { fromRows, rowOf } from '../model/matrix';
import { coverageOf, measureNeighbourhood } from './solver';

/** Eleven runs on a line, each 0.05 from the next, and one 0.3 beyond. */
const line = fromRows([
  ...Array.from({ length: 11 }, (_, run) => [run * 0.05, 1 - run * 0.05, 0]),
  [0.8, 0.2, 0],
]);

describe('coverage', () => {
  const neighbourhood = runJob(measureNeighbourhood(line));

  it('of a trained mixture is no distance at all', () => {
    expect(coverageOf(neighbourhood, rowOf(line, 3))).toEqual({
      distance: 0,
      nearest: 3,
      percentile: 1,
      far: false,
      beyond: false,
    });
  });

  it('counts the runs that lie at least as far from theirs', () => {
    const between = coverageOf(neighbourhood, Float64Array.of(0.62, 0.38, 0));
    expect(between.nearest).toBe(10);
    expect(between.distance).toBeCloseTo(0.12, 12);
    expect(between.percentile).toBeCloseTo(1 / 12, 12);
    expect(between.far).toBe(false);
  });

  it('is far when hardly a run lies so far from the others', () => {
    const outside = coverageOf(neighbourhood, Float64Array.of(0, 0, 1));
    expect(outside.distance).toBeCloseTo(1, 12);
    expect(outside.percentile).toBe(0);
    expect(outside.far).toBe(true);
    expect(outside.beyond).toBe(true);
  });

  it('finds the nearest run among many', () => {
    const runs = runJob(sampleDirichlet(Float64Array.of(1, 2, 0.5, 1), 300, 5));
    const many = runJob(measureNeighbourhood(runs));
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), (seed) => {
        const mixture = rowOf(runJob(sampleDirichlet(Float64Array.of(1, 1, 1, 1), 1, seed)), 0);
        const { distance } = coverageOf(many, mixture);
        for (let row = 0; row < runs.rows; row++) {
          expect(totalVariation(rowOf(runs, row), mixture)).toBeGreaterThanOrEqual(distance);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('of a study with a single run says only how far it is', () => {
    const single = runJob(measureNeighbourhood(fromRows([[0.5, 0.5]])));
    const { distance, nearest } = coverageOf(single, Float64Array.of(0.25, 0.75));
    expect(nearest).toBe(0);
    expect(distance).toBeCloseTo(0.25, 12);
  });

  it('of very many runs measures a part of them against all', () => {
    const runs = runJob(sampleDirichlet(new Float64Array(100).fill(0.1), 6_000, 2));
    const { distances } = runJob(measureNeighbourhood(runs));
    expect(distances.length).toBeGreaterThanOrEqual(600);
    expect(distances.length).toBeLessThan(700);
    const nearest = (row: number) => {
      let least = Number.POSITIVE_INFINITY;
      for (let other = 0; other < runs.rows; other++) {
        if (other !== row) {
          least = Math.min(least, totalVariation(rowOf(runs, row), rowOf(runs, other)));
        }
      }
      return least;
    };
    expect(distances.find((distance) => Math.abs(distance - nearest(0)) < 1e-12)).toBeDefined();
  });
});
