import type { Job } from '../job';
import { type Matrix, rowOf, zeros } from '../matrix';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { predictModel, predictRow } from '../regression/predict';
import type { Model } from '../regression/types';
import type { Target } from '../study/types';
import { coverageOf, measureNeighbourhood, type Neighbourhood } from './coverage';
import { solveLinear } from './exact';
import { bestOfPool, drawPool, type Pool, rankPool } from './pool';
import { searchPairs } from './search';
import type { Bounds, EngineId, Optimum, OptimumReport } from './types';

/** What the published notebook fixes: `np.random.seed(42)`, 100,000 draws, the 128 best. */
const notebook = { seed: 42, samples: 100_000, topK: 128 };
/** How many of the best draws and runs a search starts from, beside the simulation's mean. */
const drawStarts = 2;
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
  const runOrder = Uint32Array.from(runScores.keys()).sort((a, b) => runScores[a] - runScores[b]);

  function bestRunWithin(bounds: Bounds): Float64Array | null {
    const row = runOrder.find((index) => isWithin(rowOf(runs, index), bounds.lower, bounds.upper));
    return row === undefined ? null : Float64Array.from(rowOf(runs, row));
  }

  function* simulate(bounds: Bounds, topK: number): Job<Found> {
    const { weights, within, moved } = yield* bestOfPool(pool, bounds, topK, score);
    const notes: string[] = [];
    if (moved > 0) {
      const all = pool.order.length.toLocaleString('en');
      notes.push(
        `Only ${within.toLocaleString('en')} of ${all} draws met the limits, so ${moved.toLocaleString('en')} of the best were moved to the nearest mixture that does.`,
      );
    }
    return { weights, notes };
  }

  function* search(bounds: Bounds, topK: number): Job<Found> {
    const { weights, notes } = yield* simulate(bounds, topK);
    const run = bestRunWithin(bounds);
    const starts = [weights, ...(run ? [run] : [])];
    for (let place = 0; place < Math.min(drawStarts, pool.order.length); place++) {
      const draw = rowOf(pool.mixtures, pool.order[place]);
      starts.push(projectToBounds(draw, bounds.lower, bounds.upper));
    }
    const found = yield* searchPairs(starts, bounds, score);
    return { weights: found.weights, notes };
  }

  /** The mixture, or the best run that was really trained when the model likes that one better. */
  function orBestRun(found: Found, bounds: Bounds): Found {
    const run = bestRunWithin(bounds);
    if (!run || score(run) >= score(found.weights)) return found;
    return {
      weights: run,
      notes: [
        ...found.notes,
        'The best run that meets the limits is predicted better: it is shown.',
      ],
    };
  }

  function* find(engine: EngineId, bounds: Bounds, topK: number): Job<Found> {
    switch (engine) {
      case 'exact':
        if (model.kind !== 'linear') return orBestRun(yield* search(bounds, topK), bounds);
        return { weights: solveLinear(model, bounds, sign), notes: [] };
      case 'search':
        return orBestRun(yield* search(bounds, topK), bounds);
      case 'simulation':
        return orBestRun(yield* simulate(bounds, topK), bounds);
      case 'paper': {
        const weights = yield* solvePaper(model, prior, sign);
        const within = isWithin(weights, bounds.lower, bounds.upper);
        return { weights, notes: within ? [] : ['It does not meet your limits.'] };
      }
    }
  }

  return {
    *solve(engine, bounds, topK) {
      const { weights, notes } = yield* find(engine, bounds, topK);
      const optimum: Optimum = {
        engine,
        weights,
        predicted: predictRow(model, weights),
        binding: bindingOf(weights, bounds),
        notes,
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

interface Found {
  readonly weights: Float64Array;
  readonly notes: readonly string[];
}

function* scorePool(model: Model, draws: Matrix, sign: 1 | -1): Job<Pool> {
  const predicted = yield* predictModel(model, draws);
  return rankPool(draws, sign === 1 ? predicted : predicted.map((value) => -value));
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
    const atCap = upper[domain] < 1 && weights[domain] >= upper[domain] - bindingSlack;
    const atFloor = lower[domain] > 0 && weights[domain] <= lower[domain] + bindingSlack;
    return atCap || atFloor;
  });
}
