import { StageError } from '../errors';
import type { Job } from '../job';
import type { Target } from '../study/types';
import { regressorInfo } from './catalogue';
import { bandsOf } from './conformal';
import { modelImportance } from './importance';
import { predictModel } from './predict';
import type { TargetRows } from './sample';
import { fitStatistics } from './statistics';
import type { Assessment, Model, Regressor } from './types';

/** A model that was fitted elsewhere, for one target of a study. */
export interface ImportedModel {
  /** Identifies the model, for caches: equal ids have equal models. */
  readonly id: string;
  /** Target id. */
  readonly target: string;
  /** Name of the file that it came from. */
  readonly name: string;
  readonly model: Model;
  /** What the model is run from when it is of kind `onnx`; absent for models of an older page, which read it. */
  readonly source?: OnnxSource;
}

/** An ONNX file with what its inputs are. */
export interface OnnxSource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Per input of the file, the place of its domain in the study: D places, each once. */
  readonly columns: readonly number[];
}

/** Stands for models from elsewhere where a regressor is asked for; it cannot be fitted. */
export const importedRegressor: Regressor = {
  ...regressorInfo('imported'),
  fit() {
    throw new StageError(
      'regression',
      'A model that was fitted elsewhere cannot be fitted again here.',
      'Choose another regressor for this.',
    );
  },
};

/**
 * Measures a model from elsewhere on a study. Its predictions stand where others have out-of-fold ones,
 * but it may have seen these very runs: the report's `regressor` says so (`mayHaveSeenRuns`).
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
      'Import one under Export, or choose another regressor.',
    );
  }
  const predicted = yield* predictModel(model, training.features);
  const outOfFold = predicted.map((value, row) =>
    Number.isFinite(training.values[row]) ? value : Number.NaN,
  );
  const predictions = [];
  for (const test of tests) {
    const onTest = yield* predictModel(model, test.features);
    predictions.push({
      name: test.name,
      predicted: onTest,
      statistics: fitStatistics(onTest, test.values, seed, direction),
      usedForStopping: false,
    });
  }
  const residuals = outOfFold.map((value, row) => training.values[row] - value);
  return {
    regressor: 'imported',
    target: id,
    model,
    rounds: model.kind === 'trees' ? model.rounds : 0,
    minRowsPerLeaf: 0,
    outOfFold,
    leftOut: null,
    crossValidation: fitStatistics(outOfFold, training.values, seed, direction),
    tests: predictions,
    bands: bandsOf(residuals, 'perhaps seen'),
    importance: yield* modelImportance(model, training.features),
    fitMs: 0,
  };
}
