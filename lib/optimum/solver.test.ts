import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../mixture/simplex';
import { feasibleBounds } from '../mixture/simplex.fixture';
import { runJob } from '../model/job';
import type { Bounds, EngineId, Objective } from '../model/limits';
import { fromRows, rowOf } from '../model/matrix';
import type { Model } from '../model/regressor';
import type { Target } from '../model/study';
import { predictRow } from '../regression/predict';
import { createScorer } from './objective';
import { bounds, linear, problemOf, smoothModels, treeProblem, unbounded } from './problem.fixture';
import { createSolver, type Problem, prepareParts, type Solver } from './solver';
import { hasExactOptimum, solveExactly } from './water-filling';

function solverOf(problem: Problem): Solver {
  return runJob(createSolver(problem, runJob(prepareParts(problem))));
}

/** Model and sign of a problem's only term. */
function termOf({ objective }: Problem) {
  const [{ model, direction }] = objective.terms;
  return { model, sign: direction === 'lower' ? 1 : -1 };
}

function withModel(problem: Problem, model: Model, direction: Target['direction']): Problem {
  const [term] = problem.objective.terms;
  return {
    ...problem,
    objective: { ...problem.objective, terms: [{ ...term, model, direction }] },
  };
}

function bestFeasibleRun(problem: Problem, box: Bounds): number {
  const { model, sign } = termOf(problem);
  let best = Number.POSITIVE_INFINITY;
  for (let row = 0; row < problem.runs.rows; row++) {
    const mixture = rowOf(problem.runs, row);
    if (!isWithin(mixture, box.lower, box.upper)) continue;
    best = Math.min(best, sign * predictRow(model, mixture));
  }
  return best;
}

describe('the cost of bounds', () => {
  const box = bounds([0, 0.3, 0, 0], [1, 0.3, 1, 1]);
  const wider = unbounded(4);

  it.each([
    ['exact', linear([-1, -0.5, 0.2, 0.4])],
    ['search', linear([-1, -0.5, 0.2, 0.4])],
  ] as const)('is what the optimum loses by them, %s', (engine, model) => {
    const solver = solverOf(withModel(treeProblem('lower'), model, 'lower'));
    const { optimum } = runJob(solver.solve(engine, box, 8));
    const cost = runJob(solver.costAgainst(engine, optimum.weights, wider, 8));
    // 30% at a coefficient of -0.5 in place of -1.
    expect(cost).toBeCloseTo(0.15, 5);
    const free = runJob(solver.solve(engine, wider, 8)).optimum;
    expect(runJob(solver.costAgainst(engine, free.weights, wider, 8))).toBeCloseTo(0, 6);
  });

  it('counts regrets from what is within reach of the wider bounds', () => {
    const base = treeProblem('lower');
    const [term] = base.objective.terms;
    const of = (target: string, coefficients: number[]) => ({
      ...term,
      target,
      model: linear(coefficients),
      weight: 0.5,
    });
    const terms = [of('first', [-1, -0.5, 0, 0]), of('second', [0, -0.5, 0, -1])];
    const objective: Objective = { ...base.objective, kind: 'regret', terms };
    const solver = solverOf({ ...base, objective });
    const { optimum } = runJob(solver.solve('gradient', box, 8));
    const free = runJob(solver.solve('gradient', wider, 8));
    const regretOf = (predictions: readonly number[]) =>
      Math.max(...predictions.map((value, place) => value - free.least[place]));
    const cost = runJob(solver.costAgainst('gradient', optimum.weights, wider, 8));
    expect(cost).toBeCloseTo(regretOf(optimum.predictions) - regretOf(free.optimum.predictions), 4);
  });
});

const boxes = feasibleBounds.filter(({ lower }) => lower.length === 4);

