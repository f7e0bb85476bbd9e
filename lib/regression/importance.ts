import { columnOf, type Matrix } from '../matrix';
import type { Model } from './types';

/**
 * How much a fit uses each domain: trees by the loss that splits on it took away (LightGBM's `gain`
 * importance), linear models by |coefficient| x sd of the weight.
 *
 * @param features N x D, the rows that were fitted
 * @returns D shares >= 0 summing to 1; all 0 when the fit uses no domain
 */
export function modelImportance(model: Model, features: Matrix): Float64Array {
  const amounts = new Float64Array(features.columns);
  if (model.kind === 'trees') {
    for (let node = 0; node < model.feature.length; node++) {
      amounts[model.feature[node]] += model.gain[node];
    }
  } else {
    for (let domain = 0; domain < amounts.length; domain++) {
      const deviation = standardDeviation(columnOf(features, domain));
      amounts[domain] = Math.abs(model.coefficients[domain]) * deviation;
    }
  }
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return total > 0 ? amounts.map((amount) => amount / total) : amounts;
}

/** Population standard deviation; 0 for a constant column exactly, whatever its mean rounds to. */
export function standardDeviation(values: Float64Array): number {
  if (values.every((value) => value === values[0])) return 0;
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return Math.sqrt(sum / values.length);
}
