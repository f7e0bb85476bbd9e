import { runJob } from '../lib/job';
import { meanOfRuns } from '../lib/mixture/prior';
import { boundsOf } from '../lib/optimum/constraints';
import { createSolver, type Problem, prepareParts } from '../lib/optimum/solver';
import type { EngineId } from '../lib/optimum/types';
import { fitOrdinaryLeastSquares } from '../lib/regression/linear';
import type { Model } from '../lib/regression/types';
import { type Benchmark, milliseconds, once } from './benchmark';
import { training, trees } from './data';

function problemOf(model: Model): Problem {
  const { features } = training();
  const prior = meanOfRuns(features).weights;
  return {
    model,
    direction: 'lower',
    runs: features,
    prior,
    human: null,
    samples: 100_000,
    seed: 42,
  };
}

const prepare = (problem: Problem) => runJob(createSolver(problem, runJob(prepareParts(problem))));
const byTrees = once(() => prepare(problemOf(trees())));
const byLine = once(() => prepare(problemOf(runJob(fitOrdinaryLeastSquares(training())))));

/** The limits after one more move of a slider: no domain above so many times its prior weight. */
let moves = 0;
function nextBounds() {
  const prior = meanOfRuns(training().features).weights;
  const times = 2 + (moves++ % 10) / 10;
  const each = <Value>(value: Value) => Array.from(prior, () => value);
  return boundsOf({
    requestedTokens: null,
    availableTokens: each(null),
    epochs: each(4),
    max: Array.from(prior, (weight) => Math.min(1, times * weight)),
    min: each(0),
    locked: each(null),
  });
}

function frame(solver: () => ReturnType<typeof prepare>, engine: EngineId): number {
  const ready = solver();
  const bounds = nextBounds();
  return milliseconds(() => runJob(ready.solve(engine, bounds, 128)));
}

export const benchmarks: Benchmark[] = [
  {
    name: 'optimum: a slider frame, exact, linear model',
    unit: 'ms',
    run: () => frame(byLine, 'exact'),
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
