import type { Job } from '../job';
import type { Matrix } from '../matrix';
import { predictTrees } from './gbdt/predict-trees';
import { walkTrees } from './gbdt/walk-trees';
import type { LinearModel, Model } from './types';

/**
 * Predictions of a model for many mixtures.
 *
 * @param features N x D
 * @returns N values in the target's unit
 */
export function* predictModel(model: Model, features: Matrix): Job<Float64Array> {
  if (model.kind === 'linear') return predictLinear(model, features);
  return yield* predictTrees(model, features);
}

/**
 * Prediction of a model for one mixture.
 *
 * @param mixture D weights
 */
export function predictRow(model: Model, mixture: Float64Array): number {
  if (model.kind === 'trees') return walkTrees(model, mixture);
  let sum = model.intercept;
  for (let domain = 0; domain < mixture.length; domain++) {
    sum += model.coefficients[domain] * mixture[domain];
  }
  return sum;
}

function predictLinear(model: LinearModel, features: Matrix): Float64Array {
  const out = new Float64Array(features.rows).fill(model.intercept);
  const { columns, values } = features;
  for (let row = 0; row < features.rows; row++) {
    let sum = model.intercept;
    for (let domain = 0; domain < columns; domain++) {
      sum += model.coefficients[domain] * values[row * columns + domain];
    }
    out[row] = sum;
  }
  return out;
}
