import type { Job } from '../../job';
import { complementOf, splitMixtures } from '../folds';
import { withProgress } from '../progress';
import { sampleOf } from '../sample';
import type { Sample, TreeModel } from '../types';
import { boost, maxRounds } from './boosting';
import { truncate } from './model-builder';
import { predictTrees } from './predict-trees';

const folds = 5;
/** The published notebook's patience. */
const patience = 3;

/** What cross-validation over boosting rounds tells. */
export interface RoundChoice {
  /** The rounds of least squared error over all folds together. */
  readonly rounds: number;
  /**
   * Per row the prediction of the fit that did not see it, with the rounds of least error over the
   * *other* folds: its own error has no say in them.
   */
  readonly outOfFold: Float64Array;
}

/**
 * Chooses boosting rounds by 5-fold cross-validation on the training rows.
 *
 * @param sample N >= 2 rows
 * @param seed an integer; deals the rows to the folds
 */
export function* chooseRoundsByFolds(
  sample: Sample,
  minRowsPerLeaf: number,
  seed: number,
): Job<RoundChoice> {
  const n = sample.values.length;
  const parts = yield* splitMixtures(sample.features, folds, seed);
  const total = parts.length * maxRounds;
  const held = parts.map((rows) => sampleOf(sample, rows));
  // Per fold: its fit, and per round the squared error over the rows left out.
  const models: TreeModel[] = [];
  const errors: Float64Array[] = [];
  for (const [fold, rows] of parts.entries()) {
    const { features, values } = held[fold];
    const error = new Float64Array(maxRounds);
    const job = boost(sampleOf(sample, complementOf(rows, n)), {
      rounds: maxRounds,
      minRowsPerLeaf,
      watch: features,
      onRound: ({ round, watched }) => {
        let sum = 0;
        for (let row = 0; row < watched.length; row++) sum += (watched[row] - values[row]) ** 2;
        // A fit that can split no further ends early: its error stays what it is.
        error.fill(sum, round - 1);
        return true;
      },
    });
    const done = fold * maxRounds;
    models.push(yield* withProgress(job, (step) => ({ ...step, done: done + step.done, total })));
    errors.push(error);
  }
  const outOfFold = new Float64Array(n);
  for (const [fold, rows] of parts.entries()) {
    const rounds = leastErrorRounds(errors.filter((_, other) => other !== fold));
    const predicted = yield* predictTrees(truncate(models[fold], rounds), held[fold].features);
    rows.forEach((row, place) => {
      outOfFold[row] = predicted[place];
    });
  }
  return { rounds: leastErrorRounds(errors), outOfFold };
}

function leastErrorRounds(errors: readonly Float64Array[]): number {
  const sums = errors[0].map((_, round) => errors.reduce((sum, error) => sum + error[round], 0));
  return sums.indexOf(Math.min(...sums)) + 1;
}

/**
 * Boosts until the absolute *or* the squared error on the stopping rows has not improved for three
 * rounds, and keeps the trees up to the best round of the one that stopped: what LightGBM does with
 * the two metrics of the published notebook.
 */
export function* stopEarly(
  sample: Sample,
  stopping: Sample,
  options: { readonly rounds: number; readonly minRowsPerLeaf: number },
): Job<TreeModel> {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const bestRound = [0, 0];
  let kept = options.rounds;
  const model = yield* boost(sample, {
    ...options,
    watch: stopping.features,
    onRound: ({ round, watched }) => {
      const errors = [0, 0];
      for (let row = 0; row < watched.length; row++) {
        const residual = watched[row] - stopping.values[row];
        errors[0] += Math.abs(residual);
        errors[1] += residual * residual;
      }
      for (const [metric, error] of errors.entries()) {
        if (error < best[metric]) {
          best[metric] = error;
          bestRound[metric] = round;
        } else if (round - bestRound[metric] >= patience) {
          kept = bestRound[metric];
          return false;
        }
      }
      return true;
    },
  });
  return truncate(model, Math.min(kept, model.rounds));
}
