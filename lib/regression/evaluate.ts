import { evaluateGaussianProcess } from './gp/evaluate';
import type { ExponentialModel, LawModel, LinearModel, PowersModel, SmoothModel } from './types';

/**
 * Value of a smooth model at one mixture, and its gradient.
 *
 * @param mixture D weights >= 0; they need not sum to 1
 * @param gradient D entries, overwritten with d value / d weight; null = only the value
 * @returns a value in the target's unit
 */
export function evaluateSmooth(
  model: SmoothModel,
  mixture: Float64Array,
  gradient: Float64Array | null,
): number {
  switch (model.kind) {
    case 'linear':
      return evaluateLinear(model, mixture, gradient);
    case 'law':
      return evaluateLaw(model, mixture, gradient);
    case 'exponential':
      return evaluateExponential(model, mixture, gradient);
    case 'powers':
      return evaluatePowers(model, mixture, gradient);
    case 'gp':
      return evaluateGaussianProcess(model, mixture, gradient);
    case 'sum': {
      const part = gradient && new Float64Array(gradient.length);
      gradient?.fill(0);
      let sum = 0;
      model.models.forEach((each, index) => {
        const weight = model.weights[index];
        sum += weight * evaluateSmooth(each, mixture, part);
        if (gradient && part) {
          for (let j = 0; j < part.length; j++) gradient[j] += weight * part[j];
        }
      });
      return sum;
    }
  }
}

function evaluateLinear(
  { intercept, coefficients }: LinearModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let sum = intercept;
  for (let j = 0; j < coefficients.length; j++) sum += coefficients[j] * x[j];
  gradient?.set(coefficients);
  return sum;
}

function evaluateLaw(
  { sign, constant, base, exponent, amounts, powers, offset }: LawModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let data = base;
  for (let i = 0; i < amounts.length; i++) {
    const term = amounts[i] * (x[i] + offset) ** powers[i];
    data += term;
    if (gradient) gradient[i] = (powers[i] * term) / (x[i] + offset);
  }
  const reducible = data ** -exponent;
  if (gradient) {
    const slope = (-sign * exponent * reducible) / data;
    for (let i = 0; i < amounts.length; i++) gradient[i] *= slope;
  }
  return constant + sign * reducible;
}

function evaluateExponential(
  { sign, constant, intercept, coefficients }: ExponentialModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let sum = intercept;
  for (let j = 0; j < coefficients.length; j++) sum += coefficients[j] * x[j];
  const value = sign * Math.exp(sum);
  if (gradient) for (let j = 0; j < coefficients.length; j++) gradient[j] = value * coefficients[j];
  return constant + value;
}

function evaluatePowers(
  { sign, constant, scales, offsets, exponents }: PowersModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let sum = 0;
  for (let i = 0; i < scales.length; i++) {
    const term = scales[i] * (offsets[i] + x[i]) ** -exponents[i];
    sum += term;
    if (gradient) gradient[i] = (-sign * exponents[i] * term) / (offsets[i] + x[i]);
  }
  return constant + sign * sum;
}
