import { regressorInfo } from '../catalogue';
import type { Regressor, RegressorId, RowModel } from '../types';
import { autoscale, bimix, effectiveData, exponential, type LawFit } from './fit';

/** A law as a regressor; being handed a model of another kind is a defect of the caller. */
function regressorOf<Law extends RowModel>(
  id: RegressorId,
  kind: Law['kind'],
  law: LawFit<Law>,
): Regressor {
  function isLaw(model: RowModel): model is Law {
    return model.kind === kind;
  }
  function checked(model: RowModel): Law {
    if (!isLaw(model)) throw new RangeError(`${id} was handed a model of kind ${model.kind}`);
    return model;
  }
  return {
    ...regressorInfo(id),
    fit: (sample, options) => law.fit(sample, options),
    refit: (sample, model, options) => law.refit(sample, checked(model), options),
    leaveOneOut: (sample, model, options) => law.leaveOneOut(sample, checked(model), options),
  };
}

/** The effective-data law, and laws that other teams have published, as olmix fits them. */
export const lawRegressors: readonly Regressor[] = [
  regressorOf('law', 'law', effectiveData),
  regressorOf('mixing-law', 'exponential', exponential),
  regressorOf('autoscale', 'powers', autoscale),
  regressorOf('bimix', 'powers', bimix),
];
