import type { Job } from '../job';
import type { CandidateSet, Posterior } from '../regression/gp/posterior';

/** One target's part in a weighted sum. */
export interface WeightedPosterior {
  readonly posterior: Posterior;
  /** What its values are multiplied by: weight / scale, negative where higher is better. */
  readonly factor: number;
}

/**
 * What is known of a weighted sum of targets, lower is better: means add up, and so do variances, as
 * if the targets' errors had nothing to do with one another.
 *
 * @param parts at least one
 */
export function combinePosteriors(parts: readonly WeightedPosterior[]): Posterior {
  return {
    predict(mixture) {
      let mean = 0;
      let variance = 0;
      for (const { posterior, factor } of parts) {
        const predicted = posterior.predict(mixture);
        mean += factor * predicted.mean;
        variance += (factor * predicted.sd) ** 2;
      }
      return { mean, sd: Math.sqrt(variance) };
    },
    *candidates(mixtures): Job<CandidateSet> {
      const sets: CandidateSet[] = [];
      for (const { posterior } of parts) sets.push(yield* posterior.candidates(mixtures));
      const means = new Float64Array(mixtures.rows);
      const sds = new Float64Array(mixtures.rows);
      const refresh = () => {
        for (let row = 0; row < mixtures.rows; row++) {
          let variance = 0;
          sets.forEach((set, place) => {
            variance += (parts[place].factor * set.sds[row]) ** 2;
          });
          sds[row] = Math.sqrt(variance);
        }
      };
      for (let row = 0; row < mixtures.rows; row++) {
        sets.forEach((set, place) => {
          means[row] += parts[place].factor * set.means[row];
        });
      }
      refresh();
      return {
        means,
        sds,
        observe(index) {
          for (const set of sets) set.observe(index);
          refresh();
        },
      };
    },
  };
}
