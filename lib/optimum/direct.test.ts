import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { runJob } from '../model/job';
import type { Bounds, Objective, ObjectiveTerm } from '../model/limits';
import { rowOf } from '../model/matrix';
import type { Model } from '../model/regressor';
import { createScorer, effectiveWeight } from './objective';
import { paretoFront } from './pareto';
import { bounds, smoothModels, unbounded } from './problem.fixture';
import { descend, solveSmooth } from './smooth';
import { stabilityOf } from './stability';
import { hasExactOptimum, solveExactly } from './water-filling';

const prior = Float64Array.of(0.4, 0.3, 0.2, 0.1);
const models = smoothModels();

function objectiveOf(terms: readonly ObjectiveTerm[], change: Partial<Objective> = {}): Objective {
  return { kind: 'weighted', terms, kl: 0, prior, unique: null, seek: 'best', ...change };
}

function termOf(place: number, weight = 1, scale = 1): ObjectiveTerm {
  const { model, direction } = models[place];
  return { target: `target ${place}`, model, direction, weight, scale };
}

const boxes = feasibleBounds.filter(({ lower }) => lower.length === 4);

/** Plain projected gradient with many small steps: slow, and shares nothing with what is tested. */
function slowMinimum(objective: Objective, box: Bounds): number {
  const { score } = createScorer(objective);
  let weights = projectToBounds(prior, box.lower, box.upper);
  let best = score(weights);
  let length = 0.05;
  for (let step = 0; step < 4000; step++) {
    const slope = weights.map((_, domain) => {
      const moved = (by: number) =>
        score(weights.map((weight, at) => Math.max(0, weight + (at === domain ? by : 0))));
      return (moved(1e-7) - moved(-1e-7)) / 2e-7;
    });
    const next = projectToBounds(
      weights.map((weight, domain) => weight - length * slope[domain]),
      box.lower,
      box.upper,
    );
    const value = score(next);
    if (value < best) {
      best = value;
      weights = next;
    } else {
      length /= 2;
      if (length < 1e-9) break;
    }
  }
  return best;
}

describe('repeats', () => {
  it('are worth less and less, and have the slope that finite differences give', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (weight, unique) => {
          const { value, slope } = effectiveWeight(weight, unique);
          expect(value).toBeLessThanOrEqual(weight + 1e-15);
          expect(value).toBeGreaterThanOrEqual(Math.min(weight, unique) - 1e-15);
          const step = 1e-7;
          const ahead = effectiveWeight(weight + step, unique).value;
          const behind = effectiveWeight(weight - step, unique).value;
          if (Math.abs(weight - unique) > 2 * step) {
            expect(slope).toBeCloseTo((ahead - behind) / (2 * step), 5);
          }
        },
      ),
    );
    // Four epochs of the same data: nearly as good as fresh (Muennighoff et al. 2023, section 5).
    expect(effectiveWeight(0.4, 0.1).value / 0.4).toBeGreaterThan(0.9);
    expect(effectiveWeight(1, 0).value).toBe(0);
  });
});

describe.each(models)('exactly, $name', ({ model, direction }) => {
  const term: ObjectiveTerm = { target: 'x', model, direction, weight: 1, scale: 1 };
  const uniques = fc.option(
    fc.array(fc.double({ min: 0.02, max: 0.6, noNaN: true }), { minLength: 4, maxLength: 4 }),
    { nil: null },
  );

  it.skipIf(!hasExactOptimum(objectiveOf([term])))(
    'is no worse than a slow generic solver and than descent, repeats or not',
    () => {
      fc.assert(
        fc.property(boxes, uniques, ({ lower, upper }, unique) => {
          const objective = objectiveOf([term], { unique: unique && Float64Array.from(unique) });
          fc.pre(hasExactOptimum(objective));
          const box = bounds(lower, upper);
          const { score, withGradient } = createScorer(objective);
          const weights = solveExactly(objective, box);
          expect(isWithin(weights, lower, upper)).toBe(true);
          const exact = score(weights);
          expect(exact).toBeLessThanOrEqual(slowMinimum(objective, box) + 1e-7);
          if (!withGradient) throw new Error('smooth models have gradients');
          const start = projectToBounds(prior, lower, upper);
          const found = runJob(descend(start, box, withGradient));
          expect(Math.abs(found.score - exact)).toBeLessThan(1e-6);
        }),
        { numRuns: 12 },
      );
    },
  );
});

