import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectToBounds } from '../mixture/simplex';
import { runJob } from '../model/job';
import type { Bounds, Objective } from '../model/limits';
import { createScorer } from './objective';
import { costAt } from './pin-cost';
import { pinPrices } from './prices';
import { bounds, linear, problemOf, smoothModels, unbounded } from './problem.fixture';
import { leastOfTerms, solveSmooth } from './smooth';
import { hasExactOptimum, solveExactly } from './water-filling';

const prior = Float64Array.of(0.4, 0.3, 0.2, 0.1);
const noRuns = { rows: 0, columns: 4, values: new Float64Array(0) };

function best(objective: Objective, within: Bounds): Float64Array {
  return hasExactOptimum(objective)
    ? solveExactly(objective, within)
    : runJob(solveSmooth(objective, within, []));
}

/** Prices of a domain of an objective's optimum, and what pinning it anywhere really costs. */
function priced(objective: Objective, within: Bounds, domain: number) {
  const weights = best(objective, within);
  const prices = runJob(pinPrices(objective, within, domain, weights, []));
  const least = objective.kind === 'regret' ? runJob(leastOfTerms(objective, within, [])) : [];
  const { score } = createScorer(objective, least);
  const truth = (weight: number) => {
    const pinned = bounds(
      within.lower.map((each, place) => (place === domain ? weight : each)),
      within.upper.map((each, place) => (place === domain ? weight : each)),
    );
    return Math.max(0, score(best(objective, pinned)) - score(weights));
  };
  return { weights, prices, truth };
}

describe('prices of pins', () => {
  it.each(smoothModels())('are what solving again finds: $name', ({ model, direction }) => {
    const { objective } = problemOf(model, noRuns, prior, direction);
    const within = bounds([0, 0.02, 0, 0], [0.7, 0.6, 0.5, 0.9]);
    for (const domain of [0, 1, 3]) {
      const { weights, prices, truth } = priced(objective, within, domain);
      if (!prices) throw new Error('the domain can be moved');
      const own = prices.weights.findIndex((weight) => Math.abs(weight - weights[domain]) < 1e-9);
      expect(prices.costs[own]).toBe(0);
      expect(prices.weights[0]).toBeCloseTo(within.lower[domain], 9);
      expect(prices.weights.at(-1)).toBeCloseTo(within.upper[domain], 9);
      const dearest = Math.max(...prices.costs);
      prices.weights.forEach((weight, place) => {
        expect(Math.abs(prices.costs[place] - truth(weight))).toBeLessThan(0.01 * dearest + 1e-6);
      });
      // Between the weights that were tried.
      for (const share of [0.1, 0.35, 0.6, 0.85]) {
        const weight = within.lower[domain] + share * (within.upper[domain] - within.lower[domain]);
        expect(Math.abs(costAt(prices, weight) - truth(weight))).toBeLessThan(
          0.05 * dearest + 1e-6,
        );
      }
    }
  });

  it('measure regrets from what is within reach without the pin', () => {
    const [law, , exponential] = smoothModels();
    const { objective } = problemOf(law.model, noRuns, prior);
    const [term] = objective.terms;
    const regrets: Objective = {
      ...objective,
      kind: 'regret',
      terms: [term, { ...term, target: 'second', model: exponential.model }],
    };
    const { prices, truth } = priced(regrets, unbounded(4), 0);
    if (!prices) throw new Error('the domain can be moved');
    const dearest = Math.max(...prices.costs);
    expect(dearest).toBeGreaterThan(0.05);
    prices.weights.forEach((weight, place) => {
      expect(Math.abs(prices.costs[place] - truth(weight))).toBeLessThan(0.02 * dearest);
    });
  });

  it('of a domain that cannot be moved there are none', () => {
    const { objective } = problemOf(linear([1, 2, 3, 4]), noRuns, prior);
    const within = bounds([0.3, 0, 0, 0], [0.3, 1, 1, 1]);
    const start = projectToBounds(prior, within.lower, within.upper);
    expect(runJob(pinPrices(objective, within, 0, start, []))).toBeNull();
  });

  it('between two weights lie between their costs, and at a weight are its cost', () => {
    const step = fc.tuple(
      fc.double({ min: 0.001, max: 0.2, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 2, maxLength: 13 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (steps, share) => {
          let at = 0;
          const weights = Float64Array.from(steps, ([width]) => {
            at += width;
            return at;
          });
          const prices = { weights, costs: Float64Array.from(steps, ([, cost]) => cost) };
          for (let place = 0; place < weights.length; place++) {
            expect(costAt(prices, weights[place])).toBeCloseTo(prices.costs[place], 9);
            if (place === 0) continue;
            const ends = [prices.costs[place - 1], prices.costs[place]];
            const between = weights[place - 1] + share * (weights[place] - weights[place - 1]);
            expect(costAt(prices, between)).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-9);
            expect(costAt(prices, between)).toBeLessThanOrEqual(Math.max(...ends) + 1e-9);
          }
        },
      ),
    );
  });
});
