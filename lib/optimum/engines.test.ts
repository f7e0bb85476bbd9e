import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { runJob } from '../model/job';
import type { Bounds, EngineId, Objective, ObjectiveTerm } from '../model/limits';
import { fromRows, rowOf } from '../model/matrix';
import type { Model } from '../model/regressor';
import type { Target } from '../model/study';
import { boost } from '../regression/gbdt/boosting';
import { predictRow } from '../regression/predict';
import { isSmooth } from './engines';
import { effectiveWeight } from './objective';
import { bounds, linear, problemOf, smoothModels } from './problem.fixture';
import { createSolver, prepareParts } from './solver';
import { hasExactOptimum } from './water-filling';

const prior = Float64Array.of(0.4, 0.3, 0.2, 0.1);
const runs = runJob(sampleDirichlet(Float64Array.of(0.6, 0.5, 0.4, 0.3), 60, 11));

function treesOf(curve: (mixture: Float64Array) => number): Model {
  const values = Float64Array.from({ length: runs.rows }, (_, row) => curve(rowOf(runs, row)));
  return runJob(boost({ features: runs, values }, { rounds: 40, minRowsPerLeaf: 5 }));
}

/** Models of every kind, on different scales. */
const models: { name: string; model: Model; direction: Target['direction'] }[] = [
  ...smoothModels(),
  { name: 'a linear model', model: linear([-1, -0.5, 0.2, 0.4]), direction: 'lower' },
  { name: 'a linear score', model: linear([0.3, -0.5, 0.8, 0.1]), direction: 'higher' },
  {
    name: 'trees',
    model: treesOf(([a, b, , d]) => 4 - Math.sqrt(a + 0.01) - 0.6 * b + 0.5 * d),
    direction: 'lower',
  },
  {
    name: 'trees of a score',
    model: treesOf(([, b, c, d]) => 40 + 3 * Math.sqrt(c + 0.01) - 2 * b + d),
    direction: 'higher',
  },
];

/** Per term what it makes as low as it can, for a mixture; written apart from the engines. */
function valuesOf({ terms, unique }: Objective, mixture: Float64Array): number[] {
  const seen = mixture.map((weight, domain) =>
    unique ? effectiveWeight(weight, unique[domain]).value : weight,
  );
  return terms.map(({ model, direction, scale }) => {
    return ((direction === 'lower' ? 1 : -1) * predictRow(model, seen)) / scale;
  });
}

/** The objective as `types.ts` defines it. */
function trueScore(objective: Objective, mixture: Float64Array, least: readonly number[]): number {
  const values = valuesOf(objective, mixture);
  const combined =
    objective.kind === 'weighted'
      ? values.reduce((sum, value, at) => sum + objective.terms[at].weight * value, 0)
      : Math.max(...values.map((value, at) => value - least[at]));
  if (objective.seek === 'worst') return -combined;
  const divergence = mixture.reduce((sum, weight, domain) => {
    return weight > 0 ? sum + weight * Math.log(weight / objective.prior[domain]) : sum;
  }, 0);
  return combined + objective.kl * divergence;
}

/** Plain search: the best of many draws moved into the bounds, then of ever smaller random steps. */
function plainSearch(score: (mixture: Float64Array) => number, box: Bounds): number {
  const within = (mixture: Float64Array) => projectToBounds(mixture, box.lower, box.upper);
  const draws = runJob(sampleDirichlet(new Float64Array(4).fill(0.5), 600, 17));
  let best = within(prior);
  let least = score(best);
  const consider = (mixture: Float64Array) => {
    const value = score(mixture);
    if (value >= least) return;
    least = value;
    best = mixture;
  };
  for (let row = 0; row < draws.rows; row++) {
    if (row < 300) {
      consider(within(rowOf(draws, row)));
      continue;
    }
    const size = 0.5 * 0.97 ** (row - 300);
    const towards = rowOf(draws, row);
    consider(within(best.map((weight, domain) => weight + size * (towards[domain] - weight))));
    for (let from = 0; from < 4; from++) {
      for (let to = 0; to < 4; to++) {
        const step = best.slice();
        step[from] -= size / 4;
        step[to] += size / 4;
        consider(within(step));
      }
    }
  }
  return least;
}

