/** A Gaussian process with a Matérn 5/2 kernel of one length per feature: hyperparameters by their posterior (Rasmussen and Williams 2006, section 5.4). */
import type { Job } from '../../model/job';
import type { Matrix } from '../../model/matrix';
import type { FitOptions, GaussianProcessModel, Sample } from '../../model/regressor';
import { standardDeviation } from '../../model/statistics';
import { predictModel } from '../predict';
import { pickRows, sampleOf } from '../sample';
import { factorise, inverseOf, logDeterminant, solveLower, solveUpper } from './cholesky';

/**
 * Added to weights before the logarithm. Like the priors and the rows of the subset, chosen by 3-fold
 * cross-validation on the published training runs alone.
 */
const offset = 0.006;
/** Rows that hyperparameters are fitted to; the process is then conditioned on all rows. */
export const subsetRows = 192;
/** Maximum number of rows conditioned on: factorising grows as their cube. */
const maxRows = 1_500;

/**
 * A Gaussian process whose hyperparameters maximise the marginal likelihood, with weak priors, on a
 * seeded subset of the rows, conditioned on all of them (on a seeded part of very large tables). Time
 * grows as N^3 + 192^2 (192 + D) a step.
 *
 * @param medians of the priors of the variances
 * @param start where the search begins; at the medians by default
 */
export function* fitGaussianProcess(
  sample: Sample,
  { seed }: FitOptions,
  medians: Medians = usualMedians,
  start: Medians = medians,
): Job<GaussianProcessModel> {
  const rows = pickRows(sample.values.length, subsetRows, seed);
  const { inputs, values } = standardised(sampleOf(sample, rows));
  const domains = sample.features.columns;
  const prior = hyperparameterPrior(domains, medians);
  const { mean: from } = hyperparameterPrior(domains, start);
  const hyperparameters = yield* minimise(from, (point, gradient) =>
    negativeLogPosterior(inputs, values, point, gradient, prior),
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
 * Predictions of the rows of the sample, each from all others conditioned on (Rasmussen and Williams 2006,
 * equation 5.12). Rows that a very large table's model is not conditioned on are predicted directly.
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
  pickRows(sample.values.length, maxRows, seed).forEach((row, place) => {
    out[row] = sample.values[row] - alpha[place] / inverse[place * count + place];
  });
  return out;
}

/** Covariance of the model's rows in squared units of the target, noise on the diagonal. */
function covarianceInUnits(model: GaussianProcessModel): Float64Array {
  const { inputs, lengths, variance, linearVariance, noise } = model;
  return covarianceOf(inputs, lengths, [variance, linearVariance, noise]);
}

function* condition(
  whole: Sample,
  hyperparameters: Hyperparameters,
  seed: number,
): Job<GaussianProcessModel> {
  const sample = sampleOf(whole, pickRows(whole.values.length, maxRows, seed));
  const { inputs, values, centre, mean, scale } = standardised(sample);
  const count = inputs.rows;
  const lengths = lengthsOf(hyperparameters, inputs.columns);
  const variances = variancesOf(hyperparameters, inputs.columns);
  const [variance, linear, noise] = variances;
  yield { done: 0, total: 2, unit: 'steps' };
  const covariance = covarianceOf(inputs, lengths, variances);
  yield { done: 1, total: 2, unit: 'steps' };
  // Repeated rows with almost no noise: add noise until the matrix can be factorised.
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
    logDeviation(noise / squared - minNoise),
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

/**
 * Hyperparameters as logarithms, in one vector: D length scales, then the standard deviations of the
 * Matern term, of a coefficient of the linear term, and of the noise, for values of variance 1.
 */
type Hyperparameters = Float64Array;

interface HyperparameterPrior {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/** Prior medians of the standard deviations, for values of variance 1. */
export interface Medians {
  readonly signal: number;
  readonly linear: number;
  readonly noise: number;
}

/** For values that the process explains alone. */
export const usualMedians: Medians = { signal: 2, linear: 0.1, noise: 0.1 };

/** Prior means and standard deviations of the logarithms: weak, so that few rows do not overfit. */
export function hyperparameterPrior(
  domains: number,
  { signal, linear, noise }: Medians = usualMedians,
): HyperparameterPrior {
  const mean = new Float64Array(domains + 3).fill(Math.log(30));
  mean.set([signal, linear, noise].map(Math.log), domains);
  const sd = new Float64Array(domains + 3).fill(1.5);
  sd.set([1, 1.5, 1.5], domains);
  return { mean, sd };
}

/** Length scales of the domains. */
export function lengthsOf(hyperparameters: Hyperparameters, domains: number): Float64Array {
  return hyperparameters.slice(0, domains).map(Math.exp);
}

/** Least variance of the noise beside values of variance 1: keeps repeated rows apart. */
const minNoise = 1e-6;

/**
 * Covariance of the rows under the kernel, noise on the diagonal; the lower triangle is filled.
 *
 * @param inputs n x D centred features
 * @param lengths D
 */
export function covarianceOf(
  { rows, columns, values }: Matrix,
  lengths: Float64Array,
  [variance, linear, noise]: Variances,
): Float64Array {
  const rate = lengths.map((length) => 1 / (length * length));
  const out = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let squared = 0;
      let product = 0;
      for (let k = 0; k < columns; k++) {
        const a = values[i * columns + k];
        const b = values[j * columns + k];
        squared += (a - b) * (a - b) * rate[k];
        product += a * b;
      }
      const scaled = Math.sqrt(5 * squared);
      out[i * rows + j] =
        variance * (1 + scaled + (scaled * scaled) / 3) * Math.exp(-scaled) + linear * product;
    }
    out[i * rows + i] += noise;
  }
  return out;
}

/** Of the Matern term, of a coefficient of the linear term, and of the noise. */
export type Variances = readonly [number, number, number];

export function variancesOf(hyperparameters: Hyperparameters, domains: number): Variances {
  const [signal, linear, noise] = hyperparameters.subarray(domains).map((log) => Math.exp(2 * log));
  return [signal, linear, noise + minNoise];
}

/**
 * Negative log of marginal likelihood times prior, up to a constant, and its gradient (Rasmussen and
 * Williams 2006, equations 5.8 and 5.9).
 *
 * @param values n values of mean 0 and variance 1
 * @param gradient D + 3 entries, overwritten
 * @returns Infinity where the covariance cannot be factorised
 */
export function negativeLogPosterior(
  inputs: Matrix,
  values: Float64Array,
  hyperparameters: Hyperparameters,
  gradient: Float64Array,
  prior: HyperparameterPrior = hyperparameterPrior(inputs.columns),
): number {
  const { rows, columns, values: features } = inputs;
  const lengths = lengthsOf(hyperparameters, columns);
  const variances = variancesOf(hyperparameters, columns);
  const [variance, linear, noise] = variances;
  const factor = covarianceOf(inputs, lengths, variances);
  if (!factorise(factor, rows)) return Number.POSITIVE_INFINITY;
  const alpha = Float64Array.from(values);
  solveLower(factor, rows, alpha);
  solveUpper(factor, rows, alpha);
  const inverse = inverseOf(factor, rows);
  const rate = lengths.map((length) => 1 / (length * length));
  gradient.fill(0);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      // 1/2 tr((K^-1 - alpha alpha^T) dK): pairs off the diagonal count twice.
      const sensitivity = (inverse[i * rows + j] - alpha[i] * alpha[j]) * (i === j ? 0.5 : 1);
      let squared = 0;
      let product = 0;
      for (let k = 0; k < columns; k++) {
        const a = features[i * columns + k];
        const b = features[j * columns + k];
        squared += (a - b) * (a - b) * rate[k];
        product += a * b;
      }
      const scaled = Math.sqrt(5 * squared);
      const decay = Math.exp(-scaled);
      const slope = sensitivity * variance * (5 / 3) * (1 + scaled) * decay;
      for (let k = 0; k < columns; k++) {
        const difference = features[i * columns + k] - features[j * columns + k];
        gradient[k] += slope * difference * difference * rate[k];
      }
      gradient[columns] +=
        2 * sensitivity * variance * (1 + scaled + (scaled * scaled) / 3) * decay;
      gradient[columns + 1] += 2 * sensitivity * linear * product;
      if (i === j) gradient[columns + 2] += 2 * sensitivity * (noise - minNoise);
    }
  }
  let sum = 0.5 * logDeterminant(factor, rows);
  for (let row = 0; row < rows; row++) sum += 0.5 * alpha[row] * values[row];
  for (let k = 0; k < hyperparameters.length; k++) {
    const deviation = (hyperparameters[k] - prior.mean[k]) / prior.sd[k];
    sum += 0.5 * deviation * deviation;
    gradient[k] += deviation / prior.sd[k];
  }
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}

