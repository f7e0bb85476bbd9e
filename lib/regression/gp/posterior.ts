import type { Job } from '../../model/job';
import { type Matrix, rowOf, zeros } from '../../model/matrix';
import type { GaussianProcessModel } from '../../model/regressor';
import { evaluateGaussianProcess } from '../predict';
import { factorise, solveLower } from './cholesky';
import { covarianceInUnits } from './fit';

/** Joint posterior of many mixtures. */
export interface CandidateSet {
  /** Predicted values, in the target's unit. */
  readonly means: Float64Array;
  /** Standard deviations of the predicted function, noise excluded. */
  readonly sds: Float64Array;
  /**
   * Learns that a candidate was measured at its own predicted value (the kriging believer of Ginsbourger et
   * al. 2010, section 4.2): means stay, and the deviations of its neighbours shrink.
   */
  observe(index: number): void;
}

/** A Gaussian process with its uncertainty. */
export interface Posterior {
  predict(mixture: Float64Array): { readonly mean: number; readonly sd: number };
  /** @param mixtures count x D */
  candidates(mixtures: Matrix): Job<CandidateSet>;
}

/**
 * The posterior of a fitted process (Rasmussen and Williams 2006, equations 2.25 and 2.26). Making it
 * grows as N^3, a prediction as N^2.
 */
export function* createPosterior(model: GaussianProcessModel): Job<Posterior> {
  const { inputs, noise } = model;
  const count = inputs.rows;
  const factor = covarianceInUnits(model);
  yield { done: 0, total: 1, unit: 'factors' };
  if (!factorise(factor, count)) throw new RangeError('a fitted process has a covariance');
  yield { done: 1, total: 1, unit: 'factors' };

  const covarianceWith = kernelOf(model);
  /** L^-1 k(rows, mixture): its squared length is the reduction of variance by the rows. */
  function projection(feature: Float64Array): Float64Array {
    const out = new Float64Array(count);
    for (let row = 0; row < count; row++) out[row] = covarianceWith(feature, rowOf(inputs, row));
    solveLower(factor, count, out);
    return out;
  }
  function variance(feature: Float64Array, told: Float64Array): number {
    return Math.max(0, covarianceWith(feature, feature) - dot(told, told));
  }

  return {
    predict(mixture) {
      const feature = featureOf(model, mixture);
      const mean = evaluateGaussianProcess(model, mixture, null);
      return { mean, sd: Math.sqrt(variance(feature, projection(feature))) };
    },
    *candidates(mixtures) {
      const features = zeros(mixtures.rows, inputs.columns);
      const told: Float64Array[] = [];
      const means = new Float64Array(mixtures.rows);
      const variances = new Float64Array(mixtures.rows);
      for (let row = 0; row < mixtures.rows; row++) {
        const mixture = rowOf(mixtures, row);
        const feature = rowOf(features, row);
        feature.set(featureOf(model, mixture));
        told.push(projection(feature));
        means[row] = evaluateGaussianProcess(model, mixture, null);
        variances[row] = variance(feature, told[row]);
        if (row % 16 === 0) yield { done: row, total: mixtures.rows, unit: 'candidates' };
      }
      const sds = variances.map(Math.sqrt);
      /** Per observed candidate, its contribution to every candidate's covariance. */
      const learned: Float64Array[] = [];
      return {
        means,
        sds,
        observe(index) {
          const own = rowOf(features, index);
          const scale = Math.sqrt(variances[index] + noise);
          const gains = new Float64Array(mixtures.rows);
          for (let row = 0; row < mixtures.rows; row++) {
            let covariance =
              covarianceWith(rowOf(features, row), own) - dot(told[row], told[index]);
            for (const earlier of learned) covariance -= earlier[row] * earlier[index];
            gains[row] = scale > 0 ? covariance / scale : 0;
          }
          learned.push(gains);
          for (let row = 0; row < mixtures.rows; row++) {
            variances[row] = Math.max(0, variances[row] - gains[row] * gains[row]);
            sds[row] = Math.sqrt(variances[row]);
          }
        },
      };
    },
  };
}

function featureOf({ offset, centre }: GaussianProcessModel, mixture: Float64Array): Float64Array {
  return mixture.map((weight, domain) => Math.log(weight + offset) - centre[domain]);
}

function kernelOf({ lengths, variance, linearVariance }: GaussianProcessModel) {
  const rate = lengths.map((length) => 1 / (length * length));
  return (a: Float64Array, b: Float64Array): number => {
    let squared = 0;
    let product = 0;
    for (let j = 0; j < a.length; j++) {
      squared += (a[j] - b[j]) * (a[j] - b[j]) * rate[j];
      product += a[j] * b[j];
    }
    const scaled = Math.sqrt(5 * squared);
    return (
      variance * (1 + scaled + (scaled * scaled) / 3) * Math.exp(-scaled) + linearVariance * product
    );
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}
