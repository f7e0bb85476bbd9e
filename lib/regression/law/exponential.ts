import type { Matrix } from '../../matrix';
import type { ExponentialModel } from '../types';
import type { Curve, ScaledValues } from './curve';

/**
 * Data Mixing Laws' curve (Ye et al. 2024, section 3; olmix's log-linear): constant + exp(sum_j t_j r_j)
 * with parameters log constant, then t. Weights sum to 1, so that the paper's factor k is in t.
 */
export function exponentialCurve(features: Matrix, { values: scaled }: ScaledValues): Curve {
  const { rows, columns } = features;
  const count = 1 + columns;
  const least = scaled.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const priorMean = new Float64Array(count);
  priorMean[0] = Math.log(0.6 * least);
  const priorSd = new Float64Array(count).fill(3);
  priorSd[0] = 1;

  function fill(
    parameters: Float64Array,
    values: Float64Array,
    jacobian: Float64Array | null,
  ): void {
    const constant = Math.exp(parameters[0]);
    for (let row = 0; row < rows; row++) {
      const from = row * columns;
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += parameters[1 + j] * features.values[from + j];
      const reducible = Math.exp(sum);
      values[row] = constant + reducible;
      if (!jacobian) continue;
      const into = row * count;
      jacobian[into] = constant;
      for (let j = 0; j < columns; j++) {
        jacobian[into + 1 + j] = reducible * features.values[from + j];
      }
    }
  }

  return { priorMean, priorSd, fill };
}

/** The fitted curve in the target's own unit. */
export function exponentialModelOf(
  parameters: Float64Array,
  { sign, shift, unit }: ScaledValues,
): ExponentialModel {
  return {
    kind: 'exponential',
    sign,
    constant: shift + sign * unit * Math.exp(parameters[0]),
    intercept: Math.log(unit),
    coefficients: parameters.slice(1),
  };
}

/** The parameters of a fitted curve on the scale of other values: where a refit starts. */
export function exponentialParametersOf(
  { constant, intercept, coefficients }: ExponentialModel,
  { sign, shift, unit }: ScaledValues,
): Float64Array {
  const moved = intercept - Math.log(unit);
  return Float64Array.of(
    Math.log(Math.max(1e-6, (sign * (constant - shift)) / unit)),
    ...coefficients.map((coefficient) => coefficient + moved),
  );
}
