import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { type Job, runJob } from '../model/job';
import type { Objective, PinPrices } from '../model/limits';
import { fromRows, rowOf } from '../model/matrix';
import { unlimited } from '../model/settings';
import { boundsOf } from '../optimum/constraints';
import { createExploreHandlers } from './explore-handlers';

const revision = 'made';
const { signal } = new AbortController();

function loaded() {
  const mixtures = runJob(sampleDirichlet(Float64Array.of(1, 1, 1), 60, 3));
  const losses = fromRows(
    Array.from({ length: 60 }, (_, row) => [
      3 - 2 * rowOf(mixtures, row)[0] - rowOf(mixtures, row)[1],
    ]),
  );
  const ids = Array.from({ length: 60 }, (_, row) => String(row));
  const training = { name: 'training', ids, mixtures, losses };
  const targets = [{ id: 'x', name: 'X', unit: '', direction: 'lower' as const }];
  const handlers = createExploreHandlers();
  runJob(handlers.load({ revision, targets, training, testSets: [] }, signal) as Job<null>);
  return handlers;
}

/** What a handler answers, driven to its end. */
const answer = <Result>(job: unknown) => runJob(job as Job<Result>);

/** Of a linear model by which the first domain lowers the loss by so much. */
const linear = (first: number): Objective => ({
  kind: 'weighted',
  terms: [
    {
      target: 'x',
      model: {
        kind: 'linear',
        intercept: 3,
        coefficients: Float64Array.of(first, -1, 0),
        penalty: 0,
      },
      direction: 'lower',
      weight: 1,
      scale: 1,
    },
  ],
  kl: 0,
  prior: Float64Array.of(0.4, 0.3, 0.3),
  unique: null,
  seek: 'best',
});

describe('explorations of the tables at hand', () => {
  const handlers = loaded();

  it('shop within the largest weights tried, unless that limit is lifted', () => {
    const objective = linear(-2);
    const constraints = {
      ...unlimited(3),
      requestedTokens: 100,
      availableTokens: [10, null, null],
      epochs: [1, 1, 1],
    };
    const list = answer<readonly { budget: number }[]>(
      handlers.shop({ revision, objective, constraints }, signal),
    );
    const free = { ...constraints, beyondTried: true };
    const lifted = answer<readonly { budget: number }[]>(
      handlers.shop({ revision, objective, constraints: free }, signal),
    );
    const most = (each: readonly { budget: number }[]) => each[each.length - 1].budget;
    expect(most(lifted)).toBeCloseTo(0.9, 6);
    expect(most(list)).toBeLessThan(0.9 - 1e-4);
    expect(most(list)).toBeGreaterThan(0.5);
  });

  it('measure how far runs are from each other, and which domains go with the target', () => {
    const distances = answer<Float64Array>(handlers.neighbours({ revision }, signal));
    expect(distances).toHaveLength(60);
    expect(Array.from(distances)).toEqual(Array.from(distances).sort((a, b) => a - b));
    const ties = answer<{ told: readonly { domain: number; helps: boolean }[] }>(
      handlers.ties({ revision, own: [null] }, signal),
    );
    expect(ties.told.find(({ domain }) => domain === 0)?.helps).toBe(true);
    expect(ties.told.find(({ domain }) => domain === 2)?.helps).toBe(false);
  });

  it('price pins once, and none of the worst mixture', () => {
    const objective = linear(-2);
    const request = {
      revision,
      regressor: 'ridge',
      options: { seed: 1 },
      objective,
      bounds: boundsOf({ ...unlimited(3), max: [0.6, 1, 1] }, null),
      domain: 0,
      weights: Float64Array.of(0.6, 0.4, 0),
    } as const;
    const prices = answer<PinPrices>(handlers.pinPrices(request, signal));
    // A point less of the first is a point more of the second, which does half as much.
    prices.weights.forEach((weight, place) => {
      expect(prices.costs[place]).toBeCloseTo(0.6 - weight, 9);
    });
    expect(answer(handlers.pinPrices(request, signal))).toBe(prices);
    const worst = { ...request, objective: { ...objective, seek: 'worst' as const } };
    expect(answer(handlers.pinPrices(worst, signal))).toBeNull();
    // One imported model after another, and another optimum of the same question.
    const cost = (of: Partial<typeof request> & { objective: Objective }) =>
      Math.max(
        ...answer<PinPrices>(
          handlers.pinPrices({ ...request, regressor: 'imported', ...of }, signal),
        ).costs,
      );
    expect(cost({ objective: linear(-20) })).toBeGreaterThan(5 * cost({ objective }));
  });

  it('are refused for tables that are no longer there', () => {
    expect(() => answer(handlers.neighbours({ revision: 'other' }, signal))).toThrow(
      /Another study/,
    );
  });

  it('correlate over the runs that were chosen only, and not over too few', () => {
    const losses = (rows: Int32Array) =>
      answer<{ domainTarget: { values: Float64Array }; coefficients: { values: Float64Array } }>(
        handlers.interactions({ revision, rows }, signal),
      );
    const all = Int32Array.from({ length: 60 }, (_, row) => row);
    const whole = losses(all);
    expect(whole.domainTarget.values[0]).toBeLessThan(-0.5);
    const some = losses(all.slice(0, 20));
    expect(some.domainTarget.values[0]).not.toBe(whole.domainTarget.values[0]);
    expect(some.domainTarget.values.every(Number.isFinite)).toBe(true);
    const few = losses(all.slice(0, 9));
    expect(few.domainTarget.values.every(Number.isNaN)).toBe(true);
    expect(few.coefficients.values.every(Number.isNaN)).toBe(true);
  });
});
