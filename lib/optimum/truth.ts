import { totalVariation } from '../mixture/simplex';
import { formatNumber, formatPercent } from '../model/format';
import { runJob } from '../model/job';
import type { Bounds, Objective } from '../model/limits';
import { createScorer } from './objective';
import { leastOfTerms, solveSmooth } from './smooth';
import { hasExactOptimum, solveExactly } from './water-filling';

/** The best mixture by the laws that runs were drawn from, and the regret of others. */
export interface TrueOptimum {
  /** D weights within the bounds, summing to 1. */
  readonly weights: Float64Array;
  /** Noise-free value of every term for a mixture, in its target's unit. */
  values(mixture: Float64Array): readonly number[];
  /** How much worse a mixture within the bounds is in the objective's score, >= 0. */
  regret(mixture: Float64Array): number;
}

/** Whether the best mixture of an objective can be determined exactly: its terms are all convex laws. */
export function isKnownLaw({ terms, seek }: Objective): boolean {
  return (
    seek === 'best' &&
    terms.every((term) => hasExactOptimum({ ...alone, terms: [term], prior: noPrior }))
  );
}

const noPrior = new Float64Array(0);
const alone = { kind: 'weighted', kl: 0, unique: null, seek: 'best' } as const;

/**
 * Finds the true optimum: of one law by water-filling, of several, or with a pull to the prior, by descent
 * on a convex objective, which has no other minimum.
 *
 * @param objective of laws, as {@link isKnownLaw} says
 * @param bounds feasible
 */
export function solveTruth(objective: Objective, bounds: Bounds): TrueOptimum {
  const weights = hasExactOptimum(objective)
    ? solveExactly(objective, bounds)
    : runJob(solveSmooth(objective, bounds, []));
  const least = objective.kind === 'regret' ? runJob(leastOfTerms(objective, bounds, [])) : [];
  const { score, predictions } = createScorer(objective, least);
  const best = score(weights);
  return {
    weights,
    values: predictions,
    regret: (mixture) => Math.max(0, score(mixture) - best),
  };
}

/**
 * The regret of the mixture found, in a sentence.
 *
 * @param found D weights within the bounds
 */
export function regretText(
  truth: TrueOptimum,
  { terms, kl }: Objective,
  found: Float64Array,
  unit: string,
): string {
  const loss = formatNumber(truth.regret(found), 4);
  const [{ direction }] = terms;
  const inUnit = unit === '' ? '' : ` ${unit}`;
  const loses =
    terms.length > 1 || kl > 0
      ? `falls ${loss} short of the true best one in the objective`
      : direction === 'lower'
        ? `loses ${loss}${inUnit} to the true best one`
        : `scores ${loss} less than the true best one`;
  const elsewhere = formatPercent(totalVariation(found, truth.weights), 1);
  return `The mixture found ${loses}; ${elsewhere} of its weight differs.`;
}
