/** Proposals for a study: what refits expect of the optimum decides what the next round is made of. */
import { formatNumber, plural } from '../model/format';
import type { Job } from '../model/job';
import type { Bounds, Objective } from '../model/limits';
import { fromRows, type Matrix } from '../model/matrix';
import type { Model } from '../model/regressor';
import { standardDeviation } from '../model/statistics';
import type { RunTable, Target } from '../model/study';
import { isSmooth } from '../optimum/engines';
import { createScorer, signOf } from '../optimum/objective';
import { leastOfTerms } from '../optimum/smooth';
import { bestRunsWithin, solveAgain } from '../optimum/stability';
import { predictModel } from '../regression/predict';
import { fittedRows, sampleOf, targetSample } from '../regression/sample';
import { proposeMixtures } from './propose';
import type { ProposedRound } from './types';

/** The next mixtures for what a study optimises. */
export interface StudyProposalRequest {
  readonly targets: readonly Target[];
  readonly training: RunTable;
  /** What is optimised; the best is proposed even where the worst is shown. */
  readonly objective: Objective;
  /** Some mixture must meet them (see `feasibilityOf`). */
  readonly bounds: Bounds;
  /** Refits to resampled runs, per refit one model per term; none where the regressor is not refitted. */
  readonly refits: readonly (readonly Model[])[];
  /** How many mixtures to propose, 1 to `maxProposals`. */
  readonly count: number;
  /** An integer. */
  readonly seed: number;
}

/** Refits behind the optima that are proposed. */
export const proposalRefits = 24;

/** A gain shows clearly in the mean of runs from so many of its standard errors on. */
const clearErrors = 3;

/**
 * Proposes the next round. The optima of refits to resampled runs are where the optimum may be instead
 * (Thompson 1933: each is the best if that refit is right), and how much better they are to their refits is
 * what there is to gain. Half of a round are such optima where so many runs can show that gain clearly. Where
 * they cannot, a random round leads to an optimum as good (docs/findings.md): then the round is random.
 */
export function* proposeForStudy(request: StudyProposalRequest): Job<ProposedRound> {
  const { training, bounds, refits, count, seed } = request;
  const objective: Objective = { ...request.objective, seek: 'best' };
  const canSolve = refits.length > 0 && isSmooth(objective);
  const found = canSolve ? yield* optimaOf(objective, refits, bounds, training.mixtures) : null;
  const resolution = (clearErrors * (yield* noiseOf(request))) / Math.sqrt(count);
  const isRandom = found === null || !(found.gain > resolution);
  const mixtures = yield* proposeMixtures({
    runs: training.mixtures,
    bounds,
    prior: objective.prior,
    promising: isRandom ? [] : found.optima,
    count,
    seed,
  });
  const features = fromRows([
    ...mixtures.map(({ weights }) => weights),
    ...(found ? [found.optima[0]] : []),
  ]);
  const means = yield* valuesOf(objective, null, features);
  const byRefit: Float64Array[] = [];
  for (const models of found ? refits : []) {
    byRefit.push(yield* valuesOf(objective, models, features));
  }
  const { terms } = objective;
  const sign = terms.length === 1 ? signOf(terms[0]) : 1;
  const proposals = mixtures.map((mixture, row) => ({
    ...mixture,
    mean: means[row],
    sd: found && standardDeviation(Float64Array.from(byRefit, (values) => values[row])),
    expectedImprovement:
      found &&
      byRefit.reduce((sum, values) => {
        const better = sign * (values[mixtures.length] - values[row]);
        return sum + Math.max(0, better) / byRefit.length;
      }, 0),
  }));
  const gain = found?.gain ?? null;
  return { proposals, isRandom, gain, resolution, note: noteOn(gain, resolution, count) };
}

function noteOn(gain: number | null, resolution: number, count: number): string {
  if (gain === null) {
    return 'This regressor is not refitted to resampled runs, so other possible optima are unknown. All of these mixtures are random, some of them corners of your limits.';
  }
  const expected = `refits expect to gain ${formatNumber(gain, 4)} at the optimum, and ${plural(count, 'run')} can show ${formatNumber(resolution, 4)} clearly`;
  return gain > resolution
    ? `A better optimum can be found: ${expected}. Every other mixture is the optimum of a refit, the others are random.`
    : `A random round does as well here: ${expected}. All of these mixtures are random, some of them corners of your limits.`;
}

/** Optima within the bounds, and what they promise. */
interface Optima {
  /** That of the fit first, then those of the refits. */
  readonly optima: readonly Float64Array[];
  /** How much better than the first the others are to their refits, on average, in the score, >= 0. */
  readonly gain: number;
}

function* optimaOf(
  objective: Objective,
  refits: StudyProposalRequest['refits'],
  bounds: Bounds,
  mixtures: Matrix,
): Job<Optima> {
  const runs = yield* bestRunsWithin(objective, mixtures, bounds);
  const fitted = objective.terms.map(({ model }) => model);
  const [own, ...others] = yield* solveAgain(objective, [fitted, ...refits], bounds, runs);
  let gain = 0;
  for (const { refitted, weights } of others) {
    const least =
      objective.kind === 'regret' ? yield* leastOfTerms(refitted, bounds, runs) : undefined;
    const { score } = createScorer(refitted, least);
    gain += Math.max(0, score(own.weights) - score(weights)) / others.length;
  }
  return { optima: [own, ...others].map(({ weights }) => weights), gain };
}

/**
 * How much runs scatter about the fits, in the score: the root mean square of residuals, of several targets
 * that of their weighted sum as if they were independent, or the largest where the worst-off counts.
 */
function* noiseOf({ objective, targets, training }: StudyProposalRequest): Job<number> {
  const deviations: number[] = [];
  for (const { target, model, weight, scale, direction } of objective.terms) {
    const column = targets.findIndex(({ id }) => id === target);
    const rows = targetSample(training, column, false);
    const { features, values } = sampleOf(rows, fittedRows(rows, direction));
    const predicted = yield* predictModel(model, features);
    const square = values.reduce(
      (sum, value, row) => sum + (value - predicted[row]) ** 2 / values.length,
      0,
    );
    deviations.push((Math.sqrt(square) * (objective.kind === 'regret' ? 1 : weight)) / scale);
  }
  return objective.kind === 'regret' ? Math.max(...deviations) : Math.hypot(...deviations);
}

/** Predictions of one target, or the weighted sum of several. @param models in place of the objective's */
function* valuesOf(
  { terms }: Objective,
  models: readonly Model[] | null,
  features: Matrix,
): Job<Float64Array> {
  const out = new Float64Array(features.rows);
  for (const [place, term] of terms.entries()) {
    const predicted = yield* predictModel(models?.[place] ?? term.model, features);
    const factor = terms.length === 1 ? 1 : (term.weight * signOf(term)) / term.scale;
    for (let row = 0; row < out.length; row++) out[row] += factor * predicted[row];
  }
  return out;
}
