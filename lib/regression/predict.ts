import { StageError } from '../errors';
import type { Job, PredictionRequest } from '../job';
import { type Matrix, rowOf } from '../matrix';
import { evaluateSmooth } from './evaluate';
import { predictTrees } from './gbdt/predict-trees';
import { walkTrees } from './gbdt/walk-trees';
import type { Model, OnnxModel, RowModel, SmoothModel } from './types';

/** Multiplications between two reports: a few milliseconds of work. */
const workPerReport = 2_000_000;
/** Weights in one request to onnxruntime: it cannot be stopped on the way. */
const weightsPerRequest = 200_000;

/**
 * Predictions of a model for many mixtures, each equal to {@link predictRow} to the last bit where there
 * is such a prediction. Those of an imported ONNX model are asked of whoever drives the job.
 *
 * @param features N x D
 * @returns N values in the target's unit
 */
export function* predictModel(model: Model, features: Matrix): Job<Float64Array> {
  if (model.kind === 'trees') return yield* predictTrees(model, features);
  if (model.kind === 'onnx') return yield* requestPredictions(model, features);
  const out = new Float64Array(features.rows);
  const work = workOf(model, features.columns);
  const rowsPerReport = Math.max(1, Math.floor(workPerReport / work));
  for (let row = 0; row < features.rows; row++) {
    out[row] = evaluateSmooth(model, rowOf(features, row), null);
    if (row % rowsPerReport === 0) yield { done: row, total: features.rows, unit: 'mixtures' };
  }
  return out;
}

function* requestPredictions({ id }: OnnxModel, features: Matrix): Job<Float64Array> {
  const { rows, columns, values } = features;
  const out = new Float64Array(rows);
  const most = Math.max(1, Math.floor(weightsPerRequest / Math.max(1, columns)));
  for (let start = 0; start < rows; start += most) {
    const count = Math.min(most, rows - start);
    // A copy: the page moves it to another thread.
    const mixtures = {
      rows: count,
      columns,
      values: values.slice(start * columns, (start + count) * columns),
    };
    const request: PredictionRequest = { model: id, mixtures, predicted: null };
    yield { done: start, total: rows, unit: 'mixtures', request };
    if (request.predicted === null) {
      throw new StageError(
        'regression',
        'Imported ONNX models are not run here.',
        'Choose another regressor for this.',
      );
    }
    out.set(request.predicted, start);
  }
  return out;
}

/** Whether a model is evaluated here, rather than by onnxruntime in a worker of its own. */
export function isRowModel(model: Model): model is RowModel {
  return model.kind !== 'onnx';
}

/**
 * Prediction of a model for one mixture.
 *
 * @param mixture D weights
 * @returns a value in the target's unit
 * @throws RangeError for an imported ONNX model, which is asked in batches: {@link predictModel}
 */
export function predictRow(model: Model, mixture: Float64Array): number {
  if (model.kind === 'onnx') throw new RangeError('an imported ONNX model predicts in batches');
  return model.kind === 'trees' ? walkTrees(model, mixture) : evaluateSmooth(model, mixture, null);
}

/** About how many multiplications one prediction takes. */
function workOf(model: SmoothModel, domains: number): number {
  if (model.kind === 'gp') return model.inputs.rows * (domains + 20);
  if (model.kind === 'sum') {
    return model.models.reduce((sum, part) => sum + workOf(part, domains), 0);
  }
  return 20 * Math.max(1, domains);
}
