import { describe, expect, it } from 'vitest';
import { isWithin } from '../mixture/simplex';
import { runJob } from '../model/job';
import { fromRows } from '../model/matrix';
import { optimaOverTraining } from './optima';
import { scheduleFinding, scheduleOf } from './schedule';

const domains = [
  { id: 'cats', name: 'Cats' },
  { id: 'dogs', name: 'Dogs' },
];
const shares = Array.from({ length: 24 }, (_, run) => run / 23);
const mixtures = fromRows(shares.map((share) => Float64Array.of(share, 1 - share)));
const lossesBy = (loss: (share: number) => number) =>
  fromRows(shares.map((share) => Float64Array.of(loss(share))));
const training = {
  name: 'training',
  ids: shares.map((_, run) => String(run)),
  mixtures,
  losses: lossesBy((share) => 2 + share),
};
const targets = [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' as const }];
const question = {
  target: 'loss',
  regressor: 'ols' as const,
  options: { seed: 1 },
  bounds: {
    lower: new Float64Array(2),
    upper: Float64Array.of(0.9, 0.8),
    source: ['max', 'max'] as const,
  },
  base: { kl: 0, prior: Float64Array.of(0.5, 0.5), unique: null },
};

describe('optima over a training', () => {
  // At first cats help, at the end dogs do: a line, whose optimum is at a bound.
  const trajectory = {
    steps: [100, 200],
    losses: [lossesBy((share) => 3 - share), lossesBy((share) => 2 + share)],
  };
  const moments = runJob(optimaOverTraining({ targets, training }, trajectory, question));

  it('are those of the losses at each checkpoint, within the bounds', () => {
    expect(moments.map(({ step, n }) => [step, n])).toEqual([
      [100, 24],
      [200, 24],
    ]);
    const [first, last] = moments;
    expect(first.weights[0]).toBeCloseTo(0.9, 6);
    expect(first.predicted).toBeCloseTo(2.1, 6);
    expect(last.weights[1]).toBeCloseTo(0.8, 6);
    expect(last.predicted).toBeCloseTo(2.2, 6);
    for (const { weights, rho } of moments) {
      expect(isWithin(weights, question.bounds.lower, question.bounds.upper)).toBe(true);
      expect(rho).toBeGreaterThan(0.99);
    }
  });

  it('describe what changes in a sentence, and when nothing does', () => {
    expect(scheduleFinding(domains, scheduleOf(moments), 'Loss')).toBe(
      'Over training 70% of the weight of the optimum for Loss moves: Dogs from 10% to 80%, Cats from 90% to 20%.',
    );
    const still = moments.map(({ step }) => ({ step, weights: moments[0].weights }));
    expect(scheduleFinding(domains, scheduleOf(still), 'Loss')).toMatch(/hardly changes.* 0\.0%/);
  });

  it('need a checkpoint', () => {
    const none = { steps: [], losses: [] };
    expect(() => runJob(optimaOverTraining({ targets, training }, none, question))).toThrow(
      /no losses at checkpoints/,
    );
  });
});
