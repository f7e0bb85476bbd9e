/** Proposals for a study: its targets' processes combined into the objective. */
import type { Job } from '../model/job';
import type { Bounds, ObjectiveTerm } from '../model/limits';
import { columnOf } from '../model/matrix';
import type { GaussianProcessModel, Model } from '../model/regressor';
import type { RunTable, Target } from '../model/study';
import { signOf } from '../optimum/objective';
import { fitGaussianProcess } from '../regression/gp/fit';
import { type CandidateSet, createPosterior, type Posterior } from '../regression/gp/posterior';
import { fittedRows, sampleOf, targetSample } from '../regression/sample';
import { proposeMixtures } from './propose';
import type { Proposal } from './types';

/** The next mixtures for what a study optimises. */
export interface StudyProposalRequest {
  readonly targets: readonly Target[];
  readonly training: RunTable;
  readonly terms: readonly ObjectiveTerm[];
  readonly bounds: Pick<Bounds, 'lower' | 'upper'>;
  readonly prior: Float64Array;
  readonly optimum: Float64Array;
  readonly count: number;
  readonly seed: number;
}

/**
 * Proposes mixtures for one target in its unit, or for a weighted sum of several in units of the sum.
 * Uncertainty is that of a Gaussian process: the one of the fit if it has one on the values themselves, else
 * one that is fitted here.
 */
export function* proposeForStudy(request: StudyProposalRequest): Job<readonly Proposal[]> {
  const { targets, training, terms, bounds, prior, optimum, count, seed } = request;
  const parts: { posterior: Posterior; factor: number; values: Float64Array }[] = [];
  for (const term of terms) {
    const column = targets.findIndex(({ id }) => id === term.target);
    const process = processOf(term.model) ?? (yield* fitted(training, column, seed));
    parts.push({
      posterior: yield* createPosterior(process),
      factor: (term.weight * signOf(term)) / term.scale,
      values: columnOf(training.losses, column),
    });
  }
  const shared = { bounds, prior, optimum, count, seed };
  const [first] = parts;
  if (parts.length === 1) {
    return yield* proposeMixtures({
      ...shared,
      posterior: first.posterior,
      direction: terms[0].direction,
      runs: { features: training.mixtures, values: first.values },
    });
  }
  const values = first.values.map((_, row) =>
    parts.reduce((sum, part) => sum + part.factor * part.values[row], 0),
  );
  return yield* proposeMixtures({
    ...shared,
    posterior: combinePosteriors(parts),
    direction: 'lower',
    runs: { features: training.mixtures, values },
  });
}

function* fitted(training: RunTable, column: number, seed: number): Job<GaussianProcessModel> {
  const rows = targetSample(training, column, false);
  return yield* fitGaussianProcess(sampleOf(rows, fittedRows(rows)), { seed });
}

/** The process of a fit to the values themselves: alone, or in a mean; not one on residuals. */
function processOf(model: Model): GaussianProcessModel | null {
  if (model.kind === 'gp') return model;
  if (model.kind !== 'sum') return null;
  const [place] = model.weights.flatMap((weight, at) =>
    weight < 1 && model.models[at].kind === 'gp' ? [at] : [],
  );
  const found = place === undefined ? null : model.models[place];
  return found?.kind === 'gp' ? found : null;
}

/** One target's part in a weighted sum. */
export interface WeightedPosterior {
  readonly posterior: Posterior;
  /** What its values are multiplied by: weight / scale, negative where higher is better. */
  readonly factor: number;
}

/**
 * The posterior of a weighted sum of targets, lower is better: means and variances add up, assuming
 * independent errors of the targets.
 *
 * @param parts at least one
 */
export function combinePosteriors(parts: readonly WeightedPosterior[]): Posterior {
  return {
    predict(mixture) {
      let mean = 0;
      let variance = 0;
      for (const { posterior, factor } of parts) {
        const predicted = posterior.predict(mixture);
        mean += factor * predicted.mean;
        variance += (factor * predicted.sd) ** 2;
      }
      return { mean, sd: Math.sqrt(variance) };
    },
    *candidates(mixtures): Job<CandidateSet> {
      const sets: CandidateSet[] = [];
      for (const { posterior } of parts) sets.push(yield* posterior.candidates(mixtures));
      const means = new Float64Array(mixtures.rows);
      const sds = new Float64Array(mixtures.rows);
      const refresh = () => {
        for (let row = 0; row < mixtures.rows; row++) {
          let variance = 0;
          sets.forEach((set, place) => {
            variance += (parts[place].factor * set.sds[row]) ** 2;
          });
          sds[row] = Math.sqrt(variance);
        }
      };
      for (let row = 0; row < mixtures.rows; row++) {
        sets.forEach((set, place) => {
          means[row] += parts[place].factor * set.means[row];
        });
      }
      refresh();
      return {
        means,
        sds,
        observe(index) {
          for (const set of sets) set.observe(index);
          refresh();
        },
      };
    },
  };
}
