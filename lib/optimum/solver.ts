/**
 * The optimum of any objective by the chosen engine, with its prices and its distance from what was sampled.
 */

import { projectToBounds, totalVariation } from '../mixture/simplex';
import { plural } from '../model/format';
import type { Job } from '../model/job';
import type {
  Bounds,
  Coverage,
  EngineId,
  LimitsCost,
  Objective,
  Optimum,
  OptimumReport,
} from '../model/limits';
import { fromRows, type Matrix, rowOf, zeros } from '../model/matrix';
import { recentCache } from '../model/recent';
import { bindingSlack, isUntried, violatedBy } from './constraints';
import { isSmooth, usableEngine } from './engines';
import {
  createScorer,
  isByRows,
  type RatedRows,
  rateRows,
  type Scorer,
  scoresOf,
} from './objective';
import {
  bestOfPool,
  bestWithin,
  drawPool,
  type Pool,
  type PoolBest,
  rankByScore,
  rankPool,
  startingRuns,
  startsWithin,
} from './pool';
import { pricesOf } from './prices';
import { type SearchResult, searchInBatches, searchPairs } from './search';
import { finest, leastOfTerms, solveSmooth } from './smooth';
import { solveExactly } from './water-filling';

/** What the published notebook fixes: `np.random.seed(42)`, 100,000 draws, the 128 best. */
const notebook = { seed: 42, samples: 100_000, topK: 128 };
/**
 * How many of the best draws a search starts from, beside the best runs, the simulation's mean and the prior.
 * Twice as many took twice as long and lowered the predicted loss by 0.0004, on average over
 * the 13 published targets and limits of 1.5 to 15 times the prior.
 */
const startingDraws = 8;

/** The objective, and what the engines need of the study. */
export interface Problem {
  readonly objective: Objective;
  /** N x D mixtures of the training runs. */
  readonly runs: Matrix;
  readonly human: Float64Array | null;
  /** The reader's own mixture. */
  readonly yours: Float64Array | null;
  readonly samples: number;
  readonly seed: number;
  /**
   * Equal keys mean problems that are equal but for unique tokens and the mixtures that are compared: what is
   * best without limits is kept from one to the next. Absent = it is looked for anew.
   */
  readonly freeKey?: string;
}

/** A prepared problem: one call per slider frame. */
export interface Solver {
  /** @param bounds must be feasible (see `feasibilityOf`) */
  solve(engine: EngineId, bounds: Bounds, topK: number): Job<OptimumReport>;
  /**
   * How much worse the score of a mixture is than that of the best one within wider bounds, >= 0: what the
   * difference between the bounds costs. Regrets are measured from what is within reach of the wider ones.
   *
   * @param wider must be feasible
   */
  costAgainst(engine: EngineId, weights: Float64Array, wider: Bounds, topK: number): Job<number>;
}

/** Parts of a solver that do not depend on the objective and are reused when only the fit changes. */
export interface SolverParts {
  readonly neighbourhood: Neighbourhood;
  /** RegMix's simulated mixtures; drawn when an engine first needs them. */
  draws: Matrix | null;
  /** The best mixtures without the user's limits, each under the key of all that it depends on. */
  readonly free: Map<string, FreeOptimum>;
}

/** Measures the runs: the parts that do not depend on the objective. */
export function* prepareParts({ runs }: Problem): Job<SolverParts> {
  return { draws: null, free: new Map(), neighbourhood: yield* measureNeighbourhood(runs) };
}

/** Looks for the best mixture of one objective by any engine. */
interface Finder {
  find(engine: EngineId, bounds: Bounds, topK: number): Job<Found & { readonly rules: Scoring }>;
}

