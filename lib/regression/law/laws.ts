/** The laws' curves: effective data, exponential, AutoScale and BiMix, each with its Jacobian and its model. */
import type { Matrix } from '../../model/matrix';
import type { ExponentialModel, LawModel, PowersModel } from '../../model/regressor';
import type { Curve, ScaledValues } from './least-squares';

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
