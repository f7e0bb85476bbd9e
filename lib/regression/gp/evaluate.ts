import type { GaussianProcessModel } from '../types';

/**
 * Mean of a Gaussian process at one mixture, and its gradient.
 *
 * @param mixture D weights >= 0
 * @param gradient D entries, overwritten with d mean / d weight; null = only the mean
 * @returns a value in the target's unit
 */
export function evaluateGaussianProcess(
  { inputs, offset, centre, lengths, variance, linearVariance, mean, alpha }: GaussianProcessModel,
  mixture: Float64Array,
  gradient: Float64Array | null,
): number {
  const { rows, columns, values } = inputs;
  const feature = new Float64Array(columns);
  for (let j = 0; j < columns; j++) feature[j] = Math.log(mixture[j] + offset) - centre[j];
  gradient?.fill(0);
  const rate = new Float64Array(columns);
  for (let j = 0; j < columns; j++) rate[j] = 1 / (lengths[j] * lengths[j]);
  let sum = mean;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let squared = 0;
    let product = 0;
    for (let j = 0; j < columns; j++) {
      const other = values[start + j];
      const difference = feature[j] - other;
      squared += difference * difference * rate[j];
      product += feature[j] * other;
    }
    const scaled = Math.sqrt(5 * squared);
    const decay = Math.exp(-scaled);
    const weight = alpha[row];
    sum +=
      weight * (variance * (1 + scaled + (scaled * scaled) / 3) * decay + linearVariance * product);
    if (gradient) {
      // d/ds (1 + s + s^2/3) e^-s = -s (1 + s) e^-s / 3, and s ds = 5 x difference x rate.
      const slope = (-5 / 3) * weight * variance * (1 + scaled) * decay;
      const linear = weight * linearVariance;
      for (let j = 0; j < columns; j++) {
        gradient[j] +=
          slope * (feature[j] - values[start + j]) * rate[j] + linear * values[start + j];
      }
    }
  }
  if (gradient) for (let j = 0; j < columns; j++) gradient[j] /= mixture[j] + offset;
  return sum;
}
