/** The effect of a domain on a prediction: importance, curves along a domain, interactions with targets. */
import type { Job } from '../model/job';
import { columnOf, type Matrix, rowOf, zeros } from '../model/matrix';
import type { Model } from '../model/regressor';
import { quantile, standardDeviation } from '../model/statistics';
import { evaluateSmooth, predictModel } from './predict';

/** Rows over which a model's reliance on a domain is averaged. */
const rowsAveraged = 128;
/** Weights per batch of predictions: 16 MB. */
const weightsPerBatch = 2_000_000;

/**
 * How much a fit uses each domain: trees by the reduction of the loss by splits on it (LightGBM's `gain`
 * importance), linear models by |coefficient| x sd of the weight, others (and imported trees, whose gains are
 * not known) by how far the prediction moves, on average over the runs, when the domain's weight is set to
 * its mean.
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
  const together = Math.max(1, Math.floor(weightsPerBatch / (variants * columns)));
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

/** The prediction over one domain's weight, the other domains in proportion. */
export interface DependenceCurve {
  /** Ascending, 0..1. */
  readonly weights: Float64Array;
  readonly predicted: Float64Array;
  /** 5% and 95% quantile over refitted models; null without any. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

const steps = 40;

/**
 * What a model predicts as one domain's weight goes from 0 to 1 and the others fill the rest in the
 * proportions of a mixture: individual conditional expectation (Goldstein et al. 2015, section 3),
 * along lines that stay within the simplex. Steps are even in the root of the weight, since
 * predictions bend most near 0.
 *
 * @param at D weights summing to 1
 * @param models refits to resampled runs, for the band; may be empty
 * @returns one curve per domain
 */
export function* partialDependence(
  model: Model,
  at: Float64Array,
  models: readonly Model[],
): Job<DependenceCurve[]> {
  const curves: DependenceCurve[] = [];
  const weights = Float64Array.from({ length: steps + 1 }, (_, step) => (step / steps) ** 2);
  for (let domain = 0; domain < at.length; domain++) {
    const low = new Float64Array(weights.length);
    const high = new Float64Array(weights.length);
    const line = zeros(weights.length, at.length);
    weights.forEach((weight, step) => {
      rowOf(line, step).set(alongDomain(at, domain, weight));
    });
    const predicted = yield* predictModel(model, line);
    const byRefit: Float64Array[] = [];
    for (const refit of models) {
      byRefit.push(yield* predictModel(refit, line));
      yield { done: domain, total: at.length, unit: 'domains' };
    }
    for (let step = 0; models.length > 0 && step < weights.length; step++) {
      const spread = Float64Array.from(byRefit, (values) => values[step]).sort();
      low[step] = quantile(spread, 0.05);
      high[step] = quantile(spread, 0.95);
    }
    const hasBand = models.length > 0;
    curves.push({ weights, predicted, low: hasBand ? low : null, high: hasBand ? high : null });
    yield { done: domain + 1, total: at.length, unit: 'domains' };
  }
  return curves;
}

/** The mixture with one domain's weight set and the others scaled to fill the rest. */
export function alongDomain(at: Float64Array, domain: number, weight: number): Float64Array {
  const others = 1 - at[domain];
  const mixture = at.map((share) =>
    others > 1e-9 ? (share * (1 - weight)) / others : (1 - weight) / (at.length - 1),
  );
  mixture[domain] = weight;
  return mixture;
}

/**
 * How each domain's data moves each target, by fitted models: the change of the prediction when a
 * domain gets one more point (0.01) of weight, taken from all others in proportion, to first order.
 *
 * @param models one per target; null = not fitted
 * @param at D weights summing to 1: where the change is measured
 * @returns D x M in the targets' units; NaN where there is no model or no gradient
 */
export function modelInteractions(models: readonly (Model | null)[], at: Float64Array): Matrix {
  const out = zeros(at.length, models.length);
  const gradient = new Float64Array(at.length);
  models.forEach((model, target) => {
    if (!model || model.kind === 'trees' || model.kind === 'onnx') {
      for (let domain = 0; domain < at.length; domain++) {
        out.values[domain * models.length + target] = Number.NaN;
      }
      return;
    }
    evaluateSmooth(model, at, gradient);
    const mean = gradient.reduce((sum, slope, domain) => sum + slope * at[domain], 0);
    gradient.forEach((slope, domain) => {
      // Towards the corner of the domain: its own weight grows, all others shrink in proportion.
      const others = Math.max(1e-9, 1 - at[domain]);
      out.values[domain * models.length + target] = (0.01 * (slope - mean)) / others;
    });
  });
  return out;
}
