import { type Matrix, rowOf } from '../matrix';
import { regressorInfo } from './catalogue';
import { evaluateSmooth } from './evaluate';
import { fitGaussianProcess, leaveOneOutGaussianProcess, refitGaussianProcess } from './gp/fit';
import { effectiveData } from './law/fit';
import type { GaussianProcessModel, LawModel, Model, Regressor, Sample, SumModel } from './types';

/** A Gaussian process alone. */
const gaussianProcess: Regressor = {
  ...regressorInfo('gp'),
  fit: (sample, options) => fitGaussianProcess(sample, options),
  refit: (sample, model, options) => refitGaussianProcess(sample, asProcess(model), options),
  leaveOneOut: (sample, model, options) =>
    leaveOneOutGaussianProcess(sample, asProcess(model), options),
};

/** The mean of the law and the Gaussian process: the best predictor on every scale of the published runs. */
const meanOfBoth: Regressor = {
  ...regressorInfo('mean'),
  *fit(sample, options) {
    const law = yield* effectiveData.fit(sample, options);
    return sumOf([0.5, 0.5], law, yield* fitGaussianProcess(sample, options));
  },
  *refit(sample, model, options) {
    const [law, process] = partsOf(model);
    return sumOf(
      [0.5, 0.5],
      yield* effectiveData.refit(sample, law, options),
      yield* refitGaussianProcess(sample, process, options),
    );
  },
  *leaveOneOut(sample, model, options) {
    const [law, process] = partsOf(model);
    const byLaw = yield* effectiveData.leaveOneOut(sample, law, options);
    const byProcess = yield* leaveOneOutGaussianProcess(sample, process, options);
    return byLaw.map((value, row) => (value + byProcess[row]) / 2);
  },
};

/** The law, corrected by a Gaussian process on what it leaves unexplained. */
const lawWithProcess: Regressor = {
  ...regressorInfo('law+gp'),
  *fit(sample, options) {
    const law = yield* effectiveData.fit(sample, options);
    return sumOf([1, 1], law, yield* fitGaussianProcess(residualsOf(sample, law), options));
  },
  *refit(sample, model, options) {
    const [before, process] = partsOf(model);
    const law = yield* effectiveData.refit(sample, before, options);
    return sumOf(
      [1, 1],
      law,
      yield* refitGaussianProcess(residualsOf(sample, law), process, options),
    );
  },
};

/** What is made of the law and a Gaussian process. */
export const smoothRegressors: readonly Regressor[] = [meanOfBoth, gaussianProcess, lawWithProcess];

function sumOf(weights: readonly number[], law: LawModel, process: GaussianProcessModel): SumModel {
  return { kind: 'sum', weights, models: [law, process] };
}

function residualsOf({ features, values }: Sample, law: LawModel): Sample {
  return {
    features,
    values: values.map((value, row) => value - predictAt(law, features, row)),
  };
}

function predictAt(law: LawModel, features: Matrix, row: number): number {
  return evaluateSmooth(law, rowOf(features, row), null);
}

/** Being handed a model of another kind is a defect of the caller. */
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