const remembered = 8;
const maxSteps = 80;
/** A step that lowers the value by less than this ends the search: far below what changes a prediction. */
const minGain = 1e-3;

/**
 * Minimum of a smooth function by L-BFGS with backtracking (Nocedal and Wright 2006, section 7.2).
 *
 * @param evaluate value at a point; writes the gradient; Infinity where there is no value
 */
function* minimise(
  start: Float64Array,
  evaluate: (point: Float64Array, gradient: Float64Array) => number,
): Job<Float64Array> {
  const count = start.length;
  let point = Float64Array.from(start);
  let gradient = new Float64Array(count);
  let value = evaluate(point, gradient);
  const steps: { move: Float64Array; turn: Float64Array; product: number }[] = [];
  for (let step = 0; step < maxSteps; step++) {
    yield { done: step, total: maxSteps, unit: 'steps' };
    const direction = gradient.map((slope) => -slope);
    const scales: number[] = [];
    for (const { move, turn, product } of [...steps].reverse()) {
      const scale = dot(move, direction) / product;
      scales.unshift(scale);
      for (let k = 0; k < count; k++) direction[k] -= scale * turn[k];
    }
    const latest = steps.at(-1);
    const first = latest
      ? latest.product / dot(latest.turn, latest.turn)
      : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
    for (let k = 0; k < count; k++) direction[k] *= first;
    steps.forEach(({ move, turn, product }, index) => {
      const correction = scales[index] - dot(turn, direction) / product;
      for (let k = 0; k < count; k++) direction[k] += correction * move[k];
    });
    const slope = dot(gradient, direction);
    if (!(slope < 0)) break;

    let length = 1;
    let next = point;
    let nextValue = Number.POSITIVE_INFINITY;
    const nextGradient = new Float64Array(count);
    while (length > 1e-6) {
      next = point.map((at, k) => at + length * direction[k]);
      nextValue = evaluate(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
      length /= 3;
    }
    if (!(nextValue < value)) break;
    const move = next.map((at, k) => at - point[k]);
    const turn = nextGradient.map((at, k) => at - gradient[k]);
    const product = dot(move, turn);
    if (product > 1e-12) steps.push({ move, turn, product });
    if (steps.length > remembered) steps.shift();
    const gained = value - nextValue;
    [point, gradient, value] = [next, nextGradient, nextValue];
    if (gained < minGain) break;
  }
  return point;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
