import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { createRandomStream } from '../model/random';
import { evidenceOf } from './evidence';
import { syntheticSample } from './synthetic.fixture';

const options = { seed: 1 };

describe('the evidence on a regressor', () => {
  it('is strong for the law on runs of a law, and weaker for a line', () => {
    const rows = syntheticSample(80, 4, { noise: 0.002 });
    const law = runJob(evidenceOf('loss', 'law', rows, options));
    const line = runJob(evidenceOf('loss', 'ols', rows, options));
    expect(law.n).toBe(80);
    expect(law.spearman).toBeGreaterThan(0.98);
    expect(law.error).toBeLessThan(0.2);
    expect(law.tail ?? 0).toBeGreaterThan(line.tail ?? 0);
    expect(line.error).toBeGreaterThan(2 * law.error);
    expect(law.coverage[90] ?? 0).toBeGreaterThan(0.8);
  });

  it('is no better than the mean on noise', () => {
    const { features } = syntheticSample(60, 4);
    const random = createRandomStream(3);
    const values = Float64Array.from({ length: 60 }, () => random.normal());
    const found = runJob(evidenceOf('loss', 'law+gp', { features, values }, options));
    expect(found.error).toBeGreaterThan(0.95);
    expect(Math.abs(found.spearman)).toBeLessThan(0.4);
  });

  it('looks at the highest fifth of a score, and at none of too few runs', () => {
    const loss = syntheticSample(80, 4, { noise: 0 });
    const score = { ...loss, values: loss.values.map((value) => 10 - value) };
    const tails = [
      runJob(evidenceOf('loss', 'law', loss, options)).tail,
      runJob(evidenceOf('score', 'law', score, { ...options, direction: 'higher' })).tail,
    ];
    expect(tails[1]).toBeCloseTo(tails[0] ?? Number.NaN, 3);
    expect(runJob(evidenceOf('loss', 'law', syntheticSample(30, 4), options)).tail).toBeNull();
  });

  it('does not judge what stops on the runs that would judge it', () => {
    expect(() => runJob(evidenceOf('loss', 'gbdt-paper', syntheticSample(60, 4), options))).toThrow(
      /chooses its rounds/,
    );
  });
});
