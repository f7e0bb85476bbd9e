import type { Job } from '../job';
import { complementOf, splitFolds } from './folds';
import { chooseRoundsByFolds } from './gbdt/rounds';
import { modelImportance } from './importance';
import { predictModel } from './predict';
import { checkSample, findRegressor, minRowsPerLeafOf } from './regressors';
import { measuredRows, sampleOf, type TargetRows } from './sample';
import { conformalHalfWidth, fitStatistics } from './statistics';
import type { Assessment, FitOptions, Model, Regressor, RegressorId, Sample } from './types';

const folds = 5;

/** What to fit and what to test it on. */
export interface AssessmentInput {
  readonly regressor: RegressorId;
  /** Target id, for the report. */
  readonly target: string;
  readonly training: TargetRows;
  readonly tests: readonly (TargetRows & { readonly name: string })[];
  readonly options: FitOptions;
}

/**
 * Fits a regressor to one target and measures it on rows that it has not seen: out of fold on the
 * training runs, and on every test set.
 *
 * @throws StageError when there are too few runs or nothing to learn
 */
export function* assess(input: AssessmentInput): Job<Assessment> {
  const { target, training, tests, options } = input;
  const regressor = findRegressor(input.regressor);
  const rows = measuredRows(training);
  const sample = sampleOf(training, rows);
  const stoppingSet = regressor.stopsOnTestSet ? tests.at(0) : undefined;
  const stopping = stoppingSet && sampleOf(stoppingSet, measuredRows(stoppingSet));

  const prepared = yield* prepare(regressor, sample, options, stopping);
  const outOfFold = new Float64Array(training.values.length).fill(Number.NaN);
  rows.forEach((row, place) => {
    outOfFold[row] = prepared.outOfFold[place];
  });
  const { seed } = options;
  const total = tests.length + 1;
  yield { done: 0, total, unit: 'tables' };
  const crossValidation = fitStatistics(outOfFold, training.values, seed);
  const predictions = [];
  for (const [index, test] of tests.entries()) {
    yield { done: index + 1, total, unit: 'tables' };
    const predicted = yield* predictModel(prepared.model, test.features);
    predictions.push({
      name: test.name,
      predicted,
      statistics: fitStatistics(predicted, test.values, seed),
      usedForStopping: test === stoppingSet,
    });
  }
  yield { done: total, total, unit: 'tables' };
  return {
    regressor: regressor.id,
    target,
    model: prepared.model,
    rounds: prepared.model.kind === 'trees' ? prepared.model.rounds : 0,
    minRowsPerLeaf: prepared.minRowsPerLeaf,
    outOfFold,
    crossValidation,
    tests: predictions,
    band90: conformalHalfWidth(
      outOfFold.map((predicted, row) => training.values[row] - predicted),
      0.9,
    ),
    importance: modelImportance(prepared.model, sample.features),
    fitMs: prepared.fitMs,
  };
}

interface Prepared {
  readonly model: Model;
  /** One per row of the sample. */
  readonly outOfFold: Float64Array;
  readonly minRowsPerLeaf: number;
  readonly fitMs: number;
}

/** The final fit and the out-of-fold predictions; trees choose their rounds on the same folds, fitted once. */
function* prepare(
  regressor: Regressor,
  sample: Sample,
  options: FitOptions,
  stopping: Sample | undefined,
): Job<Prepared> {
  checkSample(regressor, sample);
  const minRowsPerLeaf = minRowsPerLeafOf(regressor.id, sample.values.length, options);
  if (regressor.id === 'gbdt' && options.rounds === undefined) {
    const { rounds, outOfFold } = yield* chooseRoundsByFolds(sample, minRowsPerLeaf, options.seed);
    const { model, fitMs } = yield* timedFit(regressor, sample, { ...options, rounds }, undefined);
    return { model, fitMs, outOfFold, minRowsPerLeaf };
  }
  const { model, fitMs } = yield* timedFit(regressor, sample, options, stopping);
  const fixed = model.kind === 'trees' ? { ...options, rounds: model.rounds } : options;
  const outOfFold = yield* predictOutOfFold(regressor, sample, fixed);
  return { model, fitMs, outOfFold, minRowsPerLeaf };
}

function* timedFit(
  regressor: Regressor,
  sample: Sample,
  options: FitOptions,
  stopping: Sample | undefined,
): Job<{ model: Model; fitMs: number }> {
  const start = performance.now();
  const model = yield* regressor.fit(sample, options, stopping);
  return { model, fitMs: performance.now() - start };
}

function* predictOutOfFold(
  regressor: Regressor,
  sample: Sample,
  options: FitOptions,
): Job<Float64Array> {
  const n = sample.values.length;
  const outOfFold = new Float64Array(n);
  for (const rows of splitFolds(n, Math.min(folds, n), options.seed)) {
    const model = yield* regressor.fit(sampleOf(sample, complementOf(rows, n)), options);
    const predicted = yield* predictModel(model, sampleOf(sample, rows).features);
    rows.forEach((row, place) => {
      outOfFold[row] = predicted[place];
    });
  }
  return outOfFold;
}
