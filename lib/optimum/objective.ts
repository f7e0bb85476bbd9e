import { evaluateSmooth } from '../regression/evaluate';
import { predictRow } from '../regression/predict';
import type { SmoothModel } from '../regression/types';
import { effectiveMixture, effectiveWeight } from './repetition';
import type { Objective, ObjectiveTerm } from './types';

/** A domain without any share in the prior counts as this much: the divergence stays finite. */
const leastPrior = 1e-6;

/** An objective made ready to be scored: lower is better. */
export interface Scorer {
  score(mixture: Float64Array): number;
  /**
   * Score and its gradient; null when a model has none.
   *
   * @param gradient D entries, overwritten
   */
  readonly withGradient: ((mixture: Float64Array, gradient: Float64Array) => number) | null;
  /** What each term's model predicts, in its target's unit. */
  predictions(mixture: Float64Array): number[];
}

/** 1 where lower is better, -1 where higher is. */
export function signOf({ direction }: Pick<ObjectiveTerm, 'direction'>): 1 | -1 {
  return direction === 'lower' ? 1 : -1;
}

/**
 * Makes an objective ready.
 *
 * @param least per term the least value of f within the bounds: what regrets are measured from
 * @param temperature of the smoothed maximum of regrets, > 0: as it falls to 0, so does the difference
 *   to the true maximum (at most temperature x log terms)
 */
export function createScorer(
  objective: Objective,
  least: readonly number[] = [],
  temperature = 0,
): Scorer {
  const { kind, terms, kl, unique, seek } = objective;
  const logPrior = objective.prior.map((share) => Math.log(Math.max(share, leastPrior)));
  const factors = terms.map((term) => signOf(term) / term.scale);
  const pull = seek === 'best' ? kl : 0;
  const way = seek === 'best' ? 1 : -1;
  const values = new Float64Array(terms.length);
  const seen = (mixture: Float64Array) => (unique ? effectiveMixture(mixture, unique) : mixture);

  /** Sum or maximum of the terms; `shares` is overwritten with what each counts in the gradient. */
  function combine(shares: Float64Array | null): number {
    if (kind === 'weighted') {
      return terms.reduce((sum, { weight }, index) => {
        if (shares) shares[index] = weight;
        return sum + weight * values[index];
      }, 0);
    }
    const regrets = values.map((value, index) => value - (least[index] ?? 0));
    const worst = Math.max(...regrets);
    if (temperature <= 0) {
      shares?.fill(0).fill(1, regrets.indexOf(worst), regrets.indexOf(worst) + 1);
      return worst;
    }
    const exponentials = regrets.map((regret) => Math.exp((regret - worst) / temperature));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    shares?.set(exponentials.map((value) => value / total));
    return worst + temperature * Math.log(total);
  }

  function divergence(mixture: Float64Array, gradient: Float64Array | null): number {
    let sum = 0;
    for (let domain = 0; domain < mixture.length; domain++) {
      const weight = Math.max(mixture[domain], 1e-12);
      const ratio = Math.log(weight) - logPrior[domain];
      sum += mixture[domain] * ratio;
      if (gradient) gradient[domain] += pull * (ratio + 1);
    }
    return pull * sum;
  }

  const smooth = terms.flatMap(({ model }): SmoothModel[] =>
    model.kind === 'trees' ? [] : [model],
  );

  function withGradient(mixture: Float64Array, gradient: Float64Array): number {
    const input = seen(mixture);
    const parts = smooth.map((model, index) => {
      const part = new Float64Array(mixture.length);
      values[index] = factors[index] * evaluateSmooth(model, input, part);
      return part;
    });
    const shares = new Float64Array(terms.length);
    const value = combine(shares);
    gradient.fill(0);
    parts.forEach((part, index) => {
      const factor = way * shares[index] * factors[index];
      for (let domain = 0; domain < part.length; domain++)
        gradient[domain] += factor * part[domain];
    });
    if (unique) {
      for (let domain = 0; domain < gradient.length; domain++) {
        gradient[domain] *= effectiveWeight(mixture[domain], unique[domain]).slope;
      }
    }
    return way * value + (pull > 0 ? divergence(mixture, gradient) : 0);
  }

  return {
    score(mixture) {
      const input = seen(mixture);
      terms.forEach(({ model }, index) => {
        values[index] = factors[index] * predictRow(model, input);
      });
      return way * combine(null) + (pull > 0 ? divergence(mixture, null) : 0);
    },
    withGradient: smooth.length === terms.length ? withGradient : null,
    predictions(mixture) {
      const input = seen(mixture);
      return terms.map(({ model }) => predictRow(model, input));
    },
  };
}
