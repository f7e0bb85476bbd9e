import type { Bounds } from '../model/limits';
import type { Matrix } from '../model/matrix';

/** Inputs for choosing the next mixtures. */
export interface ProposalRequest {
  /** N x D mixtures of the training runs. */
  readonly runs: Matrix;
  /** The limits of the optimum; some mixture must meet them (see `feasibilityOf`). */
  readonly bounds: Pick<Bounds, 'lower' | 'upper'>;
  /** D weights, summing to 1. */
  readonly prior: Float64Array;
  /** Mixtures of D weights that may be better than today's optimum; without any, all are drawn. */
  readonly promising: readonly Float64Array[];
  /** How many mixtures to propose, 1 to {@link maxProposals}. */
  readonly count: number;
  /** An integer that seeds the draws. */
  readonly seed: number;
}

/** Maximum number of mixtures of one round. */
export const maxProposals = 500;

/** A mixture to train a proxy on. */
export interface ProposedMixture {
  /** D weights within the bounds, summing to 1 (both to 1e-9), in steps of 0.001 or finer. */
  readonly weights: Float64Array;
  /** `improvement`: the optimum of a refit, or near one; `space`: random, as varied as the bounds allow. */
  readonly reason: 'improvement' | 'space';
  /** Total variation distance to the nearest training run, 0..1. */
  readonly distance: number;
}

/**
 * A proposed mixture with what the fits say about it: in the target's unit, or of several targets the
 * weighted sum in units of what is optimised, lower is better.
 */
export interface Proposal extends ProposedMixture {
  readonly mean: number;
  /** Standard deviation over refits to resampled runs; null where the regressor is not refitted. */
  readonly sd: number | null;
  /**
   * By how much refits expect it to beat today's optimum: the mean over them, where a refit that expects it to
   * be worse counts as 0; null where the regressor is not refitted.
   */
  readonly expectedImprovement: number | null;
}

/** The next round. */
export interface ProposedRound {
  readonly proposals: readonly Proposal[];
  /** Whether a random round is expected to do as well: then this is one. */
  readonly isRandom: boolean;
  /**
   * How much better than today's optimum their own are to refits, on average, in the score of what is
   * optimised, >= 0; null where the regressor is not refitted.
   */
  readonly gain: number | null;
  /** The least gain that as many runs as were asked for show clearly: three standard errors of their mean. */
  readonly resolution: number;
  /** Both in a sentence. */
  readonly note: string;
}
