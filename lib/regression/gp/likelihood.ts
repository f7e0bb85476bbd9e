import type { Matrix } from '../../matrix';
import { factorise, inverseOf, logDeterminant, solveLower, solveUpper } from './cholesky';

/**
 * Hyperparameters as logarithms, in one vector: D length scales, then the standard deviations of the
 * Matern term, of a coefficient of the linear term, and of the noise, for values of variance 1.
 */
export type Hyperparameters = Float64Array;

/** Prior means and standard deviations of the logarithms: weak, so that few rows do not overfit. */
export function hyperparameterPrior(domains: number): {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
} {
  const mean = new Float64Array(domains + 3).fill(Math.log(30));
  mean.set([Math.log(2), Math.log(0.1), Math.log(0.1)], domains);
  const sd = new Float64Array(domains + 3).fill(1.5);
  sd.set([1, 1.5, 1.5], domains);
  return { mean, sd };
}

/** Length scales of the domains. */
export function lengthsOf(hyperparameters: Hyperparameters, domains: number): Float64Array {
  return hyperparameters.slice(0, domains).map(Math.exp);
}

/** Least variance of the noise beside values of variance 1: keeps repeated rows apart. */
export const leastNoise = 1e-6;

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
  return [signal, linear, noise + leastNoise];
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
      if (i === j) gradient[columns + 2] += 2 * sensitivity * (noise - leastNoise);
    }
  }
  let sum = 0.5 * logDeterminant(factor, rows);
  for (let row = 0; row < rows; row++) sum += 0.5 * alpha[row] * values[row];
  const prior = hyperparameterPrior(columns);
  for (let k = 0; k < hyperparameters.length; k++) {
    const deviation = (hyperparameters[k] - prior.mean[k]) / prior.sd[k];
    sum += 0.5 * deviation * deviation;
    gradient[k] += deviation / prior.sd[k];
  }
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}
