import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import type { Objective } from '../model/limits';
import { optimismOf, stabilityOf } from './stability';

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
    const { low, high, weights } = runJob(stabilityOf(objective, refits, bounds, []));
    expect(weights.map((each) => Array.from(each))).toEqual([
      ...Array.from({ length: 20 }, () => [0.5, 0.5, 0]),
      ...Array.from({ length: 20 }, () => [0.5, 0, 0.5]),
    ]);
    expect(Array.from(low)).toEqual([0.5, 0, 0]);
    expect(Array.from(high)).toEqual([0.5, 0.5, 0.5]);
  });

  it('is not measured without refits', () => {
    expect(() => runJob(stabilityOf(objective, [], bounds, []))).toThrow(RangeError);
  });
});

describe('expected optimism', () => {
  const line = (...coefficients: number[]) => [
    {
      kind: 'linear' as const,
      penalty: 0,
      intercept: 0,
      coefficients: Float64Array.from(coefficients),
    },
  ];
  const free = { ...bounds, upper: Float64Array.of(1, 1, 1) };
  const of = (truth: ReturnType<typeof line>, refits: ReturnType<typeof line>[], seek = 'best') => {
    const terms = [{ ...objective.terms[0], model: truth[0] }];
    const sought = { ...objective, terms, seek: seek === 'best' ? 'best' : 'worst' } as const;
    return runJob(optimismOf(sought, refits, free, []))[0];
  };

  it('is what refits promise of their own optimum, less what it holds', () => {
    // Nothing differs in truth; every refit finds a domain that seems better by 1 or by 3.
    const { optimism, spread } = of(line(0, 0, 0), [line(-1, 0, 0), line(0, 0, -3)]);
    expect(optimism).toBeCloseTo(-2, 12);
    expect(spread).toBeCloseTo(1, 12);
    expect(of(line(0, 0, 0), [line(1, 0, 0), line(0, 0, 3)], 'worst').optimism).toBeCloseTo(2, 12);
  });

  it('is none where refits are right, and the other way where they hold back', () => {
    const truth = line(-2, 0, 1);
    expect(of(truth, [truth, truth])).toEqual({ optimism: 0, spread: 0 });
    expect(of(truth, [line(-1, 0, 0.5)]).optimism).toBeCloseTo(1, 12);
  });
});
