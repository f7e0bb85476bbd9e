import { StageError } from '../errors';
import { catalogue, regressorInfo } from './catalogue';
import { treeRegressors } from './gbdt/regressors';
import { importedRegressor } from './imported';
import { lawRegressors } from './law/regressors';
import { linearRegressors } from './linear-regressors';
import { smoothRegressors } from './smooth-regressors';
import type { Regressor, RegressorId, Sample } from './types';

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
