import { columnOf, type Matrix, rowOf } from '../matrix';
import { predictRow } from './predict';
import type { Model } from './types';

/** Rows over which a model's reliance on a domain is averaged. */
const rowsAveraged = 128;

/**
 * How much a fit uses each domain: trees by the loss that splits on it took away (LightGBM's `gain`
 * importance), linear models by |coefficient| x sd of the weight, others (and trees from elsewhere, whose
 * gains are not known) by how far the prediction moves, on average over the runs, when the domain's weight is set to its mean.
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
    if (!amounts.some((amount) => amount > 0)) return sharesOf(meanShifts(model, features));
  } else if (model.kind !== 'linear') {
    return sharesOf(meanShifts(model, features));
  } else {
    for (let domain = 0; domain < amounts.length; domain++) {
      const deviation = standardDeviation(columnOf(features, domain));
      amounts[domain] = Math.abs(model.coefficients[domain]) * deviation;
    }
  }
  return sharesOf(amounts);
}

function sharesOf(amounts: Float64Array): Float64Array {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return total > 0 ? amounts.map((amount) => amount / total) : amounts;
}

/** D mean absolute changes of the prediction, over an evenly spaced part of the rows. */
function meanShifts(model: Model, features: Matrix): Float64Array {
  const { rows, columns } = features;
  const means = new Float64Array(columns);
  for (let domain = 0; domain < columns; domain++) {
    for (const weight of columnOf(features, domain)) means[domain] += weight / rows;
  }
  const shifts = new Float64Array(columns);
  const step = Math.max(1, rows / rowsAveraged);
  for (let place = 0; place < rows; place += step) {
    const mixture = Float64Array.from(rowOf(features, Math.floor(place)));
    const predicted = predictRow(model, mixture);
    for (let domain = 0; domain < columns; domain++) {
      const weight = mixture[domain];
      mixture[domain] = means[domain];
      shifts[domain] += Math.abs(predictRow(model, mixture) - predicted);
      mixture[domain] = weight;
    }
  }
  return shifts;
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