describe.each([
  ['trees, lower is better', treeProblem('lower')],
  ['trees, higher is better', treeProblem('higher')],
  ['linear', withModel(treeProblem('lower'), linear([-1, -0.5, 0.2, 0.4]), 'lower')],
  ...smoothModels().map(({ name, model, direction }) => {
    return [name, withModel(treeProblem('lower'), model, direction)] as const;
  }),
] as const)('every optimum of %s', (_, problem) => {
  const solver = solverOf(problem);
  const { model, sign } = termOf(problem);
  const engines: EngineId[] = ['simulation', 'search'];
  if (model.kind !== 'trees') engines.unshift('gradient');
  if (hasExactOptimum(problem.objective)) engines.unshift('exact');

  it.each(engines)(
    'by %s meets the bounds and is no worse than the best run that does',
    (engine) => {
      fc.assert(
        fc.property(boxes, fc.integer({ min: 1, max: 200 }), ({ lower, upper }, topK) => {
          const box = bounds(lower, upper);
          const { optimum } = runJob(solver.solve(engine, box, topK));
          expect(isWithin(optimum.weights, lower, upper)).toBe(true);
          expect(optimum.predicted).toBe(predictRow(model, optimum.weights));
          expect(sign * optimum.predicted).toBeLessThanOrEqual(
            bestFeasibleRun(problem, box) + 1e-9,
          );
        }),
        { numRuns: 40 },
      );
    },
  );

  it('by search is no worse than by simulation', () => {
    fc.assert(
      fc.property(boxes, ({ lower, upper }) => {
        const box = bounds(lower, upper);
        const simulated = runJob(solver.solve('simulation', box, 32)).optimum.predicted;
        const searched = runJob(solver.solve('search', box, 32)).optimum.predicted;
        expect(sign * searched).toBeLessThanOrEqual(sign * simulated + 1e-9);
      }),
      { numRuns: 25 },
    );
  });
});

/** The model whose every prediction is the negative of the given one's. */
function negated(model: Model): Model {
  if (model.kind === 'trees') return { ...model, value: model.value.map((value) => -value) };
  if (model.kind !== 'linear') throw new RangeError(`cannot negate ${model.kind}`);
  const coefficients = model.coefficients.map((value) => -value);
  return { ...model, intercept: -model.intercept, coefficients };
}

describe('a target where higher is better', () => {
  const engines: EngineId[] = ['exact', 'simulation', 'search', 'paper'];
  it.each(engines)('by %s gives what its negative gives where lower is better', (engine) => {
    const lower: Problem =
      engine === 'exact'
        ? withModel(treeProblem('lower'), linear([0.3, -0.5, 0.2, -0.4]), 'lower')
        : treeProblem('lower');
    const higher = withModel(lower, negated(termOf(lower).model), 'higher');
    const box = bounds([0, 0.1, 0, 0.05], [0.5, 0.6, 0.7, 0.4]);
    const [one, other] = [lower, higher].map(
      (problem) => runJob(solverOf(problem).solve(engine, box, 40)).optimum,
    );
    expect(other.weights).toEqual(one.weights);
    expect(other.predicted).toBe(-one.predicted);
  });
});

