import { regressorInfo } from './catalogue';
import { fitOrdinaryLeastSquares, fitRidge } from './linear';
import type { Regressor } from './types';

/** Models that are linear in the weights. */
export const linearRegressors: readonly Regressor[] = [
  {
    ...regressorInfo('ridge'),
    fit: (sample, options) => fitRidge(sample, options.penalty ?? null),
  },
  {
    ...regressorInfo('ols'),
    fit: (sample) => fitOrdinaryLeastSquares(sample),
  },
];
