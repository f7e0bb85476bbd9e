import type { Matrix } from '../../matrix';
import type { PowersModel } from '../types';
import type { Curve, ScaledValues } from './curve';

/** BiMix has no value at a weight of 0: this much is added to every weight. */
const bimixOffset = 1e-3;

/**
 * AutoScale's curve (Kang et al. 2024, section 4; the form that olmix fits): constant +
 * sum_i (N0_i + N r_i)^-gamma_i. With N common to all domains this is a sum of powers with offsets N0_i / N;
 * parameters: log constant, log N, then log N0_i and log gamma_i.
 */
export function autoscaleCurve(features: Matrix, { values: scaled }: ScaledValues): Curve {
  const { rows, columns } = features;
  const count = 2 + 2 * columns;
  const least = scaled.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const priorMean = new Float64Array(count).fill(1, 2, 2 + columns).fill(-1, 2 + columns);
  priorMean.set([Math.log(0.6 * least), 4]);
  const priorSd = new Float64Array(count).fill(2, 2, 2 + columns).fill(1, 2 + columns);
  priorSd.set([0.5, 2]);

  function fill(
    parameters: Float64Array,
    values: Float64Array,
    jacobian: Float64Array | null,
  ): void {
    const constant = Math.exp(parameters[0]);
    const tokens = Math.exp(parameters[1]);
    const known = parameters.subarray(2, 2 + columns).map(Math.exp);
    const exponents = parameters.subarray(2 + columns).map(Math.exp);
    for (let row = 0; row < rows; row++) {
      const into = row * count;
      let sum = constant;
      let byTokens = 0;
      for (let i = 0; i < columns; i++) {
        const fresh = tokens * features.values[row * columns + i];
        const data = known[i] + fresh;
        const logData = Math.log(data);
        const term = Math.exp(-exponents[i] * logData);
        sum += term;
        if (!jacobian) continue;
        const slope = (-exponents[i] * term) / data;
        byTokens += slope * fresh;
        jacobian[into + 2 + i] = slope * known[i];
        jacobian[into + 2 + columns + i] = -exponents[i] * logData * term;
      }
      values[row] = sum;
      if (jacobian) {
        jacobian[into] = constant;
        jacobian[into + 1] = byTokens;
      }
    }
  }

  return { priorMean, priorSd, fill };
}

/** The fitted curve in the target's own unit. */
export function autoscaleModelOf(
  parameters: Float64Array,
  { sign, shift, unit }: ScaledValues,
): PowersModel {
  const columns = (parameters.length - 2) / 2;
  const tokens = Math.exp(parameters[1]);
  const exponents = parameters.slice(2 + columns).map(Math.exp);
  return {
    kind: 'powers',
    sign,
    constant: shift + sign * unit * Math.exp(parameters[0]),
    // (N0 + N r)^-gamma = N^-gamma (N0 / N + r)^-gamma.
    scales: exponents.map((exponent) => unit * tokens ** -exponent),
    offsets: parameters.slice(2, 2 + columns).map((log) => Math.exp(log) / tokens),
    exponents,
  };
}

/**
 * BiMix's curve for a fixed number of tokens (Ge et al. 2024, section 3; the form that olmix fits):
 * sum_i F_i r_i^-alpha_i, without a constant; parameters: log F_i and log alpha_i. An absent domain
 * counts as {@link bimixOffset}.
 */
export function bimixCurve(features: Matrix, { values: scaled }: ScaledValues): Curve {
  const { rows, columns } = features;
  const count = 2 * columns;
  const least = scaled.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const priorMean = new Float64Array(count)
    .fill(Math.log((0.6 * least) / columns), 0, columns)
    .fill(-2.5, columns);
  const priorSd = new Float64Array(count).fill(1.5);
  const logWeights = features.values.map((weight) => Math.log(weight + bimixOffset));

  function fill(
    parameters: Float64Array,
    values: Float64Array,
    jacobian: Float64Array | null,
  ): void {
    const exponents = parameters.subarray(columns).map(Math.exp);
    for (let row = 0; row < rows; row++) {
      const from = row * columns;
      const into = row * count;
      let sum = 0;
      for (let i = 0; i < columns; i++) {
        const term = Math.exp(parameters[i] - exponents[i] * logWeights[from + i]);
        sum += term;
        if (!jacobian) continue;
        jacobian[into + i] = term;
        jacobian[into + columns + i] = -exponents[i] * logWeights[from + i] * term;
      }
      values[row] = sum;
    }
  }

  return { priorMean, priorSd, fill };
}

/** The fitted curve in the target's own unit. */
export function bimixModelOf(
  parameters: Float64Array,
  { sign, shift, unit }: ScaledValues,
): PowersModel {
  const columns = parameters.length / 2;
  return {
    kind: 'powers',
    sign,
    constant: shift,
    scales: parameters.slice(0, columns).map((log) => unit * Math.exp(log)),
    offsets: new Float64Array(columns).fill(bimixOffset),
    exponents: parameters.slice(columns).map(Math.exp),
  };
}

/** The parameters of a fitted AutoScale curve on the scale of other values: where a refit starts. */
export function autoscaleParametersOf(
  { constant, scales, offsets, exponents }: PowersModel,
  { sign, shift, unit }: ScaledValues,
): Float64Array {
  const tokens = (scales[0] / unit) ** (-1 / exponents[0]);
  return Float64Array.of(
    Math.log(Math.max(1e-6, (sign * (constant - shift)) / unit)),
    Math.log(tokens),
    ...offsets.map((offset) => Math.log(offset * tokens)),
    ...exponents.map(Math.log),
  );
}

/** The parameters of a fitted BiMix curve on the scale of other values: where a refit starts. */
export function bimixParametersOf(
  { scales, exponents }: PowersModel,
  { unit }: ScaledValues,
): Float64Array {
  return Float64Array.of(
    ...scales.map((scale) => Math.log(scale / unit)),
    ...exponents.map(Math.log),
  );
}