describe('the simulation', () => {
  it('without limits is the mean of the best K draws', () => {
    const problem: Problem = { ...treeProblem('lower'), runs: fromRows([[0, 0, 0, 1]]) };
    const parts = runJob(prepareParts(problem));
    const solver = runJob(createSolver(problem, parts));
    const { weights, notes } = runJob(solver.solve('simulation', unbounded(4), 50)).optimum;
    expect(notes).toEqual([]);
    const { draws } = parts;
    if (!draws) throw new Error('a simulation draws mixtures');
    const { model } = termOf(problem);
    const ranked = Array.from({ length: draws.rows }, (_, row) => rowOf(draws, row))
      .map((mixture) => ({ mixture, loss: predictRow(model, mixture) }))
      .sort((a, b) => a.loss - b.loss)
      .slice(0, 50);
    for (let domain = 0; domain < 4; domain++) {
      const mean = ranked.reduce((sum, { mixture }) => sum + mixture[domain] / 50, 0);
      expect(weights[domain]).toBeCloseTo(mean, 10);
    }
  });

  it('notes when hardly a draw, or none, meets the limits', () => {
    const solver = solverOf(treeProblem('lower'));
    const notes = (lower: number, upper: number, topK: number) => {
      const box = bounds(new Float64Array(4).fill(lower), new Float64Array(4).fill(upper));
      return runJob(solver.solve('simulation', box, topK)).optimum.notes[0];
    };
    expect(notes(0.24, 0.26, 128)).toBe(
      'None of 2,000 draws met the limits: 128 of the 128 averaged mixtures are draws moved to the nearest one that does.',
    );
    expect(notes(0.1, 0.4, 1_000)).toMatch(
      /^Only \d+ of 2,000 draws met the limits: \d+ of the \d+ averaged mixtures are draws moved/,
    );
  });

  it('yields to a training run that the model prefers, with a note', () => {
    const problem: Problem = {
      ...withModel(treeProblem('lower'), linear([-1, 0, 0, 0]), 'lower'),
      runs: fromRows([
        [1, 0, 0, 0],
        [0.5, 0.5, 0, 0],
      ]),
    };
    const solver = solverOf(problem);
    const free = runJob(solver.solve('simulation', unbounded(4), 128)).optimum;
    expect(Array.from(free.weights)).toEqual([1, 0, 0, 0]);
    expect(free.notes).toHaveLength(1);
    expect(free.notes[0]).toContain('that run is shown');
    const capped = bounds([0, 0, 0, 0], [0.9, 1, 1, 1]);
    const { weights, notes } = runJob(solver.solve('simulation', capped, 1)).optimum;
    expect(weights[0]).toBeGreaterThan(0.5);
    expect(notes).toEqual([]);
  });
});

describe('an engine that does not suit', () => {
  it('the exact one says that trees were searched', () => {
    const solver = solverOf(treeProblem('lower'));
    const asked = runJob(solver.solve('exact', unbounded(4), 32)).optimum;
    const searched = runJob(solver.solve('search', unbounded(4), 32)).optimum;
    expect(asked.engine).toBe('search');
    expect(asked.weights).toEqual(searched.weights);
    expect(asked.notes).toHaveLength(1);
  });

  it('the paper’s says when its answer is beyond the limits, which it does not know', () => {
    const solver = solverOf(treeProblem('lower'));
    const free = runJob(solver.solve('paper', unbounded(4), 1)).optimum;
    const tight = bounds([0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]);
    const beyond = runJob(solver.solve('paper', tight, 1)).optimum;
    expect(free.notes).toEqual([]);
    expect(beyond.notes).toHaveLength(1);
    expect(beyond.weights).toEqual(free.weights);
  });
});

describe('a report', () => {
  it('names what binds and knows how far the runs are', () => {
    const runs = fromRows([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.5, 0.5, 0],
    ]);
    const problem: Problem = {
      ...problemOf(linear([-1, 0, 1]), runs, Float64Array.of(0.3, 0.3, 0.4)),
      human: Float64Array.of(0, 0, 1),
      yours: Float64Array.of(1, 0, 0),
    };
    const box = bounds(Float64Array.of(0, 0, 0.1), Float64Array.of(0.6, 1, 1));
    const report = runJob(solverOf(problem).solve('exact', box, 1));
    [0.6, 0.3, 0.1].forEach((weight, domain) => {
      expect(report.optimum.weights[domain]).toBeCloseTo(weight, 12);
    });
    expect(report.optimum.binding).toEqual([0, 2]);
    expect(report.human?.[0]).toBeCloseTo(4, 12);
    expect(report.prior[0]).toBeCloseTo(3.1, 12);
    expect(report.yours?.[0]).toBeCloseTo(2, 12);
    // One more point of the first domain takes a point from the second, which is worth 1 less.
    expect(report.prices && Array.from(report.prices)).toEqual([0.01, 0, 0]);
    expect(report.coverage.nearest).toBe(3);
    expect(report.coverage.distance).toBeCloseTo(0.2, 12);
  });
});

