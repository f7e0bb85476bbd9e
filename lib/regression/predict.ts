import type { Job } from '../job';
import type { Matrix } from '../matrix';
import { predictTrees } from './gbdt/predict-trees';
import { walkTrees } from './gbdt/walk-trees';
import type { LinearModel, Model } from './types';

/** Multiplications between two reports: a few milliseconds of work. */
const workPerReport = 2_000_000;

/**
 * Predictions of a model for many mixtures, each equal to {@link predictRow} to the last bit.
 *
 * @param features N x D
 * @returns N values in the target's unit
 */
export function* predictModel(model: Model, features: Matrix): Job<Float64Array> {
  if (model.kind === 'trees') return yield* predictTrees(model, features);
  const { rows, columns } = features;
  const out = new Float64Array(rows);
  const rowsPerReport = Math.max(1, Math.floor(workPerReport / Math.max(1, columns)));
  for (let row = 0; row < rows; row++) {
    out[row] = evaluateLinear(model, features.values, row * columns);
    if (row % rowsPerReport === 0) yield { done: row, total: rows, unit: 'mixtures' };
  }
  return out;
}

/**
 * Prediction of a model for one mixture.
 *
 * @param mixture D weights
 * @returns a value in the target's unit
 */
export function predictRow(model: Model, mixture: Float64Array): number {
  return model.kind === 'trees' ? walkTrees(model, mixture) : evaluateLinear(model, mixture, 0);
}

function evaluateLinear({ intercept, coefficients }: LinearModel, x: Float64Array, offset: number) {
  let sum = intercept;
  for (let j = 0; j < coefficients.length; j++) sum += coefficients[j] * x[offset + j];
  return sum;
}
