import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { type ProxyMixtureOptions, regmixSampling, sampleProxyMixtures } from './sampling';

const prior = Float64Array.of(0.5, 0.25, 0.15, 0.07, 0.03);

function draw(change: Partial<ProxyMixtureOptions> = {}, from = prior) {
  const options = { ...regmixSampling, count: 64, seed: 1, ...change };
  const { rows, values } = runJob(sampleProxyMixtures(from, options));
  expect(values.length).toBe(rows * from.length);
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(values.subarray(row * from.length, (row + 1) * from.length)),
  );
}

describe('proxy mixtures', () => {
  it('are distinct, in whole multiples of the minimum that sum to 1, within the caps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 8 }),
        fc.nat(1e6),
        (raw, seed) => {
          const total = raw.reduce((sum, value) => sum + value, 0);
          const from = Float64Array.from(raw, (value) => value / total);
          const mixtures = draw({ count: 20, seed }, from);
          const units = mixtures.map((mixture) => mixture.map((weight) => weight * 5000));
          for (const [row, mixture] of units.entries()) {
            expect(mixture.reduce((sum, unit) => sum + Math.round(unit), 0)).toBe(5000);
            mixture.forEach((unit, domain) => {
              expect(Math.abs(unit - Math.round(unit))).toBeLessThan(1e-9);
              expect(mixtures[row][domain]).toBeLessThanOrEqual(
                Math.min(1, 15 * from[domain]) + 1e-12,
              );
            });
          }
          expect(new Set(units.map((mixture) => mixture.map(Math.round).join(' '))).size).toBe(20);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are the same for a seed and others for another', () => {
    expect(draw()).toEqual(draw());
    expect(draw()).not.toEqual(draw({ seed: 2 }));
  });

  it('lie around the tempered prior on average', () => {
    const tempered = prior.map(Math.sqrt);
    const total = tempered.reduce((sum, weight) => sum + weight, 0);
    const mixtures = draw({ count: 3000, maximumUsage: null });
    prior.forEach((_, domain) => {
      const mean = mixtures.reduce((sum, mixture) => sum + mixture[domain] / 3000, 0);
      // A weight's standard deviation is at most a half.
      expect(Math.abs(mean - tempered[domain] / total)).toBeLessThan((3.5 * 0.5) / Math.sqrt(3000));
    });
  });

  it('are near the corners for a small concentration and near the prior for a large one', () => {
    const largest = (concentration: number) => {
      const concentrations = { least: concentration, most: concentration, steps: 1 };
      const mixtures = draw({ concentrations, count: 200, maximumUsage: null, minimum: 1e-4 });
      return mixtures.reduce((sum, mixture) => sum + Math.max(...mixture) / 200, 0);
    };
    expect(largest(0.3)).toBeGreaterThan(0.8);
    expect(largest(500)).toBeLessThan(0.45);
  });

  it('begin with the prior and the single domains on request, where caps allow those', () => {
    const caps = Float64Array.of(0.9, 1, 1, 1, 1);
    const mixtures = draw({ includePrior: true, includeSingles: true, maximumUsage: null, caps });
    expect(mixtures).toHaveLength(64);
    expect([...mixtures[0]]).toEqual([...prior]);
    expect(mixtures.slice(1, 5).map((mixture) => mixture.indexOf(1))).toEqual([1, 2, 3, 4]);
    for (const mixture of mixtures) expect(mixture[0]).toBeLessThanOrEqual(0.9 + 1e-12);
  });

  it('say how many there are when caps leave too few', () => {
    const caps = prior.map((weight) => weight * 1.001);
    expect(() => draw({ caps })).toThrow(StageError);
    expect(() => draw({ caps })).toThrow(/only 0 are within the caps/);
  });
});