describe('the cost of limits', () => {
  const [law, score] = smoothModels().filter(({ model }) => model.kind === 'law');
  const base = withModel(treeProblem('lower'), law.model, law.direction);
  const tried = Float64Array.of(0.6, 0.7, 0.5, 0.4);
  const box: Bounds = { ...bounds([0, 0.3, 0, 0], [0.2, 0.5, 0.5, 0.4]), tried };
  const free = bounds([0, 0, 0, 0], tried);
  const best = (objective: Objective, within: Bounds) => {
    const weights = solveExactly(objective, within);
    return { weights, value: createScorer(objective).score(weights) };
  };

  it('is how far the optimum stays behind the best mixture without them, tokens fresh', () => {
    for (const unique of [null, Float64Array.of(0.05, 0.4, 0.1, 0.1)]) {
      const objective = { ...base.objective, unique };
      const { cost } = runJob(solverOf({ ...base, objective }).solve('exact', box, 1));
      const without = best(base.objective, free);
      expect(cost?.score).toBeCloseTo(best(objective, box).value - without.value, 9);
      expect(cost?.score).toBeGreaterThan(0.01);
      expect(cost?.predictions[0]).toBeCloseTo(predictRow(law.model, without.weights), 12);
      expect(Array.from(cost?.weights ?? [])).toEqual(Array.from(without.weights));
    }
  });

  it('is nothing without limits, and does not count the largest weights tried', () => {
    const within: Bounds = { ...free, tried, source: ['tried', 'tried', 'tried', 'tried'] };
    const { cost, optimum } = runJob(solverOf(base).solve('exact', within, 1));
    expect(cost).toEqual({
      score: 0,
      weights: optimum.weights,
      predictions: optimum.predictions,
    });
  });

  it('is never below 0, for any engine and with least weights beyond what was tried', () => {
    const beyond = { ...bounds([0, 0.75, 0, 0], [0.2, 0.75, 0.5, 0.4]), tried };
    for (const problem of [base, treeProblem('lower')]) {
      for (const engine of ['search', 'simulation'] as const) {
        for (const within of [box, beyond]) {
          const { cost } = runJob(solverOf(problem).solve(engine, within, 16));
          expect(cost?.score).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  it('of the worst-off target is measured from what each target could reach without limits', () => {
    const terms = [law, score].map(({ model, direction }, place) => ({
      ...base.objective.terms[0],
      target: `${place}`,
      model,
      direction,
    }));
    const objective: Objective = { ...base.objective, kind: 'regret', terms };
    const report = runJob(solverOf({ ...base, objective }).solve('gradient', box, 1));
    const without = runJob(
      solverOf({ ...base, objective }).solve('gradient', { ...free, tried }, 1),
    );
    const rated = createScorer(objective, without.least).score(report.optimum.weights);
    expect(report.cost?.score).toBeCloseTo(rated - without.optimum.score, 6);
    expect(report.cost?.score).toBeGreaterThan(0.01);
  });

  it('is unknown for the worst mixture, and for the engine that knows no limits', () => {
    const seeking: Objective = { ...base.objective, seek: 'worst' };
    expect(runJob(solverOf({ ...base, objective: seeking }).solve('gradient', box, 1)).cost).toBe(
      null,
    );
    expect(runJob(solverOf(base).solve('paper', box, 1)).cost).toBe(null);
  });

  it('is looked for once for all frames of a slider', () => {
    const parts = runJob(prepareParts(base));
    const found = [0.1, 0.2, 0.3].map((tokens) => {
      const objective = { ...base.objective, unique: Float64Array.of(tokens, 1, 1, 1) };
      const solver = runJob(createSolver({ ...base, objective, freeKey: 'one fit' }, parts));
      const upper = Float64Array.of(tokens, 0.5, 0.5, 0.4);
      return runJob(solver.solve('gradient', { ...box, upper }, 1)).cost?.weights;
    });
    expect(parts.free.size).toBe(1);
    expect(found[1]).toBe(found[0]);
    expect(found[2]).toBe(found[0]);
    const other = runJob(createSolver({ ...base, freeKey: 'another fit' }, parts));
    expect(runJob(other.solve('gradient', box, 1)).cost?.weights).not.toBe(found[0]);
  });
});
