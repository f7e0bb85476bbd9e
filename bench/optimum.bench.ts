import { meanOfRuns } from '../lib/mixture/prior';
import { runJob } from '../lib/model/job';
import type { EngineId } from '../lib/model/limits';
import type { Model, RegressorId } from '../lib/model/regressor';
import { boundsOf } from '../lib/optimum/constraints';
import { createSolver, type Problem, prepareParts } from '../lib/optimum/solver';
import { fitOrdinaryLeastSquares } from '../lib/regression/linear';
import { findRegressor } from '../lib/regression/regressors';
import { type Benchmark, milliseconds, once } from './benchmark';
import { training, trees } from './data';

function problemOf(model: Model): Problem {
  const { features } = training();
  const prior = meanOfRuns(features).weights;
  const term = { target: 'pile_cc', model, direction: 'lower', weight: 1, scale: 1 } as const;
  return {
    objective: { kind: 'weighted', terms: [term], kl: 0, prior, unique: null, seek: 'best' },
    runs: features,
    human: null,
    yours: null,
    samples: 100_000,
    seed: 42,
  };
}

const prepare = (problem: Problem) => runJob(createSolver(problem, runJob(prepareParts(problem))));
const byTrees = once(() => prepare(problemOf(trees())));
const byLine = once(() => prepare(problemOf(runJob(fitOrdinaryLeastSquares(training())))));

const fitted = (id: RegressorId) =>
  once(() => prepare(problemOf(runJob(findRegressor(id).fit(training(), { seed: 1 })))));
const byLaw = fitted('law');
const byProcess = fitted('gp');
const byCorrectedLaw = fitted('law+gp');

/**
 * The limits after one more move of a slider: no domain above this multiple of its prior weight.
 */
let moves = 0;
function nextBounds() {
  const prior = meanOfRuns(training().features).weights;
  const times = 2 + (moves++ % 10) / 10;
  const each = <Value>(value: Value) => Array.from(prior, () => value);
  const limits = {
    requestedTokens: null,
    availableTokens: each(null),
    epochs: each(4),
    max: Array.from(prior, (weight) => Math.min(1, times * weight)),
    min: each(0),
    locked: each(null),
    beyondTried: false,
  };
  return boundsOf(limits, null);
}

/**
 * @param frames number of frames measured together, for frames shorter than the clock's resolution
 */
function frame(solver: () => ReturnType<typeof prepare>, engine: EngineId, frames = 1): number {
  const ready = solver();
  const all = Array.from({ length: frames }, nextBounds);
  const total = milliseconds(() => {
    for (const bounds of all) runJob(ready.solve(engine, bounds, 128));
  });
  return total / frames;
}

export const benchmarks: Benchmark[] = [
  {
    name: 'optimum: a slider frame, exact, linear model',
    unit: 'ms',
    run: () => frame(byLine, 'exact', 500),
  },
  {
    name: 'optimum: a slider frame, exact, law',
    unit: 'ms',
    run: () => frame(byLaw, 'exact', 500),
  },
  {
    name: 'optimum: a slider frame, gradient, Gaussian process',
    unit: 'ms',
    run: () => frame(byProcess, 'gradient', 10),
  },
  {
    name: 'optimum: a slider frame, gradient, corrected law',
    unit: 'ms',
    run: () => frame(byCorrectedLaw, 'gradient', 10),
  },
  {
    name: 'optimum: a slider frame, simulation of 100,000, trees',
    unit: 'ms',
    run: () => frame(byTrees, 'simulation'),
  },
  {
    name: 'optimum: a slider frame, search, trees',
    unit: 'ms',
    run: () => frame(byTrees, 'search'),
  },
];
