import { plural } from '../format';
import type { Job } from '../job';
import { type Matrix, rowOf, zeros } from '../matrix';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { predictModel, predictRow } from '../regression/predict';
import type { Model } from '../regression/types';
import type { Target } from '../study/types';
import { coverageOf, measureNeighbourhood, type Neighbourhood } from './coverage';
import { solveLinear } from './exact';
import { bestOfPool, drawPool, type Pool, type PoolBest, rankPool } from './pool';
import { rankByScore } from './rank';
import { searchPairs } from './search';
import type { Bounds, EngineId, Optimum, OptimumReport } from './types';

/** What the published notebook fixes: `np.random.seed(42)`, 100,000 draws, the 128 best. */
const notebook = { seed: 42, samples: 100_000, topK: 128 };
/**
 * How many of the best draws and runs a search starts from, beside the simulation's mean and the
 * prior. Twice as many took twice as long and lowered the predicted loss by 0.0004, on average over
 * the 13 published targets and limits of 1.5 to 15 times the prior.
 */
const starts = { draws: 8, runs: 4 };
/** Weights nearer to a bound than this count as held by it: less than any page shows. */
const bindingSlack = 1e-6;

/** A fitted model and everything about its study that looking for an optimum needs. */
export interface Problem {
  readonly model: Model;
  readonly direction: Target['direction'];
  /** N x D mixtures of the training runs. */
  readonly runs: Matrix;
  /** D, sums to 1. */
  readonly prior: Float64Array;
  readonly human: Float64Array | null;
  readonly samples: number;
  readonly seed: number;
}

/** A problem made ready: one call a slider frame. */
export interface Solver {
  /** @param bounds must be feasible (see `feasibilityOf`) */
  solve(engine: EngineId, bounds: Bounds, topK: number): Job<OptimumReport>;
}

/** Parts of a solver that outlive a model: kept while only the model changes. */
export interface SolverParts {
  readonly neighbourhood: Neighbourhood;
  readonly draws: Matrix;
}

/** Draws the pool and measures the runs: what depends on the study but not on the model. */
export function* prepareParts(problem: Problem): Job<SolverParts> {
  const draws = yield* drawPool(problem.prior, problem.samples, problem.seed);
  return { draws, neighbourhood: yield* measureNeighbourhood(problem.runs) };
}