/** Scores the runs in advance, so that finding is fast. */
function* createFinder(problem: Problem, parts: SolverParts): Job<Finder> {
  const { objective, runs, samples, seed } = problem;
  const { prior } = objective;
  const isRegret = objective.kind === 'regret';
  const byRows = isByRows(objective);
  const ratedRuns = yield* rateRows(objective, runs);
  const plainScorer = createScorer(objective);
  let ratedDraws: RatedRows | null = null;
  let pool: { readonly least: string; readonly value: Pool } | null = null;
  let paper: Float64Array | null = null;

  function* scoring(least: readonly number[]): Job<Scoring> {
    const scores = scoresOf(objective, ratedRuns, least);
    return {
      least,
      runOrder: yield* rankByScore(scores),
      scorer: isRegret ? createScorer(objective, least) : plainScorer,
      scoreAll: (mixtures) => scoreRows(objective, mixtures, least),
    };
  }
  const plain = yield* scoring([]);

  /** Regrets rank draws by how far each target is from its least, which changes with the bounds. */
  function* drawnPool({ least }: Scoring): Job<Pool> {
    parts.draws ??= yield* drawPool(prior, samples, seed);
    const { draws } = parts;
    ratedDraws ??= yield* rateRows(objective, draws);
    const key = least.join();
    if (pool?.least !== key) {
      pool = {
        least: key,
        value: yield* rankPool(draws, scoresOf(objective, ratedDraws, least)),
      };
    }
    return pool.value;
  }

  function* searchFrom(
    from: readonly Float64Array[],
    bounds: Bounds,
    { scorer, scoreAll }: Pick<Scoring, 'scorer' | 'scoreAll'>,
  ): Job<SearchResult> {
    return byRows
      ? yield* searchPairs(from, bounds, scorer.score)
      : yield* searchInBatches(from, bounds, scoreAll);
  }

  /** Per term the least value within bounds, which regrets are measured from; empty without regrets. */
  function* leastWithin(bounds: Bounds): Job<readonly number[]> {
    if (!isRegret) return [];
    if (isSmooth(objective)) {
      const from = startsWithin(runs, plain.runOrder, bounds);
      return yield* leastOfTerms(objective, bounds, from);
    }
    const least: number[] = [];
    for (const [place, term] of objective.terms.entries()) {
      const alone: Objective = {
        ...objective,
        kind: 'weighted',
        terms: [{ ...term, weight: 1 }],
        // Regrets are of the target alone: the pull to the prior is added to them once.
        kl: 0,
      };
      const rated = { ...ratedRuns, predictions: [ratedRuns.predictions[place]] };
      const withoutPull = { ...rated, pull: new Float64Array(runs.rows) };
      const order = yield* rankByScore(scoresOf(alone, withoutPull));
      const { lower, upper } = bounds;
      // Tight bounds contain hardly any run: the best ones are also moved into them.
      const moved = Array.from(order.subarray(0, startingRuns), (row) =>
        projectToBounds(rowOf(runs, row), lower, upper),
      );
      const from = [
        ...bestWithin(runs, order, bounds, startingRuns),
        ...moved,
        projectToBounds(prior, lower, upper),
      ];
      const found = yield* searchFrom(from, bounds, {
        scorer: createScorer(alone),
        scoreAll: (mixtures) => scoreRows(alone, mixtures, []),
      });
      least.push(found.score);
    }
    return least;
  }

  /** RegMix's mean of the best draws, or the best run that was really trained when it is better. */
  function* simulate(bounds: Bounds, topK: number, rules: Scoring): Job<Found> {
    const drawn = yield* drawnPool(rules);
    const best = yield* bestOfPool(drawn, bounds, topK, rules.scoreAll);
    const notes = simulationNotes(best, drawn.order.length, topK);
    const [run] = bestWithin(runs, rules.runOrder, bounds, 1);
    if (!run) return { engine: 'simulation', weights: best.weights, notes };
    const [ofRun, ofBest] = yield* rules.scoreAll(fromRows([run, best.weights]));
    if (ofRun >= ofBest) return { engine: 'simulation', weights: best.weights, notes };
    const shown =
      'The best training run within the limits is predicted to beat the mean of the best draws, so that run is shown.';
    return { engine: 'simulation', weights: Float64Array.from(run), notes: [...notes, shown] };
  }

  /** Starts from the simulation's answer too, so that it never does worse. */
  function* search(bounds: Bounds, topK: number, rules: Scoring): Job<Found> {
    const { lower, upper } = bounds;
    const simulated = yield* simulate(bounds, topK, rules);
    const { order, mixtures } = yield* drawnPool(rules);
    const draws = Array.from(order.subarray(0, startingDraws), (row) =>
      projectToBounds(rowOf(mixtures, row), lower, upper),
    );
    const from = [
      simulated.weights,
      ...bestWithin(runs, rules.runOrder, bounds, startingRuns),
      ...draws,
      projectToBounds(prior, lower, upper),
    ];
    const { weights } = yield* searchFrom(from, bounds, rules);
    return { engine: 'search', weights, notes: [] };
  }

  function* find(wanted: EngineId, bounds: Bounds, topK: number, rules: Scoring): Job<Found> {
    const engine = usableEngine(wanted, objective);
    const notes = engine === wanted ? [] : [fallbackNote(wanted, byRows)];
    switch (engine) {
      case 'exact':
        return { engine, weights: solveExactly(objective, bounds), notes };
      case 'gradient': {
        const from = startsWithin(runs, rules.runOrder, bounds);
        return { engine, weights: yield* solveSmooth(objective, bounds, from), notes };
      }
      case 'search':
        return { ...(yield* search(bounds, topK, rules)), notes };
      case 'simulation':
        return yield* simulate(bounds, topK, rules);
      case 'paper': {
        paper ??= yield* solvePaper(objective, yield* leastWithin(noBounds(prior.length)));
        return { engine, weights: paper, notes: limitNotes(paper, bounds) };
      }
    }
  }

  return {
    *find(engine, bounds, topK) {
      const least = yield* leastWithin(bounds);
      const rules = isRegret ? yield* scoring(least) : plain;
      const found = yield* find(engine, bounds, topK, rules);
      return { ...found, weights: Float64Array.from(found.weights), rules };
    },
  };
}

