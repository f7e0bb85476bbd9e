import type { Job } from '../job';
import { type Matrix, rowOf } from '../matrix';
import { evaluateSmooth } from './evaluate';
import { predictTrees } from './gbdt/predict-trees';
import { walkTrees } from './gbdt/walk-trees';
import type { Model, SmoothModel } from './types';

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
  const out = new Float64Array(features.rows);
  const work = workOf(model, features.columns);
  const rowsPerReport = Math.max(1, Math.floor(workPerReport / work));
  for (let row = 0; row < features.rows; row++) {
    out[row] = evaluateSmooth(model, rowOf(features, row), null);
    if (row % rowsPerReport === 0) yield { done: row, total: features.rows, unit: 'mixtures' };
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
