import type { Bounds } from '../model/limits';
import type { Target } from '../model/study';
import type { Posterior } from '../regression/gp/posterior';
import type { TargetRows } from '../regression/sample';

/** Inputs for choosing the next mixtures. */
export interface ProposalRequest {
  /** Posterior of the target: see `createPosterior`. */
  readonly posterior: Posterior;
  readonly direction: Target['direction'];
  /** The training runs, N x D, with the target's N values; NaN = not measured. */
  readonly runs: TargetRows;
  /** The limits of the optimum; some mixture must meet them (see `feasibilityOf`). */
  readonly bounds: Pick<Bounds, 'lower' | 'upper'>;
  /** D weights, summing to 1. */
  readonly prior: Float64Array;
  /** D weights of the best mixture known, within the bounds. */
  readonly optimum: Float64Array;
  /** How many mixtures to propose, 1 to {@link maxProposals}. */
  readonly count: number;
  /** Share of them that explore instead of improving, 0..1; by default {@link defaultSpaceShare}. */
  readonly spaceShare?: number;
  /** Seeds the candidates. */
  readonly seed: number;
}

/** Maximum number of mixtures of one round. */
export const maxProposals = 500;
/** One proxy in four explores where nothing has been tried. */
export const defaultSpaceShare = 0.25;

/** A mixture to train a proxy on. */
export interface Proposal {
  /** D weights within the bounds, summing to 1 (both to 1e-9), in steps of 0.001 or finer. */
  readonly weights: Float64Array;
  /** `improvement`: it is expected to beat the best; `space`: nothing like it has been tried. */
  readonly reason: 'improvement' | 'space';
  /** Prediction from the runs, in the target's unit. */
  readonly mean: number;
  /** Standard deviation of that prediction, noise excluded, in the target's unit. */
  readonly sd: number;
  /**
   * By how much it is expected to beat the best run and the proposals before it, >= 0, in the target's
   * unit, once those have been measured as predicted.
   */
  readonly expectedImprovement: number;
  /** Total variation distance to the nearest training run, 0..1. */
  readonly distance: number;
}