describe('the gradient of an objective', () => {
  it('is what finite differences give, through repeats, KL, several targets and smoothed regrets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: models.length - 1 }), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        (places, isRegret, repeats, kl, seed) => {
          const terms = places.map((place) => termOf(place, 1 / places.length, 0.5 + place));
          const objective = objectiveOf(terms, {
            kind: isRegret ? 'regret' : 'weighted',
            kl,
            unique: repeats ? Float64Array.of(0.1, 0.2, 0.05, 0.3) : null,
          });
          const least = places.map((place) => place / 10);
          const { withGradient } = createScorer(objective, least, 0.3);
          if (!withGradient) throw new Error('smooth models have gradients');
          const [mixture] = [
            rowOf(runJob(sampleDirichlet(new Float64Array(4).fill(3), 1, seed)), 0),
          ];
          const gradient = new Float64Array(4);
          const unused = new Float64Array(4);
          withGradient(mixture, gradient);
          gradient.forEach((slope, domain) => {
            const at = (by: number) =>
              withGradient(
                mixture.map((weight, index) => weight + (index === domain ? by : 0)),
                unused,
              );
            const difference = (at(1e-6) - at(-1e-6)) / 2e-6;
            expect(Math.abs(slope - difference)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('several targets', () => {
  const box = unbounded(4);
  const terms = [termOf(0, 0.5), termOf(2, 0.5)];

  it('weighted, are no worse than a slow generic solver', () => {
    fc.assert(
      fc.property(boxes, ({ lower, upper }) => {
        const limits = bounds(lower, upper);
        const objective = objectiveOf(terms, { kl: 0.05 });
        const weights = runJob(solveSmooth(objective, limits, []));
        expect(isWithin(weights, lower, upper)).toBe(true);
        const found = createScorer(objective).score(weights);
        expect(found).toBeLessThanOrEqual(slowMinimum(objective, limits) + 1e-6);
      }),
      { numRuns: 10 },
    );
  });

  it('by least largest regret, match every mixture of a fine grid', () => {
    const three: Objective = objectiveOf(
      [termOf(0), { ...termOf(2), scale: 0.7 }].map((term) => ({ ...term })),
      { kind: 'regret' },
    );
    // The last domain is left out, so that three can be gone through.
    const limits = bounds([0, 0, 0, 0], [1, 1, 1, 0]);
    const weights = runJob(solveSmooth(three, limits, []));
    const singles = three.terms.map((term) => objectiveOf([{ ...term, weight: 1 }]));
    const least = singles.map((single) => createScorer(single).score(solveExactly(single, limits)));
    const { score } = createScorer(three, least);
    let best = Number.POSITIVE_INFINITY;
    const steps = 120;
    for (let a = 0; a <= steps; a++) {
      for (let b = 0; a + b <= steps; b++) {
        const mixture = Float64Array.of(a / steps, b / steps, (steps - a - b) / steps, 0);
        best = Math.min(best, score(mixture));
      }
    }
    expect(score(weights)).toBeLessThanOrEqual(best + 1e-4);
  });

  it('an overwhelming pull gives the prior, moved into the bounds', () => {
    const objective = objectiveOf(terms, { kl: 1e6 });
    const free = runJob(solveSmooth(objective, box, []));
    free.forEach((weight, domain) => {
      expect(weight).toBeCloseTo(prior[domain], 4);
    });
    const capped = bounds([0, 0, 0, 0], [0.25, 1, 1, 1]);
    const near = runJob(solveSmooth(objective, capped, []));
    // What the cap takes away is shared in the prior's proportions: that is the KL projection.
    [0.25, 0.375, 0.25, 0.125].forEach((weight, domain) => {
      expect(near[domain]).toBeCloseTo(weight, 4);
    });
  });
});

describe('the worst mixture', () => {
  it('is worse than every mixture of a grid, for convex models and others', () => {
    for (const place of [0, 3, 4, 5]) {
      const objective = objectiveOf([termOf(place)], { seek: 'worst' });
      const limits = bounds([0, 0.05, 0, 0], [0.7, 0.6, 0.8, 0.5]);
      const weights = runJob(solveSmooth(objective, limits, []));
      const { score } = createScorer(objective);
      const found = score(weights);
      expect(isWithin(weights, limits.lower, limits.upper)).toBe(true);
      const draws = runJob(sampleDirichlet(new Float64Array(4).fill(0.4), 800, 3));
      for (let row = 0; row < draws.rows; row++) {
        const mixture = projectToBounds(rowOf(draws, row), limits.lower, limits.upper);
        expect(found).toBeLessThanOrEqual(score(mixture) + 1e-6);
      }
    }
  });
});

describe('the Pareto front', () => {
  it('has points spread out, none better than another for both, ends at the single optima', () => {
    const [first, second] = [termOf(0), termOf(2)];
    const limits = unbounded(4);
    const base = { kl: 0, prior, unique: null };
    const front = runJob(paretoFront(first, second, base, limits, [], 12));
    expect(front.length).toBeGreaterThanOrEqual(8);
    for (const a of front) {
      for (const b of front) {
        if (a === b) continue;
        expect(a.first < b.first && a.second < b.second).toBe(false);
      }
    }
    const shares = front.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const best = solveExactly(objectiveOf([first]), limits);
    const least = createScorer(objectiveOf([first])).score(best);
    expect(front.at(-1)?.first).toBeCloseTo(least, 5);
  });
});

describe('stability', () => {
  it('is no spread for equal refits and the range of different ones', () => {
    const objective = objectiveOf([termOf(0)]);
    const { model } = models[0];
    if (model.kind !== 'law') throw new Error('the first model is a law');
    const same = runJob(stabilityOf(objective, [[model], [model]], unbounded(4), []));
    const weights = solveExactly(objective, unbounded(4));
    expect(Array.from(same.low)).toEqual(Array.from(same.high));
    same.low.forEach((weight, domain) => {
      expect(weight).toBeCloseTo(weights[domain], 12);
    });
    const other: Model = { ...model, amounts: model.amounts.slice().reverse() };
    const spread = runJob(stabilityOf(objective, [[model], [other]], unbounded(4), []));
    expect(spread.high[0]).toBeGreaterThan(spread.low[0] + 0.1);
  });
});
