import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import type { Objective } from '../model/limits';
import { stabilityOf } from './stability';

const objective: Objective = {
  kind: 'weighted',
  terms: [
    {
      target: 'web',
      model: { kind: 'linear', penalty: 0, intercept: 3, coefficients: Float64Array.of(-1, 0, 1) },
      direction: 'lower',
      weight: 1,
      scale: 1,
    },
  ],
  kl: 0,
  prior: Float64Array.of(0.4, 0.3, 0.3),
  unique: null,
  seek: 'best',
};
const bounds = {
  lower: Float64Array.of(0, 0, 0),
  upper: Float64Array.of(0.5, 1, 1),
  source: ['max', 'none', 'none'],
} as const;

describe('stability', () => {
  it('holds the middle nine tenths of the optima of refits', () => {
    const refits = Array.from({ length: 40 }, (_, refit) => [
      {
        kind: 'linear' as const,
        penalty: 0,
        intercept: 3,
        coefficients: refit < 20 ? Float64Array.of(-1, 0, 1) : Float64Array.of(-1, 1, 0),
      },
    ]);
    const { low, high } = runJob(stabilityOf(objective, refits, bounds, []));
    expect(Array.from(low)).toEqual([0.5, 0, 0]);
    expect(Array.from(high)).toEqual([0.5, 0.5, 0.5]);
  });

  it('is not measured without refits', () => {
    expect(() => runJob(stabilityOf(objective, [], bounds, []))).toThrow(RangeError);
  });
});
