import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { StageError } from '../model/errors';
import { type Predict, runJob, runJobWith } from '../model/job';
import type { Bounds, EngineId, Objective } from '../model/limits';
import { fromRows, rowOf } from '../model/matrix';
import type { OnnxModel } from '../model/regressor';
import { unlimited } from '../model/settings';
import { networkAt, networkFile, runtime } from '../onnx/onnx.fixture';
import { openPredictor } from '../onnx/predictor';
import { writeOnnx } from '../onnx/write-model';
import { usableEngine } from './engines';
import { createScorer } from './objective';
import { bounds, linear, problemOf, unbounded } from './problem.fixture';
import { purchaseAt, shoppingList } from './shopping';
import { createSolver, type Problem, prepareParts } from './solver';
import { solveExactly } from './water-filling';

const prior = Float64Array.of(0.5, 0.3, 0.2);
const runs = runJob(sampleDirichlet(Float64Array.of(1, 1, 1), 60, 4));
const line = linear([-1, 0.25, 0.5]);
const files = new Map([
  ['network', networkFile()],
  ['line', writeOnnx(line, { target: 'loss', domains: ['a', 'b', 'c'] })],
]);
const modelOf = (id: string): OnnxModel => ({ kind: 'onnx', id, features: 3 });

/** Answers like the page's worker, and counts requests. */
function predictor() {
  let asked = 0;
  const predict: Predict = async (model, mixtures) => {
    asked++;
    const bytes = Uint8Array.from(files.get(model) ?? []);
    const open = await openPredictor(runtime, { bytes, columns: [0, 1, 2] });
    return open.predict(mixtures).finally(() => open.close());
  };
  return { predict, asked: () => asked };
}

function problem(id: string, change: Partial<Objective> = {}): Problem {
  const plain = problemOf(modelOf(id), runs, prior);
  return { ...plain, objective: { ...plain.objective, ...change } };
}

async function solve(given: Problem, engine: EngineId, box: Bounds) {
  const { predict, asked } = predictor();
  const parts = runJob(prepareParts(given));
  const solver = await runJobWith(createSolver(given, parts), predict);
  const report = await runJobWith(solver.solve(engine, box, 32), predict);
  return { ...report, asked: asked() };
}

describe('the optimum of an imported model', () => {
  const box = bounds([0, 0.1, 0], [0.6, 0.8, 0.7]);

  it('is found by search, whatever engine is chosen, with a note', async () => {
    const { objective } = problem('line');
    expect(usableEngine(null, objective)).toBe('search');
    for (const engine of ['exact', 'gradient'] as const) {
      const { optimum } = await solve(problem('line'), engine, box);
      expect(optimum.engine).toBe('search');
      expect(optimum.notes).toHaveLength(1);
    }
  });

  it('is that of the same model when it is evaluated here', async () => {
    const exact = solveExactly({ ...problemOf(line, runs, prior).objective }, box);
    const { optimum, prices, asked } = await solve(problem('line'), 'search', box);
    expect(isWithin(optimum.weights, box.lower, box.upper)).toBe(true);
    const { score } = createScorer(problemOf(line, runs, prior).objective);
    expect(optimum.score).toBeLessThanOrEqual(score(exact) + 1e-4);
    expect(Math.abs(optimum.predicted - score(optimum.weights))).toBeLessThan(1e-5);
    expect(prices).toBeNull();
    // Batches, not mixtures: each is a message to another thread and back.
    expect(asked).toBeLessThan(150);
  });

  it('of a network is as good as a fine grid finds, for every objective', async () => {
    for (const change of [
      {},
      { kl: 0.5 },
      { kind: 'regret' as const, kl: 0.2 },
      { seek: 'worst' as const },
      { unique: Float64Array.of(0.1, 0.3, 0.4) },
    ]) {
      const given = problem('network', change);
      const { optimum, least } = await solve(given, 'search', box);
      const { predict } = predictor();
      const grid = [];
      for (let a = 0; a <= 60; a++) {
        for (let b = 0; a + b <= 60; b++) {
          const mixture = Float64Array.of(a / 60, b / 60, (60 - a - b) / 60);
          grid.push(projectToBounds(mixture, box.lower, box.upper));
        }
      }
      const { rateRows, scoresOf } = await import('./objective');
      const { fromRows } = await import('../model/matrix');
      const rated = await runJobWith(rateRows(given.objective, fromRows(grid)), predict);
      const best = Math.min(...scoresOf(given.objective, rated, least));
      expect(optimum.score).toBeLessThanOrEqual(best + 2e-3);
      if (Object.keys(change).length === 0) {
        expect(Math.abs(optimum.score - networkAt(optimum.weights))).toBeLessThan(1e-5);
      }
    }
  });

  it('by simulation and by the paper’s procedure is no worse than the runs within the limits', async () => {
    const { optimum } = await solve(problem('network'), 'simulation', box);
    for (let row = 0; row < runs.rows; row++) {
      const run = rowOf(runs, row);
      if (isWithin(run, box.lower, box.upper)) {
        expect(optimum.predicted).toBeLessThanOrEqual(networkAt(run) + 1e-5);
      }
    }
    const free = await solve(problem('network'), 'paper', unbounded(3));
    expect(free.optimum.predicted).toBeLessThan(networkAt(prior));
  });

  it('is refused with a message where nothing runs the file', () => {
    const given = problem('network');
    expect(() => runJob(createSolver(given, runJob(prepareParts(given))))).toThrow(StageError);
  });
});

describe('a shopping list by an imported model', () => {
  it('is that of the same model in this thread, but for the steps of the search', async () => {
    const constraints = {
      ...unlimited(3),
      requestedTokens: 100,
      availableTokens: [20, null, 30],
      epochs: [1, 1, 1],
      beyondTried: true,
    };
    const study = {
      training: { mixtures: runs, losses: fromRows(Array.from({ length: 60 }, () => [1])) },
      targets: [{ direction: 'lower' as const }],
    };
    const { predict, asked } = predictor();
    const list = await runJobWith(
      shoppingList(problem('line').objective, constraints, study),
      predict,
    );
    expect(asked()).toBeGreaterThan(0);
    const own = runJob(shoppingList(problemOf(line, runs, prior).objective, constraints, study));
    // The loss is 3 - a + b / 4: each token of the first domain takes the place of the second.
    expect(own[0].score).toBeCloseTo(3 - 0.2 + 0.8 * 0.25, 6);
    for (const { budget, score } of list) {
      expect(Math.abs(score - purchaseAt(own, budget).score)).toBeLessThan(0.01);
    }
    expect(list[list.length - 1].tokens[0]).toBeCloseTo(0.8, 2);
  });
});
