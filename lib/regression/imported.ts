import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import type { Assessment, Model, Regressor } from '../model/regressor';
import { fitStatistics } from '../model/statistics';
import type { Target } from '../model/study';
import { bandsOf, coverageOf } from './bands';
import { regressorInfo } from './catalogue';
import { modelImportance } from './effects';
import { outliersOf, withoutRows } from './outliers';
import { predictModel } from './predict';
import { numberMixtures, type TargetRows } from './sample';
import { testSignal } from './signal';

/** Represents imported models as a regressor, which cannot be fitted. */
export const importedRegressor: Regressor = {
  ...regressorInfo('imported'),
  fit() {
    throw new StageError(
      'regression',
      'An imported model cannot be refitted here.',
      'Choose another regressor for this.',
    );
  },
};

/**
 * Assesses an imported model on a study. Its predictions take the place of out-of-fold ones, but it may have
 * seen these runs: the regressor has `mayHaveSeenRuns` set.
 *
 * @throws StageError when there is no such model
 */
export function* assessImported(
  model: Model | undefined,
  training: TargetRows,
  tests: readonly (TargetRows & { readonly name: string })[],
  { id, name, direction }: Target,
  seed: number,
): Job<Assessment> {
  if (!model) {
    throw new StageError(
      'regression',
      `No model was imported for ${name}.`,
      'Import one in Answer (Export), or choose another regressor.',
    );
  }
  const predicted = yield* predictModel(model, training.features);
  const outOfFold = predicted.map((value, row) =>
    Number.isFinite(training.values[row]) ? value : Number.NaN,
  );
  const outliers = outliersOf(training.values, direction);
  const values = withoutRows(training.values, outliers);
  const [mixtures] = yield* numberMixtures([training.features]);
  const bands = bandsOf({ predicted, measured: values, mixtures }, 'perhaps seen');
  const predictions = [];
  for (const test of tests) {
    const onTest = yield* predictModel(model, test.features);
    const [tested] = yield* numberMixtures([test.features]);
    predictions.push({
      name: test.name,
      predicted: onTest,
      statistics: fitStatistics(onTest, test.values, seed, direction, tested),
      usedForStopping: false,
      coverage: coverageOf(bands, { predicted: onTest, measured: test.values }),
    });
  }
  return {
    regressor: 'imported',
    target: id,
    model,
    rounds: model.kind === 'trees' ? model.rounds : 0,
    minRowsPerLeaf: 0,
    outOfFold,
    leftOut: null,
    outliers,
    suspects: [],
    regimes: null,
    crossValidation: fitStatistics(outOfFold, values, seed, direction, mixtures),
    tests: predictions,
    signal: yield* testSignal(training, seed, direction),
    bands,
    importance: yield* modelImportance(model, training.features),
    fitMs: 0,
  };
}
