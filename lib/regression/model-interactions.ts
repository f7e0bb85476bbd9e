import { type Matrix, zeros } from '../matrix';
import { evaluateSmooth } from './evaluate';
import type { Model } from './types';

/**
 * How each domain's data moves each target, by fitted models: the change of the prediction when a
 * domain gets one more point (0.01) of weight, taken from all others in proportion, to first order.
 *
 * @param models one per target; null = not fitted
 * @param at D weights summing to 1: where the change is measured
 * @returns D x M in the targets' units; NaN where there is no model or no gradient
 */
export function modelInteractions(models: readonly (Model | null)[], at: Float64Array): Matrix {
  const out = zeros(at.length, models.length);
  const gradient = new Float64Array(at.length);
  models.forEach((model, target) => {
    if (!model || model.kind === 'trees' || model.kind === 'onnx') {
      for (let domain = 0; domain < at.length; domain++) {
        out.values[domain * models.length + target] = Number.NaN;
      }
      return;
    }
    evaluateSmooth(model, at, gradient);
    const mean = gradient.reduce((sum, slope, domain) => sum + slope * at[domain], 0);
    gradient.forEach((slope, domain) => {
      // Towards the corner of the domain: its own weight grows, all others shrink in proportion.
      const others = Math.max(1e-9, 1 - at[domain]);
      out.values[domain * models.length + target] = (0.01 * (slope - mean)) / others;
    });
  });
  return out;
}