/** Prepares a problem, so that solving is fast. */
export function* createSolver(problem: Problem, parts: SolverParts): Job<Solver> {
  const { objective, human, yours } = problem;
  const { prior } = objective;
  const finder = yield* createFinder(problem, parts);
  let freeFinder = objective.unique ? null : finder;
  const known = problem.freeKey === undefined ? new Map<string, FreeOptimum>() : parts.free;

  /** The best mixture without the user's limits: all tokens are fresh then. */
  function* solveFree(engine: EngineId, bounds: Bounds, topK: number): Job<FreeOptimum> {
    const key = JSON.stringify([problem.freeKey, engine, topK, Array.from(bounds.upper)]);
    const before = known.get(key);
    if (before) return before;
    const freeProblem = { ...problem, objective: { ...objective, unique: null } };
    freeFinder ??= yield* createFinder(freeProblem, parts);
    const { weights, rules } = yield* freeFinder.find(engine, bounds, topK);
    const rated = yield* rateRows(freeProblem.objective, fromRows([weights]));
    const { least } = rules;
    const [score] = scoresOf(freeProblem.objective, rated, least);
    const predictions = rated.predictions.map(([value]) => value);
    const value = { weights, predictions, score, least };
    if (known.size >= maxKnown) known.clear();
    known.set(key, value);
    return value;
  }

  /** @param own the optimum within the limits, rated */
  function* costOf(
    engine: EngineId,
    bounds: Bounds,
    topK: number,
    own: { readonly weights: Float64Array; readonly rated: RatedRows },
  ): Job<LimitsCost> {
    const [ownPredictions] = transposed(own.rated);
    const nothing = { score: 0, weights: own.weights, predictions: ownPredictions };
    const wider = withoutOwnLimits(bounds);
    const isFree =
      objective.unique === null &&
      bounds.lower.every((low) => low === 0) &&
      bounds.upper.every((high, domain) => high === wider.upper[domain]);
    if (isFree) return nothing;
    const { score, least, ...free } = yield* solveFree(engine, wider, topK);
    // Regrets are measured from the same values, those within reach without limits.
    const lost = scoresOf(objective, own.rated, least)[0] - score;
    // A search that found less than is allowed has not shown that the limits cost anything.
    return lost > 0 ? { ...free, score: lost } : nothing;
  }

  /** By engine and bounds: while a weight is dragged, what is best without its pin stays the same. */
  const widerScores = recentCache<{ readonly score: number; readonly least: readonly number[] }>(
    maxKnown,
  );

  return {
    *costAgainst(engine, weights, wider, topK) {
      const { lower, upper } = wider;
      const key = JSON.stringify([engine, topK, Array.from(lower), Array.from(upper)]);
      let best = widerScores.get(key);
      if (!best) {
        const found = yield* finder.find(engine, wider, topK);
        const { least } = found.rules;
        const rated = yield* rateRows(objective, fromRows([found.weights]));
        best = { score: scoresOf(objective, rated, least)[0], least };
        widerScores.set(key, best);
      }
      const own = yield* rateRows(objective, fromRows([weights]));
      return Math.max(0, scoresOf(objective, own, best.least)[0] - best.score);
    },
    *solve(engine, bounds, topK) {
      const { rules, ...found } = yield* finder.find(engine, bounds, topK);
      const { weights } = found;
      const { least } = rules;
      const compared = [weights, prior, ...(human ? [human] : []), ...(yours ? [yours] : [])];
      const rated = yield* rateRows(objective, fromRows(compared));
      const predictionsOf = transposed(rated);
      const [predictions] = predictionsOf;
      const canPrice = found.engine !== 'paper' && objective.seek === 'best';
      const optimum: Optimum = {
        ...found,
        predicted: predictions[0],
        predictions,
        score: scoresOf(objective, rated, least)[0],
        binding: bindingOf(weights, bounds),
        violated: violatedBy(weights, bounds),
      };
      // Several targets may be equally far behind: a smoothed maximum weighs them as the optimum does.
      const temperature = objective.kind === 'regret' ? finest : 0;
      const { withGradient } = createScorer(objective, least, temperature);
      const prices =
        canPrice && withGradient ? pricesOf(weights, bounds, objective, withGradient) : null;
      return {
        optimum,
        least,
        coverage: coverageOf(parts.neighbourhood, weights),
        prior: predictionsOf[1],
        human: human && predictionsOf[2],
        yours: yours && predictionsOf[compared.length - 1],
        prices: prices?.points ?? null,
        tokenPrices: prices?.tokens ?? null,
        cost: canPrice ? yield* costOf(engine, bounds, topK, { weights, rated }) : null,
      };
    },
  };
}

