import type { Matrix } from '../../matrix';
import type { LawModel } from '../types';
import type { Curve, ScaledValues } from './curve';

/** Keeps the powers of an absent domain finite. */
const offset = 1e-4;

/**
 * The effective-data law as a curve: constant + (base + sum_i amount_i (r_i + offset)^power_i)^-exponent
 * with parameters log constant, log base, log exponent, then log amount and logit power per domain.
 */
export function effectiveDataCurve(features: Matrix, { values: scaled }: ScaledValues): Curve {
  const { rows, columns } = features;
  const count = 3 + 2 * columns;
  const logWeights = features.values.map((weight) => Math.log(weight + offset));
  const least = scaled.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const priorMean = new Float64Array(count).fill(-1.5, 3, 3 + columns).fill(0.3, 3 + columns);
  priorMean.set([Math.log(0.6 * least), Math.log(0.15), Math.log(0.5)]);
  const priorSd = new Float64Array(count).fill(2.5, 3, 3 + columns).fill(1.2, 3 + columns);
  priorSd.set([0.5, 2, 0.7]);
  const amounts = new Float64Array(columns);
  const powers = new Float64Array(columns);

  function fill(
    parameters: Float64Array,
    values: Float64Array,
    jacobian: Float64Array | null,
  ): void {
    const constant = Math.exp(parameters[0]);
    const base = Math.exp(parameters[1]);
    const exponent = Math.exp(parameters[2]);
    for (let i = 0; i < columns; i++) {
      amounts[i] = parameters[3 + i];
      powers[i] = 1 / (1 + Math.exp(-parameters[3 + columns + i]));
    }
    for (let row = 0; row < rows; row++) {
      const from = row * columns;
      const into = row * count;
      let data = base;
      for (let i = 0; i < columns; i++) {
        const term = Math.exp(amounts[i] + powers[i] * logWeights[from + i]);
        data += term;
        if (jacobian) {
          jacobian[into + 3 + i] = term;
          jacobian[into + 3 + columns + i] =
            term * logWeights[from + i] * powers[i] * (1 - powers[i]);
        }
      }
      const logData = Math.log(data);
      const reducible = Math.exp(-exponent * logData);
      values[row] = constant + reducible;
      if (jacobian) {
        const slope = (-exponent * reducible) / data;
        jacobian[into] = constant;
        jacobian[into + 1] = slope * base;
        jacobian[into + 2] = -exponent * logData * reducible;
        for (let i = 3; i < count; i++) jacobian[into + i] *= slope;
      }
    }
  }

  return { priorMean, priorSd, fill };
}

/** The fitted law in the target's own unit. */
export function lawModelOf(
  parameters: Float64Array,
  { sign, shift, unit }: ScaledValues,
): LawModel {
  const columns = (parameters.length - 3) / 2;
  const exponent = Math.exp(parameters[2]);
  // unit * data^-exponent = (data * unit^(-1 / exponent))^-exponent.
  const factor = unit ** (-1 / exponent);
  return {
    kind: 'law',
    sign,
    constant: shift + sign * unit * Math.exp(parameters[0]),
    base: factor * Math.exp(parameters[1]),
    exponent,
    amounts: parameters.slice(3, 3 + columns).map((log) => factor * Math.exp(log)),
    powers: parameters.slice(3 + columns).map((logit) => 1 / (1 + Math.exp(-logit))),
    offset,
  };
}

/** The parameters of a fitted law on the scale of other values: where a refit starts. */
export function lawParametersOf(
  { constant, base, exponent, amounts, powers }: LawModel,
  { sign, shift, unit }: ScaledValues,
): Float64Array {
  const factor = unit ** (1 / exponent);
  return Float64Array.of(
    Math.log(Math.max(1e-6, (sign * (constant - shift)) / unit)),
    Math.log(factor * base),
    Math.log(exponent),
    ...amounts.map((amount) => Math.log(factor * amount)),
    ...powers.map((power) => Math.log(power / (1 - power))),
  );
}
