import type { Job } from '../model/job';
import type { AtOptimum, Bounds, Objective } from '../model/limits';
import type { Matrix } from '../model/matrix';
import type { FitOptions, Model, Regressor, Sample } from '../model/regressor';
import { quantile, standardDeviation } from '../model/statistics';
import { isRowModel } from '../regression/predict';
import { byRefit, simulatedRefits } from '../regression/refits';
import { isSmooth } from './engines';
import { createScorer, rateRows, scoresOf } from './objective';
import { rankByScore, startsWithin } from './pool';
import { solveSmooth } from './smooth';
import { hasExactOptimum, solveExactly } from './water-filling';

/** How far the optimum's weights move when the runs are drawn again. */
export interface Stability {
  /** D: 5% and 95% quantile of each weight over refitted models. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Refitted models. */
  readonly refits: number;
  /** Per refit the D weights of its optimum. */
  readonly weights: readonly Float64Array[];
}

/**
 * Solves an objective again with refitted models in place of those of its terms.
 *
 * @param refits to resampled runs, per refit one smooth model per term; at least one
 * @throws RangeError without refits, and when a model is not smooth
 */
export function* stabilityOf(
  objective: Objective,
  refits: readonly (readonly Model[])[],
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<Stability> {
  const solved = yield* solveAgain(objective, refits, bounds, bestRuns);
  const low = new Float64Array(bounds.lower.length);
  const high = new Float64Array(bounds.lower.length);
  for (let domain = 0; domain < low.length; domain++) {
    const sorted = Float64Array.from(solved, ({ weights }) => weights[domain]).sort();
    low[domain] = quantile(sorted, 0.05);
    high[domain] = quantile(sorted, 0.95);
  }
  return { low, high, refits: refits.length, weights: solved.map(({ weights }) => weights) };
}

/**
 * How far predictions for an optimum are from the truth, by the parametric bootstrap (Efron and Tibshirani
 * 1993, sections 6.5 and 10.2): the models of the objective stand for the truth that refits are to find.
 * What a refit predicts for its own optimum, less what they do, is its error where it was chosen to be best.
 * Its mean is the winner's curse, less what a fit holds back by being drawn to its prior.
 *
 * @param refits to values simulated by the models of the objective, per refit one smooth model per term; at
 * least one
 * @returns one per term
 * @throws RangeError without refits, and when a model is not smooth
 */
export function* optimismOf(
  objective: Objective,
  refits: readonly (readonly Model[])[],
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<AtOptimum[]> {
  const truth = createScorer(objective);
  const solved = yield* solveAgain(objective, refits, bounds, bestRuns);
  const errors = solved.map(({ refitted, weights }) => {
    const claimed = createScorer(refitted).predictions(weights);
    return truth.predictions(weights).map((held, term) => claimed[term] - held);
  });
  return objective.terms.map((_, term) => {
    const ofTerm = Float64Array.from(errors, (error) => error[term]);
    return {
      optimism: ofTerm.reduce((sum, error) => sum + error / ofTerm.length, 0),
      spread: standardDeviation(ofTerm),
    };
  });
}

/** Refits behind an expected optimism: their mean is uncertain by a fifth of their spread. */
const maxSimulations = 24;
/** Of objectives of many targets there are fewer refits each, which bounds the time. */
const minSimulations = 8;
const maxRefits = 48;

/**
 * Refits the models of an objective to values that they simulate, and measures the optimism of its optimum.
 *
 * @param samples per term the rows that its model was fitted to, and the options of that fit
 * @param mixtures N x D, of the runs
 * @returns one per term; null where the regressor is not refitted
 */
export function* measureOptimism(
  objective: Objective,
  samples: readonly { readonly sample: Sample; readonly options: FitOptions }[],
  regressor: Regressor,
  bounds: Bounds,
  mixtures: Matrix,
): Job<AtOptimum[] | null> {
  if (!regressor.refit || !isSmooth(objective)) return null;
  const each = Math.ceil(maxRefits / objective.terms.length);
  const count = Math.max(minSimulations, Math.min(maxSimulations, each));
  const byTerm: (readonly Model[])[] = [];
  for (const [place, { model }] of objective.terms.entries()) {
    if (!isRowModel(model)) return null;
    const { sample, options } = samples[place];
    byTerm.push(yield* simulatedRefits(regressor, sample, model, options, count));
  }
  const runs = yield* bestRunsWithin(objective, mixtures, bounds);
  return yield* optimismOf(objective, byRefit(byTerm), bounds, runs);
}

/** Training runs from which a descent starts: those that an objective predicts to be best, within the bounds. */
export function* bestRunsWithin(
  objective: Objective,
  mixtures: Matrix,
  bounds: Bounds,
): Job<Float64Array[]> {
  const scores = scoresOf(objective, yield* rateRows(objective, mixtures));
  return startsWithin(mixtures, yield* rankByScore(scores), bounds);
}

/**
 * The optima of an objective by refitted models.
 *
 * @param refits per refit one smooth model per term; at least one
 * @throws RangeError without refits, and when a model is not smooth
 */
export function* solveAgain(
  objective: Objective,
  refits: readonly (readonly Model[])[],
  bounds: Bounds,
  bestRuns: readonly Float64Array[],
): Job<{ readonly refitted: Objective; readonly weights: Float64Array }[]> {
  if (refits.length === 0) throw new RangeError('there are no refits to solve again with');
  const solved: { refitted: Objective; weights: Float64Array }[] = [];
  for (const models of refits) {
    const terms = objective.terms.map((term, place) => ({ ...term, model: models[place] }));
    const refitted: Objective = { ...objective, terms };
    if (!isSmooth(refitted)) throw new RangeError('the optimum of trees is not solved again');
    const weights = hasExactOptimum(refitted)
      ? solveExactly(refitted, bounds)
      : yield* solveSmooth(refitted, bounds, bestRuns);
    solved.push({ refitted, weights });
    yield { done: solved.length, total: refits.length, unit: 'optima' };
  }
  return solved;
}