const questions = fc.record({
  places: fc.uniqueArray(fc.nat(models.length - 1), { minLength: 1, maxLength: 3 }),
  kind: fc.constantFrom('weighted' as const, 'regret' as const),
  kl: fc.constantFrom(0, 0.02, 1),
  repeats: fc.boolean(),
  seek: fc.constantFrom('best' as const, 'best' as const, 'worst' as const),
  box: feasibleBounds.filter(({ lower }) => lower.length === 4),
});
type Question = typeof questions extends fc.Arbitrary<infer Each> ? Each : never;

function objectiveOf({ places, kind, kl, repeats, seek }: Question): Objective {
  const terms = places.map((place): ObjectiveTerm => {
    const { model, direction, name } = models[place];
    return { target: name, model, direction, weight: 1 / places.length, scale: 1 + place / 4 };
  });
  const unique = repeats ? Float64Array.of(0.1, 0.2, 0.05, 0.3) : null;
  // The worst mixture is the worst on average, as the page asks for it.
  return { kind: seek === 'worst' ? 'weighted' : kind, terms, kl, prior, unique, seek };
}

function solverOf(objective: Objective) {
  const problem = { ...problemOf(models[0].model, runs, prior), objective, samples: 400 };
  return runJob(createSolver(problem, runJob(prepareParts(problem))));
}

function enginesOf(objective: Objective): EngineId[] {
  const engines: EngineId[] = ['simulation', 'search', 'paper'];
  if (isSmooth(objective)) engines.unshift('gradient');
  if (hasExactOptimum(objective)) engines.unshift('exact');
  return engines;
}

/**
 * How much worse than a plain search an engine may be: trees are flat and steps not endless; processes,
 * and laws where the worst is sought, have minima of their own that a descent may stay in.
 */
function toleranceOf(engine: EngineId, { terms, seek }: Objective): number {
  const kinds = terms.map(({ model }) => model.kind);
  if (kinds.includes('trees')) return 0.05;
  const hasProcess = kinds.some((kind) => kind === 'gp' || kind === 'sum' || kind === 'corrected');
  if (engine === 'search' || seek === 'worst' || hasProcess) return 0.01;
  return 2e-4;
}

describe('every engine, for every objective', () => {
  it('reports the score that its mixture has, and no plain search beats it', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const objective = objectiveOf(question);
        const box = bounds(question.box.lower, question.box.upper);
        const solver = solverOf(objective);
        for (const engine of enginesOf(objective)) {
          if (engine === 'paper') continue;
          const { optimum, least } = runJob(solver.solve(engine, box, 16));
          expect(optimum.engine).toBe(engine);
          expect(isWithin(optimum.weights, box.lower, box.upper)).toBe(true);
          const score = (mixture: Float64Array) => trueScore(objective, mixture, least);
          expect(Math.abs(optimum.score - score(optimum.weights))).toBeLessThan(1e-6);
          if (engine === 'simulation') continue;
          expect(optimum.score).toBeLessThanOrEqual(
            plainSearch(score, box) + toleranceOf(engine, objective),
          );
        }
      }),
      { numRuns: 80, seed: 5 },
    );
  });

  it('measures regrets from the least that each target can reach alone', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const objective = objectiveOf({ ...question, kind: 'regret', seek: 'best' });
        const box = bounds(question.box.lower, question.box.upper);
        const { least } = runJob(solverOf(objective).solve('search', box, 16));
        least.forEach((value, place) => {
          const reached = plainSearch((mixture) => valuesOf(objective, mixture)[place], box);
          const alone = { ...objective, terms: [objective.terms[place]] };
          expect(value).toBeLessThanOrEqual(reached + toleranceOf('gradient', alone));
        });
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('is by simulation no worse than any run, whatever the targets’ scales', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const objective = objectiveOf(question);
        const box = bounds(question.box.lower, question.box.upper);
        const { optimum, least } = runJob(solverOf(objective).solve('simulation', box, 16));
        for (let row = 0; row < runs.rows; row++) {
          const run = rowOf(runs, row);
          if (!isWithin(run, box.lower, box.upper)) continue;
          expect(optimum.score).toBeLessThanOrEqual(trueScore(objective, run, least) + 1e-9);
        }
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});

