import type { Job } from '../job';
import { columnOf, type Matrix, rowOf, zeros } from '../matrix';
import { predictModel } from './predict';
import type { Model } from './types';

/** Rows over which a model's reliance on a domain is averaged. */
const rowsAveraged = 128;
/** Weights that are predicted for in one go: 16 MB. */
const weightsTogether = 2_000_000;

/**
 * How much a fit uses each domain: trees by the loss that splits on it took away (LightGBM's `gain`
 * importance), linear models by |coefficient| x sd of the weight, others (and trees from elsewhere, whose
 * gains are not known) by how far the prediction moves, on average over the runs, when the domain's weight is set to its mean.
 *
 * @param features N x D, the rows that were fitted
 * @returns D shares >= 0 summing to 1; all 0 when the fit uses no domain
 */
export function* modelImportance(model: Model, features: Matrix): Job<Float64Array> {
  const amounts = new Float64Array(features.columns);
  if (model.kind === 'trees') {
    for (let node = 0; node < model.feature.length; node++) {
      amounts[model.feature[node]] += model.gain[node];
    }
    if (!amounts.some((amount) => amount > 0)) return sharesOf(yield* meanShifts(model, features));
  } else if (model.kind !== 'linear') {
    return sharesOf(yield* meanShifts(model, features));
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
function* meanShifts(model: Model, features: Matrix): Job<Float64Array> {
  const { rows, columns } = features;
  const means = new Float64Array(columns);
  for (let domain = 0; domain < columns; domain++) {
    for (const weight of columnOf(features, domain)) means[domain] += weight / rows;
  }
  const step = Math.max(1, rows / rowsAveraged);
  const places: number[] = [];
  for (let place = 0; place < rows; place += step) places.push(Math.floor(place));
  // Each row as it is, then once for each domain with that domain's weight at its mean.
  const variants = columns + 1;
  const together = Math.max(1, Math.floor(weightsTogether / (variants * columns)));
  const shifts = new Float64Array(columns);
  for (let start = 0; start < places.length; start += together) {
    const some = places.slice(start, start + together);
    const moved = zeros(some.length * variants, columns);
    for (let row = 0; row < moved.rows; row++) {
      const mixture = rowOf(moved, row);
      const domain = (row % variants) - 1;
      mixture.set(rowOf(features, some[Math.floor(row / variants)]));
      if (domain >= 0) mixture[domain] = means[domain];
    }
    const predicted = yield* predictModel(model, moved);
    predicted.forEach((value, row) => {
      const domain = (row % variants) - 1;
      if (domain >= 0) shifts[domain] += Math.abs(value - predicted[row - domain - 1]);
    });
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
