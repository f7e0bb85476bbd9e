/** How well a regressor predicts mixtures that it has not seen: out of fold, on test sets, with bands. */
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import { selectRows } from '../model/matrix';
import type { Cache } from '../model/recent';
import type {
  Assessment,
  FitOptions,
  Model,
  Regressor,
  RegressorId,
  RowModel,
  Sample,
  SmoothModel,
} from '../model/regressor';
import { fitStatistics } from '../model/statistics';
import type { RunTable, Target } from '../model/study';
import { bandsOf, coverageOf } from './bands';
import { modelImportance } from './effects';
import { chooseRoundsByFolds, minRowsPerLeafOf } from './gbdt/boosting';
import { assessImported } from './imported';
import { outliersOf, suspectsOf, withoutRows } from './outliers';
import { predictModel } from './predict';
import { findRegimes, judgeRegimes } from './regimes';
import { checkSample, findRegressor } from './regressors';
import {
  complementOf,
  fittedRows,
  measuredRows,
  numberMixtures,
  sampleOf,
  splitMixtures,
  type TargetRows,
  targetSample,
} from './sample';
import { testSignal } from './signal';

/** The tables of a study. */
export interface StudyRows {
  readonly targets: readonly Target[];
  readonly training: RunTable;
  readonly testSets: readonly RunTable[];
}

/**
 * Fits one regressor to one target of a study and measures it on all of its test sets.
 *
 * @param target id of the target
 * @param known cache of earlier assessments; the new ones are added to it
 * @param imported the model to measure when the regressor is `imported`
 * @throws StageError when there is no such target, too few runs, or nothing to learn
 */
export function assessStudy(
  { targets, training, testSets }: StudyRows,
  target: string,
  regressor: RegressorId,
  options: FitOptions,
  known: Cache<Assessment> = new Map(),
  imported?: Model,
): Job<Assessment> {
  const index = targets.findIndex(({ id }) => id === target);
  if (index < 0) {
    const known = targets.map(({ id }) => id).join(', ');
    throw new StageError(
      'regression',
      `There is no target “${target}”.`,
      `Choose one of ${known}.`,
    );
  }
  const input = (id: RegressorId): AssessmentInput => {
    const { usesRecordedWeights } = findRegressor(id);
    return {
      regressor: id,
      target,
      training: targetSample(training, index, usesRecordedWeights),
      tests: testSets.map((table) => ({
        name: table.name,
        ...targetSample(table, index, usesRecordedWeights),
      })),
      options: { ...options, direction: targets[index].direction },
    };
  };
  if (regressor === 'imported') {
    const { training: rows, tests } = input('imported');
    return assessImported(imported, rows, tests, targets[index], options.seed);
  }
  function* assessOnce(id: RegressorId): Job<Assessment> {
    const key = JSON.stringify([id, target, options]);
    const made = known.get(key) ?? (yield* assess(input(id), assessOnce));
    known.set(key, made);
    return made;
  }
  return assessOnce(regressor);
}

/** With fewer runs than this, folds are ten, so that their fits see nearly as many runs as the whole fit. */
const fewRuns = 128;
/** Runs per parameter of the law, 2 D + 3, from which leaving one out says what unseen runs are like. */
const runsPerParameter = 2;

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
 * Fits a regressor to one target and measures it on rows that it has not seen: out of fold on the training
 * runs, and on every test set. A mean of others is assessed from their assessments.
 *
 * @param assessPart the assessment of another regressor on the same input: from a cache, say
 * @throws StageError when there are too few runs or nothing to learn
 */
export function* assess(
  input: AssessmentInput,
  assessPart: (regressor: RegressorId) => Job<Assessment> = (regressor) =>
    assess({ ...input, regressor }),
): Job<Assessment> {
  const { training, tests, options } = input;
  const regressor = findRegressor(input.regressor);
  if (regressor.meanOf) {
    const parts: Assessment[] = [];
    for (const id of regressor.meanOf) parts.push(yield* assessPart(id));
    return yield* report(input, regressor, yield* meanOfParts(parts), null);
  }
  // As published, the notebook's trees see every run.
  const rows = regressor.stopsOnTestSet
    ? measuredRows(training)
    : fittedRows(training, options.direction);
  const sample = sampleOf(training, rows);
  const stoppingSet = regressor.stopsOnTestSet ? tests.at(0) : undefined;
  const stopping = stoppingSet && sampleOf(stoppingSet, measuredRows(stoppingSet));

  const prepared = yield* prepare(regressor, sample, options, stopping);
  const leftOut =
    regressor.leaveOneOut && (yield* saysEnoughLeftOut(sample))
      ? yield* regressor.leaveOneOut(sample, prepared.model, options)
      : null;
  const onAllRows = (values: Float64Array) => {
    const all = new Float64Array(training.values.length).fill(Number.NaN);
    rows.forEach((row, place) => {
      all[row] = values[place];
    });
    return all;
  };
  const outOfFold = onAllRows(prepared.outOfFold);
  // A run that is not fitted is unseen by the fit to all others.
  const seen = new Set(rows);
  const outliers = measuredRows(training).filter((row) => !seen.has(row));
  const predicted = yield* predictModel(prepared.model, selectRows(training.features, outliers));
  outliers.forEach((row, place) => {
    outOfFold[row] = predicted[place];
  });
  const fitted = {
    ...prepared,
    outOfFold,
    leftOut: leftOut && onAllRows(leftOut),
  };
  return yield* report(input, regressor, fitted, stoppingSet ?? null);
}

