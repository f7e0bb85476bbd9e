import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { rankByScore } from './pool';

/** Counts round the lengths at which the sort starts to merge, and merges unevenly. */
const counts = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.constantFrom(4_095, 4_096, 4_097, 8_192, 8_193, 12_289, 20_481),
);

describe('rankByScore', () => {
  it('is the stable order of the scores, whatever their number and ties', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 1e6 }), fc.nat(), (count, values, seed) => {
        const scores = Float64Array.from(
          { length: count },
          (_, index) => ((index * 7_919 + seed) * 104_729) % values,
        );
        const expected = Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b] || a - b);
        expect(Array.from(runJob(rankByScore(scores)))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('reports progress that never runs backwards nor beyond its total', () => {
    const scores = Float64Array.from({ length: 50_000 }, (_, index) => (index * 7_919) % 50_021);
    const reports = [...rankByScore(scores)];
    expect(reports.length).toBeGreaterThan(10);
    reports.forEach(({ done, total }, index) => {
      expect(done).toBeLessThanOrEqual(total);
      if (index > 0) expect(done).toBeGreaterThanOrEqual(reports[index - 1].done);
    });
  });
});
