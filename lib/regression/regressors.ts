/** Every regressor by its id, and the checks that each fit begins with. */

import { StageError } from '../model/errors';
import type {
  GaussianProcessModel,
  LawModel,
  Model,
  Regressor,
  RegressorId,
  Sample,
  SumModel,
} from '../model/regressor';
import { catalogue, regressorInfo } from './catalogue';
import { correctedLaw } from './corrected';
import { treeRegressors } from './gbdt/boosting';
import { fitGaussianProcess, leaveOneOutGaussianProcess, refitGaussianProcess } from './gp/fit';
import { importedRegressor } from './imported';
import { effectiveData, lawRegressors } from './law/fit';
import { linearRegressors } from './linear';

/** A Gaussian process alone. */
const gaussianProcess: Regressor = {
  ...regressorInfo('gp'),
  fit: (sample, options) => fitGaussianProcess(sample, options),
  refit: (sample, model, options) => refitGaussianProcess(sample, asProcess(model), options),
  leaveOneOut: (sample, model, options) =>
    leaveOneOutGaussianProcess(sample, asProcess(model), options),
};

/** The mean of the law and the Gaussian process. */
const meanOfBoth: Regressor = {
  ...regressorInfo('mean'),
  *fit(sample, options) {
    const { law } = yield* effectiveData.fit(sample, options);
    return meanOfTwo(law, yield* fitGaussianProcess(sample, options));
  },
  *refit(sample, model, options) {
    const [law, process] = partsOf(model);
    const refitted = yield* effectiveData.refit(sample, law, options);
    return meanOfTwo(refitted.law, yield* refitGaussianProcess(sample, process, options));
  },
  *leaveOneOut(sample, model, options) {
    const [law, process] = partsOf(model);
    const byLaw = yield* effectiveData.leaveOneOut(sample, law, options);
    const byProcess = yield* leaveOneOutGaussianProcess(sample, process, options);
    return byLaw.map((value, row) => (value + byProcess[row]) / 2);
  },
};

const smoothRegressors: readonly Regressor[] = [correctedLaw, meanOfBoth, gaussianProcess];

function meanOfTwo(law: LawModel, process: GaussianProcessModel): SumModel {
  return { kind: 'sum', weights: [0.5, 0.5], models: [law, process] };
}

/** Passing a model of another kind is a defect of the caller. */
function asProcess(model: Model): GaussianProcessModel {
  if (model.kind !== 'gp')
    throw new RangeError(`a Gaussian process was expected, not ${model.kind}`);
  return model;
}

function partsOf(model: Model): readonly [LawModel, GaussianProcessModel] {
  const [law, process] = model.kind === 'sum' ? model.models : [];
  if (law?.kind !== 'law' || process?.kind !== 'gp') {
    throw new RangeError('the sum of a law and a Gaussian process was expected');
  }
  return [law, process];
}

const implemented = [...lawRegressors, ...smoothRegressors, ...treeRegressors, ...linearRegressors];

/** Every regressor, in the order of the catalogue. */
export const regressors: readonly Regressor[] = catalogue.flatMap(({ id }) =>
  implemented.filter((regressor) => regressor.id === id),
);

/** @throws StageError when there is no regressor of that id */
export function findRegressor(id: RegressorId | string): Regressor {
  const { id: known } = regressorInfo(id);
  const found = [...regressors, importedRegressor].find((regressor) => regressor.id === known);
  if (!found) throw new RangeError(`${known} is described but not implemented`);
  return found;
}

/**
 * Checks whether a sample can be fitted.
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
