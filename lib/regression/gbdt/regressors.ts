import { StageError } from '../../errors';
import { regressorInfo } from '../catalogue';
import type { FitOptions, Regressor, RegressorId } from '../types';
import { boost, maxRounds } from './boosting';
import { chooseRoundsByFolds, stopEarly } from './rounds';

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

/** Boosted trees with LightGBM's semantics: honest, and as published. */
export const treeRegressors: readonly Regressor[] = [
  {
    ...regressorInfo('gbdt'),
    *fit(sample, options) {
      const minRowsPerLeaf = minRowsPerLeafOf('gbdt', sample.values.length, options);
      const rounds =
        options.rounds ?? (yield* chooseRoundsByFolds(sample, minRowsPerLeaf, options.seed)).rounds;
      return yield* boost(sample, { rounds, minRowsPerLeaf });
    },
  },
  {
    ...regressorInfo('gbdt-paper'),
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
];
