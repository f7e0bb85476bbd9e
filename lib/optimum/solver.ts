import { plural } from '../format';
import type { Job } from '../job';
import { type Matrix, rowOf, zeros } from '../matrix';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { predictModel } from '../regression/predict';
import { bindingSlack, violatedBy } from './constraints';
import { coverageOf, measureNeighbourhood, type Neighbourhood } from './coverage';
import { usableEngine } from './engines';
import { createScorer, type Scorer, signOf } from './objective';
import { bestOfPool, drawPool, type Pool, type PoolBest, rankPool } from './pool';
import { shadowPrices } from './prices';
import { rankByScore } from './rank';
import { searchPairs } from './search';
import { leastOfTerms, solveSmooth } from './smooth';
import type { Bounds, EngineId, Objective, Optimum, OptimumReport } from './types';
import { solveExactly } from './water-filling';

/** What the published notebook fixes: `np.random.seed(42)`, 100,000 draws, the 128 best. */
const notebook = { seed: 42, samples: 100_000, topK: 128 };
/**
 * How many of the best draws and runs a search starts from, beside the simulation's mean and the
 * prior. Twice as many took twice as long and lowered the predicted loss by 0.0004, on average over
 * the 13 published targets and limits of 1.5 to 15 times the prior.
 */
const starts = { draws: 8, runs: 4 };

/** What is optimised, and everything about the study that looking for it needs. */
export interface Problem {
  readonly objective: Objective;
  /** N x D mixtures of the training runs. */
  readonly runs: Matrix;
  readonly human: Float64Array | null;
  /** The reader's own mixture. */
  readonly yours: Float64Array | null;
  readonly samples: number;
  readonly seed: number;
}

/** A problem made ready: one call a slider frame. */
export interface Solver {
  /** @param bounds must be feasible (see `feasibilityOf`) */
  solve(engine: EngineId, bounds: Bounds, topK: number): Job<OptimumReport>;
}

/** Parts of a solver that outlive an objective: kept while only the fit changes. */
export interface SolverParts {
  readonly neighbourhood: Neighbourhood;
  /** RegMix's simulated mixtures; drawn when an engine first asks for them. */
  draws: Matrix | null;
}

/** Measures the runs: what depends on the study but not on the objective. */
export function* prepareParts({ runs }: Problem): Job<SolverParts> {
  return { draws: null, neighbourhood: yield* measureNeighbourhood(runs) };
}