/** Enough for the engines that answer in turn and a few fits. */
const maxKnown = 16;

/** The best mixture without the user's own limits, and what regrets are measured from there. */
interface FreeOptimum {
  readonly weights: Float64Array;
  readonly predictions: readonly number[];
  readonly score: number;
  readonly least: readonly number[];
}

/** Per row the predictions of all terms. */
function transposed({ predictions, pull }: RatedRows): number[][] {
  return Array.from(pull, (_, row) => predictions.map((values) => values[row]));
}

/** The bounds that remain without the user's own limits; what these ask for beyond them stays allowed. */
function withoutOwnLimits({ lower, tried }: Bounds): Bounds {
  const within = lower.map((_, domain) => tried?.[domain] ?? 1);
  const isEnough = within.reduce((sum, most) => sum + most, 0) >= 1;
  // What was tried adds up to less than 1 where least weights or locks make up for what no run has.
  const upper = isEnough ? within : within.map((most, domain) => Math.max(most, lower[domain]));
  return { lower: new Float64Array(lower.length), upper, source: Array.from(upper, () => 'tried') };
}

/** What the published procedure, which knows no limits, has to say of them. */
function limitNotes(weights: Float64Array, bounds: Bounds): string[] {
  const broken = violatedBy(weights, bounds);
  if (broken.length === 0) return [];
  return broken.every((domain) => bounds.source[domain] === 'tried')
    ? ['It exceeds the largest weights tried.']
    : ['It breaks your limits.'];
}

/** How mixtures are scored under given bounds: regrets are measured from the least values within them. */
interface Scoring {
  readonly least: readonly number[];
  /** Of the training runs, best first. */
  readonly runOrder: Uint32Array;
  readonly scorer: Scorer;
  readonly scoreAll: (mixtures: Matrix) => Job<Float64Array>;
}

type Found = Pick<Optimum, 'engine' | 'weights' | 'notes'>;

/** The note when the requested engine cannot be used. */
function fallbackNote(wanted: EngineId, byRows: boolean): string {
  if (wanted === 'exact') {
    return 'This objective has no exact solution, so this search method is used.';
  }
  const models = byRows ? 'Trees have' : 'An imported model shows';
  return `${models} no gradient, so this is a search.`;
}

/** Scores of many mixtures, lower is better. */
function* scoreRows(
  objective: Objective,
  mixtures: Matrix,
  least: readonly number[],
): Job<Float64Array> {
  return scoresOf(objective, yield* rateRows(objective, mixtures), least);
}

/** Notes on a simulation that deviates from RegMix's mean of topK draws. */
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
 * @param least per term the least value without limits, where regrets are optimised
 */