/** Scores the pool and the runs by the model, so that solving needs to score next to nothing. */
export function* createSolver(problem: Problem, parts: SolverParts): Job<Solver> {
  const { model, direction, runs, prior, human } = problem;
  const sign = direction === 'lower' ? 1 : -1;
  const score = (mixture: Float64Array) => sign * predictRow(model, mixture);
  const pool = yield* scorePool(model, parts.draws, sign);
  const runScores = (yield* predictModel(model, runs)).map((value) => sign * value);
  const runOrder = yield* rankByScore(runScores);
  let paper: Float64Array | null = null;

  function bestRunsWithin(bounds: Bounds, most: number): Float64Array[] {
    const found: Float64Array[] = [];
    for (let place = 0; place < runOrder.length && found.length < most; place++) {
      const run = rowOf(runs, runOrder[place]);
      if (isWithin(run, bounds.lower, bounds.upper)) found.push(run);
    }
    return found;
  }

  /** RegMix's mean of the best draws, or the best run that was really trained when it is better. */
  function* simulate(bounds: Bounds, topK: number): Job<Found> {
    const best = yield* bestOfPool(pool, bounds, topK, score);
    const notes = simulationNotes(best, pool.order.length, topK);
    const [run] = bestRunsWithin(bounds, 1);
    if (!run || score(run) >= score(best.weights)) {
      return { engine: 'simulation', weights: best.weights, notes };
    }
    const kept =
      'The best training run within the limits is predicted better than the mean of the best draws: that run is shown.';
    return { engine: 'simulation', weights: Float64Array.from(run), notes: [...notes, kept] };
  }

  /** Starts from the simulation's answer too, so that it never does worse. */
  function* search(bounds: Bounds, topK: number): Job<Found> {
    const { lower, upper } = bounds;
    const simulated = yield* simulate(bounds, topK);
    const draws = Array.from(pool.order.subarray(0, starts.draws), (row) =>
      projectToBounds(rowOf(pool.mixtures, row), lower, upper),
    );
    const from = [
      simulated.weights,
      ...bestRunsWithin(bounds, starts.runs),
      ...draws,
      projectToBounds(prior, lower, upper),
    ];
    const { weights } = yield* searchPairs(from, bounds, score);
    return { engine: 'search', weights, notes: [] };
  }

  function* find(engine: EngineId, bounds: Bounds, topK: number): Job<Found> {
    switch (engine) {
      case 'exact': {
        if (model.kind === 'linear') {
          return { engine, weights: solveLinear(model, bounds, sign), notes: [] };
        }
        const found = yield* search(bounds, topK);
        return { ...found, notes: ['Only linear models have an exact answer: this is a search.'] };
      }
      case 'search':
        return yield* search(bounds, topK);
      case 'simulation':
        return yield* simulate(bounds, topK);
      case 'paper': {
        paper ??= yield* solvePaper(model, prior, sign);
        const within = isWithin(paper, bounds.lower, bounds.upper);
        return { engine, weights: paper, notes: within ? [] : ['It does not meet your limits.'] };
      }
    }
  }

  return {
    *solve(engine, bounds, topK) {
      const found = yield* find(engine, bounds, topK);
      const weights = Float64Array.from(found.weights);
      const optimum: Optimum = {
        ...found,
        weights,
        predicted: predictRow(model, weights),
        binding: bindingOf(weights, bounds),
      };
      return {
        optimum,
        coverage: coverageOf(parts.neighbourhood, weights),
        predictedPrior: predictRow(model, prior),
        predictedHuman: human ? predictRow(model, human) : null,
      };
    },
  };
}

type Found = Pick<Optimum, 'engine' | 'weights' | 'notes'>;

/** What to say of a simulation that is not RegMix's mean of topK draws as drawn. */
function simulationNotes(best: PoolBest, draws: number, topK: number): string[] {
  if (best.within >= topK) return [];
  const met = best.within === 0 ? 'None' : `Only ${best.within.toLocaleString('en')}`;
  const averaged = best.averaged.toLocaleString('en');
  const how =
    best.moved === 0
      ? `these ${averaged} are averaged`
      : `${best.moved.toLocaleString('en')} of the ${averaged} averaged mixtures are draws moved to the nearest one that does`;
  return [`${met} of ${plural(draws, 'draw')} met the limits: ${how}.`];
}

function* scorePool(model: Model, draws: Matrix, sign: 1 | -1): Job<Pool> {
  const predicted = yield* predictModel(model, draws);
  return yield* rankPool(draws, sign === 1 ? predicted : predicted.map((value) => -value));
}

/**
 * The published notebook's procedure: numpy's draws, no limits, the mean of the 128 best.
 *
 * @param prior D, the notebook's 8-digit Pile prior for its published weights
 */
export function* solvePaper(model: Model, prior: Float64Array, sign: 1 | -1): Job<Float64Array> {
  const draws = yield* drawPool(prior, notebook.samples, notebook.seed);
  const pool = yield* scorePool(model, draws, sign);
  const count = prior.length;
  const unlimited: Bounds = {
    lower: zeros(1, count).values,
    upper: new Float64Array(count).fill(1),
    source: new Array(count).fill('none'),
  };
  const { weights } = yield* bestOfPool(pool, unlimited, notebook.topK, () => 0);
  return weights;
}

/** Domains held by an upper bound below 1 or a lower bound above 0. */
function bindingOf(weights: Float64Array, { lower, upper }: Bounds): number[] {
  return Array.from(weights.keys()).filter((domain) => {
    const atCap = upper[domain] < 1 && Math.abs(weights[domain] - upper[domain]) <= bindingSlack;
    const atFloor = lower[domain] > 0 && Math.abs(weights[domain] - lower[domain]) <= bindingSlack;
    return atCap || atFloor;
  });
}
