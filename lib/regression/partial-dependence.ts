import type { Job } from '../job';
import { rowOf, zeros } from '../matrix';
import { predictModel } from './predict';
import { quantile } from './quantile';
import type { Model } from './types';

/** The prediction over one domain's weight, the other domains in proportion. */
export interface DependenceCurve {
  /** Ascending, 0..1. */
  readonly weights: Float64Array;
  readonly predicted: Float64Array;
  /** 5% and 95% quantile over refitted models; null without any. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

const steps = 40;

/**
 * What a model predicts as one domain's weight goes from 0 to 1 and the others fill the rest in the
 * proportions of a mixture: individual conditional expectation (Goldstein et al. 2015, section 3),
 * along lines that stay within the simplex. Steps are even in the root of the weight, since
 * predictions bend most near 0.
 *
 * @param at D weights summing to 1
 * @param models refits to resampled runs, for the band; may be empty
 * @returns one curve per domain
 */
export function* partialDependence(
  model: Model,
  at: Float64Array,
  models: readonly Model[],
): Job<DependenceCurve[]> {
  const curves: DependenceCurve[] = [];
  const weights = Float64Array.from({ length: steps + 1 }, (_, step) => (step / steps) ** 2);
  for (let domain = 0; domain < at.length; domain++) {
    const low = new Float64Array(weights.length);
    const high = new Float64Array(weights.length);
    const line = zeros(weights.length, at.length);
    weights.forEach((weight, step) => {
      rowOf(line, step).set(alongDomain(at, domain, weight));
    });
    const predicted = yield* predictModel(model, line);
    const byRefit: Float64Array[] = [];
    for (const refit of models) {
      byRefit.push(yield* predictModel(refit, line));
      yield { done: domain, total: at.length, unit: 'domains' };
    }
    for (let step = 0; models.length > 0 && step < weights.length; step++) {
      const spread = Float64Array.from(byRefit, (values) => values[step]).sort();
      low[step] = quantile(spread, 0.05);
      high[step] = quantile(spread, 0.95);
    }
    const hasBand = models.length > 0;
    curves.push({ weights, predicted, low: hasBand ? low : null, high: hasBand ? high : null });
    yield { done: domain + 1, total: at.length, unit: 'domains' };
  }
  return curves;
}

/** The mixture with one domain's weight set and the others scaled to fill the rest. */
export function alongDomain(at: Float64Array, domain: number, weight: number): Float64Array {
  const others = 1 - at[domain];
  const mixture = at.map((share) =>
    others > 1e-9 ? (share * (1 - weight)) / others : (1 - weight) / (at.length - 1),
  );
  mixture[domain] = weight;
  return mixture;
}
