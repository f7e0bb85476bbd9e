import { StageError } from '../errors';
import { boost, maxRounds } from './gbdt/boosting';
import { chooseRoundsByFolds, stopEarly } from './gbdt/rounds';
import { fitOrdinaryLeastSquares, fitRidge } from './linear';
import type { FitOptions, Regressor, RegressorId, Sample } from './types';

/** LightGBM's default. */
const lightgbmMinRowsPerLeaf = 20;
/** The number of runs that the default was measured to suit: the published training runs. */
const runsForDefault = 512;

/**
 * Fewest rows a leaf may hold: LightGBM's 20, scaled down with n, since with 20 it cannot split 32
 * runs at all and is far behind at 64.
 */
export function scaledMinRowsPerLeaf(n: number): number {
  const scaled = Math.round((lightgbmMinRowsPerLeaf * n) / runsForDefault);
  return Math.max(1, Math.min(lightgbmMinRowsPerLeaf, scaled));
}

/** Fewest rows a leaf may hold in this regressor's trees; 0 for regressors without. */
export function minRowsPerLeafOf(id: RegressorId, n: number, options: FitOptions): number {
  if (id === 'gbdt') return options.minRowsPerLeaf ?? scaledMinRowsPerLeaf(n);
  if (id === 'gbdt-paper') return options.minRowsPerLeaf ?? lightgbmMinRowsPerLeaf;
  return 0;
}

/** Every regressor, the recommended one first. */
export const regressors: readonly Regressor[] = [
  {
    id: 'gbdt',
    name: 'LightGBM trees',
    description:
      'Gradient-boosted trees with LightGBM’s semantics (learning rate 0.01, 31 leaves); rounds chosen by 5-fold cross-validation on the training runs.',
    usesRecordedWeights: false,
    stopsOnTestSet: false,
    minimumRows: () => 10,
    *fit(sample, options) {
      const minRowsPerLeaf = minRowsPerLeafOf('gbdt', sample.values.length, options);
      const rounds =
        options.rounds ?? (yield* chooseRoundsByFolds(sample, minRowsPerLeaf, options.seed)).rounds;
      return yield* boost(sample, { rounds, minRowsPerLeaf });
    },
  },
  {
    id: 'gbdt-paper',
    name: 'LightGBM, as published',
    description:
      'The published notebook’s trees: weights as in the file, at least 20 rows a leaf, stopped early on the first test set, whose runs are therefore not unseen.',
    usesRecordedWeights: true,
    stopsOnTestSet: true,
    minimumRows: () => 2 * lightgbmMinRowsPerLeaf,
    *fit(sample, options, stopping) {
      const minRowsPerLeaf = minRowsPerLeafOf('gbdt-paper', sample.values.length, options);
      if (options.rounds !== undefined) {
        return yield* boost(sample, { rounds: options.rounds, minRowsPerLeaf });
      }
      if (!stopping || stopping.values.length === 0) {
        throw new StageError(
          'regression',
          'The published procedure stops early on a test set, and there is none.',
          'Add a test set, or choose trees with rounds by cross-validation.',
        );
      }
      return yield* stopEarly(sample, stopping, { rounds: maxRounds, minRowsPerLeaf });
    },
  },
  {
    id: 'ridge',
    name: 'Ridge',
    description:
      'Linear in the weights, with a penalty on squared coefficients chosen by exact leave-one-out.',
    usesRecordedWeights: false,
    stopsOnTestSet: false,
    minimumRows: () => 5,
    fit: (sample, options) => fitRidge(sample, options.penalty ?? null),
  },
  {
    id: 'ols',
    name: 'Linear',
    description: 'Ordinary least squares on the weights.',
    usesRecordedWeights: false,
    stopsOnTestSet: false,
    minimumRows: () => 5,
    fit: (sample) => fitOrdinaryLeastSquares(sample),
  },
];

/** @throws StageError when there is no regressor of that id */
export function findRegressor(id: RegressorId | string): Regressor {
  const found = regressors.find((regressor) => regressor.id === id);
  if (found) return found;
  const known = regressors.map((regressor) => regressor.id).join(', ');
  throw new StageError('regression', `There is no regressor “${id}”.`, `Choose one of ${known}.`);
}

/**
 * Says whether a sample can be fitted, before anything is.
 *
 * @throws StageError when there are too few rows or all values are equal
 */
export function checkSample(regressor: Regressor, { features, values }: Sample): void {
  const n = values.length;
  const needed = regressor.minimumRows(features.columns);
  if (n < needed) {
    throw new StageError(
      'regression',
      `${regressor.name} needs at least ${needed} runs with this target, found ${n}.`,
      'Add runs, or choose another target or regressor.',
    );
  }
  if (values.every((value) => value === values[0])) {
    throw new StageError(
      'regression',
      `Every run has the same value ${values[0]} of this target: there is nothing to learn.`,
      'Choose another target.',
    );
  }
}