/** Scores the runs, so that solving needs to score next to nothing. */
export function* createSolver(problem: Problem, parts: SolverParts): Job<Solver> {
  const { objective, runs, human, yours, samples, seed } = problem;
  const { prior } = objective;
  const plain = createScorer(objective);
  const runOrder = yield* rankByScore(yield* scoreRows(objective, runs));
  let pool: Pool | null = null;
  let paper: Float64Array | null = null;

  function bestRunsWithin(bounds: Bounds, most: number): Float64Array[] {
    const found: Float64Array[] = [];
    for (let place = 0; place < runOrder.length && found.length < most; place++) {
      const run = rowOf(runs, runOrder[place]);
      if (isWithin(run, bounds.lower, bounds.upper)) found.push(run);
    }
    return found;
  }

  function* drawnPool(): Job<Pool> {
    parts.draws ??= yield* drawPool(prior, samples, seed);
    pool ??= yield* rankPool(parts.draws, yield* scoreRows(objective, parts.draws));
    return pool;
  }

  /** Per term the least value within bounds, which regrets are measured from; empty without regrets. */
  function* leastWithin(bounds: Bounds): Job<readonly number[]> {
    if (objective.kind === 'weighted') return [];
    const runsWithin = bestRunsWithin(bounds, starts.runs);
    if (plain.withGradient) return yield* leastOfTerms(objective, bounds, runsWithin);
    const least: number[] = [];
    for (const term of objective.terms) {
      const alone = createScorer({
        ...objective,
        kind: 'weighted',
        terms: [{ ...term, weight: 1 }],
        // Regrets are of the target alone: the pull to the prior is added to them once.
        kl: 0,
      });
      const from = [...runsWithin, projectToBounds(prior, bounds.lower, bounds.upper)];
      least.push((yield* searchPairs(from, bounds, alone.score)).score);
    }
    return least;
  }

  /** RegMix's mean of the best draws, or the best run that was really trained when it is better. */
  function* simulate(bounds: Bounds, topK: number, { score }: Scorer): Job<Found> {
    const drawn = yield* drawnPool();
    const best = yield* bestOfPool(drawn, bounds, topK, score);
    const notes = simulationNotes(best, drawn.order.length, topK);
    const [run] = bestRunsWithin(bounds, 1);
    if (!run || score(run) >= score(best.weights)) {
      return { engine: 'simulation', weights: best.weights, notes };
    }
    const kept =
      'The best training run within the limits is predicted better than the mean of the best draws: that run is shown.';
    return { engine: 'simulation', weights: Float64Array.from(run), notes: [...notes, kept] };
  }

  /** Starts from the simulation's answer too, so that it never does worse. */
  function* search(bounds: Bounds, topK: number, scorer: Scorer): Job<Found> {
    const { lower, upper } = bounds;
    const simulated = yield* simulate(bounds, topK, scorer);
    const { order, mixtures } = yield* drawnPool();
    const draws = Array.from(order.subarray(0, starts.draws), (row) =>
      projectToBounds(rowOf(mixtures, row), lower, upper),
    );
    const from = [
      simulated.weights,
      ...bestRunsWithin(bounds, starts.runs),
      ...draws,
      projectToBounds(prior, lower, upper),
    ];
    const { weights } = yield* searchPairs(from, bounds, scorer.score);
    return { engine: 'search', weights, notes: [] };
  }

  function* find(wanted: EngineId, bounds: Bounds, topK: number, scorer: Scorer): Job<Found> {
    const engine = usableEngine(wanted, objective);
    const notes = engine === wanted ? [] : [insteadOf[wanted] ?? ''];
    switch (engine) {
      case 'exact':
        return { engine, weights: solveExactly(objective, bounds), notes };
      case 'gradient': {
        const weights = yield* solveSmooth(objective, bounds, bestRunsWithin(bounds, starts.runs));
        return { engine, weights, notes };
      }
      case 'search':
        return { ...(yield* search(bounds, topK, scorer)), notes };
      case 'simulation':
        return yield* simulate(bounds, topK, scorer);
      case 'paper': {
        paper ??= yield* solvePaper(objective);
        const within = isWithin(paper, bounds.lower, bounds.upper);
        return { engine, weights: paper, notes: within ? [] : ['It does not meet your limits.'] };
      }
    }
  }

  return {
    *solve(engine, bounds, topK) {
      const least = yield* leastWithin(bounds);
      const scorer = objective.kind === 'weighted' ? plain : createScorer(objective, least);
      const found = yield* find(engine, bounds, topK, scorer);
      const weights = Float64Array.from(found.weights);
      const predictions = plain.predictions(weights);
      const canPrice = found.engine !== 'paper' && objective.seek === 'best';
      const optimum: Optimum = {
        ...found,
        weights,
        predicted: predictions[0],
        predictions,
        score: scorer.score(weights),
        binding: bindingOf(weights, bounds),
        violated: violatedBy(weights, bounds),
      };
      return {
        optimum,
        least,
        coverage: coverageOf(parts.neighbourhood, weights),
        prior: plain.predictions(prior),
        human: human && plain.predictions(human),
        yours: yours && plain.predictions(yours),
        prices:
          canPrice && scorer.withGradient
            ? shadowPrices(weights, bounds, scorer.withGradient)
            : null,
      };
    },
  };
}

type Found = Pick<Optimum, 'engine' | 'weights' | 'notes'>;

/** What to say when an engine cannot do what is asked of it. */
const insteadOf: Partial<Record<EngineId, string>> = {
  exact: 'What is optimised has no exact answer: this is the engine that suits it.',
  gradient: 'Trees have no gradient: this is a search.',
};

/** Scores of many mixtures, lower is better; of regrets, as if every target could reach 0. */
function* scoreRows(objective: Objective, mixtures: Matrix): Job<Float64Array> {
  const { kind, terms, kl, unique, seek } = objective;
  if (kind === 'weighted' && unique === null && (kl === 0 || seek === 'worst')) {
    const out = new Float64Array(mixtures.rows);
    const way = seek === 'best' ? 1 : -1;
    for (const term of terms) {
      const factor = (way * term.weight * signOf(term)) / term.scale;
      const predicted = yield* predictModel(term.model, mixtures);
      for (let row = 0; row < out.length; row++) out[row] += factor * predicted[row];
    }
    return out;
  }
  const { score } = createScorer(objective);
  const out = new Float64Array(mixtures.rows);
  for (let row = 0; row < out.length; row++) {
    out[row] = score(rowOf(mixtures, row));
    if (row % 256 === 0) yield { done: row, total: out.length, unit: 'mixtures' };
  }
  return out;
}

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

/**
 * The published notebook's procedure: numpy's draws, no limits, the mean of the 128 best.
 *
 * @param objective with the notebook's 8-digit Pile prior for its published weights
 */
export function* solvePaper(objective: Objective): Job<Float64Array> {
  const draws = yield* drawPool(objective.prior, notebook.samples, notebook.seed);
  const pool = yield* rankPool(draws, yield* scoreRows(objective, draws));
  const count = objective.prior.length;
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