describe('worst-off first', () => {
  const one = (model: Model, kl: number): Objective => ({
    kind: 'regret',
    terms: [{ target: 'a', model, direction: 'lower', weight: 1, scale: 1 }],
    kl,
    prior,
    unique: null,
    seek: 'best',
  });

  it('of one target is not exact under a pull, which the closed form ignores', () => {
    const model = linear([-1, -0.2, 0, 0.3]);
    expect(hasExactOptimum(one(model, 0))).toBe(true);
    expect(hasExactOptimum(one(model, 1))).toBe(false);
    expect(hasExactOptimum({ ...one(model, 1), seek: 'worst' })).toBe(false);
  });

  it('of one target is what the weighted objective gives', () => {
    for (const { model } of models.filter(({ direction }) => direction === 'lower')) {
      const box = bounds([0, 0, 0, 0], [1, 1, 1, 1]);
      const regret = one(model, 1);
      const weighted: Objective = { ...regret, kind: 'weighted' };
      const [a, b] = [regret, weighted].map((objective) => {
        const { optimum } = runJob(solverOf(objective).solve('exact', box, 16));
        return trueScore(weighted, optimum.weights, []);
      });
      expect(Math.abs(a - b)).toBeLessThan(1e-3);
    }
  });

  it('counts no pull in what each target can reach', () => {
    const trees = models.filter(({ model }) => model.kind === 'trees');
    const terms = trees.map(({ name, ...term }) => ({
      target: name,
      ...term,
      weight: 1,
      scale: 1,
    }));
    const box = bounds([0, 0, 0, 0], [1, 1, 1, 1]);
    const [free, pulled] = [0, 1].map((kl) => {
      const objective: Objective = { ...one(trees[0].model, kl), terms };
      return runJob(solverOf(objective).solve('search', box, 16)).least;
    });
    expect(pulled).toEqual(free);
  });
});

describe('a simulation of regrets', () => {
  it('ranks draws and runs by them, though one target’s values are far above the other’s', () => {
    const terms = [linear([-1, 0, 0]), { ...linear([0, -1, 0]), intercept: 50 }].map(
      (model, place): ObjectiveTerm => ({
        target: String(place),
        model,
        direction: 'lower',
        weight: 0.5,
        scale: 1,
      }),
    );
    const three = Float64Array.of(0.4, 0.4, 0.2);
    const given = problemOf(
      terms[0].model,
      fromRows([
        [0, 1, 0],
        [0.5, 0.5, 0],
      ]),
      three,
    );
    const problem = { ...given, objective: { ...given.objective, kind: 'regret' as const, terms } };
    const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
    const solve = (upper: number[]) => {
      return runJob(solver.solve('simulation', bounds([0, 0, 0], upper), 16)).optimum;
    };
    // Half of each loses half of what either can reach; the draws near it are nearly as good.
    expect(solve([1, 1, 1]).score).toBeLessThan(0.5 + 1e-9);
    expect(solve([0.7, 0.9, 0.1]).score).toBeLessThan(0.45);
    // Hardly a draw lies within these: moved ones are ranked among them by the same measure.
    const tight = solve([0.52, 0.52, 0.001]);
    expect(tight.score).toBeLessThan(0.03);
  });
});

describe('a law that has no use for a domain', () => {
  it('is still solved exactly', () => {
    const [{ model }] = models;
    if (model.kind !== 'law') throw new Error('the first model is a law');
    const useless: Model = { ...model, amounts: Float64Array.of(0.9, 0.4, 0, 0) };
    const objective = { ...problemOf(useless, fromRows([[1, 0, 0, 0]]), prior).objective };
    const box = bounds([0, 0, 0, 0], [0.3, 1, 1, 1]);
    const { optimum } = runJob(solverOf(objective).solve('exact', box, 16));
    expect(optimum.engine).toBe('exact');
    expect(Array.from(optimum.weights, (weight) => Math.round(weight * 1e6) / 1e6)).toEqual([
      0.3, 0.7, 0, 0,
    ]);
  });
});
