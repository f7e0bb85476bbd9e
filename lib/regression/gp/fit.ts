import type { Job } from '../../job';
import type { Matrix } from '../../matrix';
import { pickRows } from '../folds';
import { standardDeviation } from '../importance';
import { predictModel } from '../predict';
import { sampleOf } from '../sample';
import type { FitOptions, GaussianProcessModel, Sample } from '../types';
import { factorise, inverseOf, solveLower, solveUpper } from './cholesky';
import {
  covarianceOf,
  type Hyperparameters,
  hyperparameterPrior,
  leastNoise,
  lengthsOf,
  negativeLogPosterior,
  variancesOf,
} from './likelihood';
import { minimise } from './minimise';

/**
 * Added to weights before the logarithm. Like the priors and the rows of the subset, chosen by 3-fold
 * cross-validation on the published training runs alone.
 */
const offset = 0.006;
/** Rows that hyperparameters are fitted to; the process is then conditioned on all rows. */
const subsetRows = 192;
/** Rows conditioned on at most: factorising them grows as their cube. */
const mostRows = 1_500;

/**
 * A Gaussian process whose hyperparameters maximise the marginal likelihood, with weak priors, on a
 * seeded subset of the rows, conditioned on all of them (on a seeded part of very large tables). Time
 * grows as N^3 + 192^2 (192 + D) a step.
 */
export function* fitGaussianProcess(
  sample: Sample,
  { seed }: FitOptions,
): Job<GaussianProcessModel> {
  const rows = pickRows(sample.values.length, subsetRows, seed);
  const { inputs, values } = standardised(sampleOf(sample, rows));
  const { mean: start } = hyperparameterPrior(sample.features.columns);
  const hyperparameters = yield* minimise(start, (point, gradient) =>
    negativeLogPosterior(inputs, values, point, gradient),
  );
  return yield* condition(sample, hyperparameters, seed);
}

/** The same hyperparameters, conditioned on other rows. */
export function refitGaussianProcess(
  sample: Sample,
  model: GaussianProcessModel,
  { seed }: FitOptions,
): Job<GaussianProcessModel> {
  return condition(sample, hyperparametersOf(model, standardDeviation(sample.values) || 1), seed);
}

/**
 * Predictions of the rows of the sample, each from all others conditioned on (Rasmussen and Williams
 * 2006, equation 5.12). Rows that a very large table's model does not hold are predicted as they are.
 */
export function* leaveOneOutGaussianProcess(
  sample: Sample,
  model: GaussianProcessModel,
  { seed }: FitOptions,
): Job<Float64Array> {
  const out = yield* predictModel(model, sample.features);
  const { inputs, alpha } = model;
  const count = inputs.rows;
  const factor = covarianceInUnits(model);
  if (!factorise(factor, count)) return out;
  yield { done: 1, total: 2, unit: 'steps' };
  const inverse = inverseOf(factor, count);
  pickRows(sample.values.length, mostRows, seed).forEach((row, place) => {
    out[row] = sample.values[row] - alpha[place] / inverse[place * count + place];
  });
  return out;
}

/** Covariance of the model's rows in squared units of the target, noise on the diagonal. */
export function covarianceInUnits(model: GaussianProcessModel): Float64Array {
  const { inputs, lengths, variance, linearVariance, noise } = model;
  return covarianceOf(inputs, lengths, [variance, linearVariance, noise]);
}

function* condition(
  whole: Sample,
  hyperparameters: Hyperparameters,
  seed: number,
): Job<GaussianProcessModel> {
  const sample = sampleOf(whole, pickRows(whole.values.length, mostRows, seed));
  const { inputs, values, centre, mean, scale } = standardised(sample);
  const count = inputs.rows;
  const lengths = lengthsOf(hyperparameters, inputs.columns);
  const variances = variancesOf(hyperparameters, inputs.columns);
  const [variance, linear, noise] = variances;
  yield { done: 0, total: 2, unit: 'steps' };
  const covariance = covarianceOf(inputs, lengths, variances);
  yield { done: 1, total: 2, unit: 'steps' };
  // Rows that repeat one another with next to no noise: more of it until the matrix has a factor.
  let added = 0;
  let factor = Float64Array.from(covariance);
  while (!factorise(factor, count)) {
    added = added === 0 ? 1e-6 : added * 10;
    factor = Float64Array.from(covariance);
    for (let row = 0; row < count; row++) factor[row * count + row] += added;
  }
  const alpha = Float64Array.from(values);
  solveLower(factor, count, alpha);
  solveUpper(factor, count, alpha);
  const squared = scale * scale;
  return {
    kind: 'gp',
    offset,
    inputs,
    centre,
    lengths,
    variance: variance * squared,
    linearVariance: linear * squared,
    noise: (noise + added) * squared,
    mean,
    alpha: alpha.map((value) => value / scale),
  };
}

/** A model's hyperparameters for values that are divided by `scale`. */
function hyperparametersOf(
  { lengths, variance, linearVariance, noise }: GaussianProcessModel,
  scale: number,
): Hyperparameters {
  const squared = scale * scale;
  const logDeviation = (share: number) => 0.5 * Math.log(Math.max(share, 1e-30));
  return Float64Array.of(
    ...lengths.map(Math.log),
    logDeviation(variance / squared),
    logDeviation(linearVariance / squared),
    logDeviation(noise / squared - leastNoise),
  );
}

interface Standardised {
  /** n x D centred features. */
  readonly inputs: Matrix;
  readonly centre: Float64Array;
  /** n values of mean 0 and variance 1. */
  readonly values: Float64Array;
  readonly mean: number;
  readonly scale: number;
}

function standardised({ features, values }: Sample): Standardised {
  const { rows, columns } = features;
  const logs = features.values.map((weight) => Math.log(weight + offset));
  const centre = new Float64Array(columns);
  for (let index = 0; index < logs.length; index++) centre[index % columns] += logs[index] / rows;
  const mean = values.reduce((sum, value) => sum + value / rows, 0);
  const scale = standardDeviation(values) || 1;
  return {
    inputs: { rows, columns, values: logs.map((value, index) => value - centre[index % columns]) },
    centre,
    values: values.map((value) => (value - mean) / scale),
    mean,
    scale,
  };
}