export function* solvePaper(
  objective: Objective,
  least: readonly number[] = [],
): Job<Float64Array> {
  const draws = yield* drawPool(objective.prior, notebook.samples, notebook.seed);
  const pool = yield* rankPool(draws, yield* scoreRows(objective, draws, least));
  const unlimited = noBounds(objective.prior.length);
  const { weights } = yield* bestOfPool(pool, unlimited, notebook.topK, (mixtures) =>
    scoreRows(objective, mixtures, least),
  );
  return weights;
}

function noBounds(count: number): Bounds {
  return {
    lower: zeros(1, count).values,
    upper: new Float64Array(count).fill(1),
    source: new Array(count).fill('none'),
  };
}

/**
 * Domains held by an upper bound below 1 or a lower bound above 0. One that no run sampled is not: nothing is
 * known that holds it.
 */
function bindingOf(weights: Float64Array, bounds: Bounds): number[] {
  const { lower, upper } = bounds;
  return Array.from(weights.keys()).filter((domain) => {
    if (isUntried(bounds, domain)) return false;
    const atCap = upper[domain] < 1 && Math.abs(weights[domain] - upper[domain]) <= bindingSlack;
    const atFloor = lower[domain] > 0 && Math.abs(weights[domain] - lower[domain]) <= bindingSlack;
    return atCap || atFloor;
  });
}

/** Maximum number of weights compared for a neighbourhood: a second of work. */
const maxCompared = 400_000_000;
/** Minimum number of runs whose nearest neighbour is searched, however many runs there are. */
const minMeasured = 200;
/** Weights compared between two reports: a few milliseconds of work. */
const comparedPerReport = 2_000_000;
/** A mixture farther from its nearest run than this share of runs is from theirs counts as far. */
const farPercentile = 0.05;
/** A weight this far beyond the largest tried is beyond what was tried. */
const beyondSlack = 0.01;

/** How far each training run lies from the others. */
interface Neighbourhood {
  readonly mixtures: Matrix;
  /** Ascending distances of runs to their nearest neighbour. */
  readonly distances: Float64Array;
}

/**
 * Measures the distances of runs to their nearest neighbour, once per study; of very many runs, of an evenly
 * spaced subset, each against all others.
 */
export function* measureNeighbourhood(mixtures: Matrix): Job<Neighbourhood> {
  const { rows, columns } = mixtures;
  const measured = Math.max(minMeasured, Math.floor(maxCompared / (rows * columns)));
  const step = Math.max(1, rows / measured);
  const distances: number[] = [];
  let compared = 0;
  for (let place = 0; place < rows && rows > 1; place += step) {
    const row = Math.floor(place);
    const mixture = rowOf(mixtures, row);
    const neighbour = nearestRow(mixtures, mixture, row);
    distances.push(totalVariation(mixture, rowOf(mixtures, neighbour)));
    compared += rows * columns;
    if (compared >= comparedPerReport) {
      compared = 0;
      yield { done: row, total: rows, unit: 'runs' };
    }
  }
  return { mixtures, distances: Float64Array.from(distances).sort() };
}

/** Where a mixture lies among the training runs. */
export function coverageOf(
  { mixtures, distances }: Neighbourhood,
  weights: Float64Array,
): Coverage {
  const nearest = nearestRow(mixtures, weights, -1);
  const distance = totalVariation(weights, rowOf(mixtures, nearest));
  const asFar = distances.filter((value) => value >= distance).length;
  const percentile = distances.length === 0 ? 0 : asFar / distances.length;
  const { rows, columns, values } = mixtures;
  const beyond = weights.some((weight, domain) => {
    for (let row = 0; row < rows; row++) {
      if (weight <= values[row * columns + domain] + beyondSlack) return false;
    }
    return true;
  });
  return { distance, nearest, percentile, far: percentile < farPercentile, beyond };
}

/** The row of the mixture nearest to the weights, other than the row `except`. */
function nearestRow(
  { rows, columns, values }: Matrix,
  weights: Float64Array,
  except: number,
): number {
  let least = Number.POSITIVE_INFINITY;
  let nearest = -1;
  for (let row = 0; row < rows; row++) {
    if (row === except) continue;
    const start = row * columns;
    let sum = 0;
    for (let domain = 0; domain < columns && sum < least; domain++) {
      sum += Math.abs(values[start + domain] - weights[domain]);
    }
    if (sum >= least) continue;
    least = sum;
    nearest = row;
  }
  return nearest;
}