/**
 * Whether residuals of runs left out alone are like those of unseen mixtures. They are not where other runs of
 * the mixture stay in, nor, as hyperparameters have seen the run, where runs are few.
 */
function* saysEnoughLeftOut({ features }: Sample): Job<boolean> {
  const parameters = 2 * features.columns + 3;
  if (features.rows < Math.max(fewRuns, runsPerParameter * parameters)) return false;
  const [numbers] = yield* numberMixtures([features]);
  return new Set(numbers).size === features.rows;
}

/** Statistics, bands and predictions of a fit. */
function* report(
  { target, training, tests, options }: AssessmentInput,
  regressor: Regressor,
  { model, outOfFold, leftOut, minRowsPerLeaf, fitMs }: Fitted,
  stoppingSet: TargetRows | null,
): Job<Assessment> {
  const { seed, direction } = options;
  const total = tests.length + 1;
  yield { done: 0, total, unit: 'tables' };
  const way = direction ?? 'lower';
  const far = outliersOf(training.values, way);
  const usual = withoutRows(training.values, far);
  const outliers = regressor.stopsOnTestSet ? [] : far;
  const values = regressor.stopsOnTestSet ? training.values : usual;
  const [mixtures] = yield* numberMixtures([training.features]);
  const crossValidation = fitStatistics(outOfFold, values, seed, direction, mixtures);
  const unseen = { predicted: leftOut ?? outOfFold, measured: values, mixtures };
  const bands = bandsOf(unseen, leftOut ? 'leave-one-out' : 'out-of-fold');
  const predictions: Assessment['tests'][number][] = [];
  for (const [index, test] of tests.entries()) {
    yield { done: index + 1, total, unit: 'tables' };
    const predicted = yield* predictModel(model, test.features);
    const [tested] = yield* numberMixtures([test.features]);
    predictions.push({
      name: test.name,
      predicted,
      statistics: fitStatistics(predicted, test.values, seed, direction, tested),
      usedForStopping: test === stoppingSet,
      coverage: coverageOf(bands, { predicted, measured: test.values }),
    });
  }
  yield { done: total, total, unit: 'tables' };
  const split = yield* findRegimes({ ...training, values: usual }, seed);
  return {
    regressor: regressor.id,
    target,
    model,
    rounds: model.kind === 'trees' ? model.rounds : 0,
    minRowsPerLeaf,
    outOfFold,
    leftOut,
    outliers,
    suspects: suspectsOf(values, unseen.predicted, bands),
    crossValidation,
    tests: predictions,
    regimes: split && {
      ...split,
      rows: [
        judgeRegimes(split, null, training.features, outOfFold, values),
        ...tests.map(({ name, features, values: measured }, place) =>
          judgeRegimes(split, name, features, predictions[place].predicted, measured),
        ),
      ],
    },
    signal: yield* testSignal(training, seed, way),
    bands,
    importance: yield* modelImportance(model, training.features),
    fitMs,
  };
}

/** The mean of fitted regressors: of their models, and of what each predicts for rows it has not seen. */
function* meanOfParts(parts: readonly Assessment[]): Job<Fitted> {
  const share = 1 / parts.length;
  const meanOfArrays = (arrays: readonly Float64Array[]) =>
    arrays[0].map((_, row) => arrays.reduce((sum, array) => sum + share * array[row], 0));
  const leftOut = parts.flatMap((part) => (part.leftOut ? [part.leftOut] : []));
  yield { done: parts.length, total: parts.length, unit: 'fits' };
  return {
    model: {
      kind: 'sum',
      weights: parts.map(() => share),
      models: parts.map(({ model }) => smooth(model)),
    },
    outOfFold: meanOfArrays(parts.map(({ outOfFold }) => outOfFold)),
    leftOut: leftOut.length === parts.length ? meanOfArrays(leftOut) : null,
    minRowsPerLeaf: 0,
    fitMs: parts.reduce((sum, { fitMs }) => sum + fitMs, 0),
  };
}

function smooth(model: Model): SmoothModel {
  if (model.kind === 'trees' || model.kind === 'onnx') {
    throw new RangeError('a mean is of smooth models');
  }
  return model;
}

/** A fit with what it predicts for the training rows, one entry per row of the table. */
interface Fitted {
  readonly model: Model;
  readonly outOfFold: Float64Array;
  readonly leftOut: Float64Array | null;
  readonly minRowsPerLeaf: number;
  readonly fitMs: number;
}

interface Prepared {
  readonly model: RowModel;
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
  if (regressor.crossFit) {
    const start = performance.now();
    const { model, outOfFold } = yield* regressor.crossFit(sample, options);
    return { model, outOfFold, minRowsPerLeaf, fitMs: performance.now() - start };
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
): Job<{ model: RowModel; fitMs: number }> {
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
  const folds = n < fewRuns ? 10 : 5;
  for (const rows of yield* splitMixtures(sample.features, folds, options.seed)) {
    const model = yield* regressor.fit(sampleOf(sample, complementOf(rows, n)), options);
    const predicted = yield* predictModel(model, sampleOf(sample, rows).features);
    rows.forEach((row, place) => {
      outOfFold[row] = predicted[place];
    });
  }
  return outOfFold;
}
