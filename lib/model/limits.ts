import type { Model } from './regressor';
import type { Target } from './study';

/** Limits of the mixture: available tokens and direct bounds. Arrays have one entry per domain. */
export interface Constraints {
  /** Tokens the large model is to be trained on; null = no token limits apply. */
  readonly requestedTokens: number | null;
  /** Unique tokens available per domain, >= 0; null = unlimited. */
  readonly availableTokens: readonly (number | null)[];
  /** How often a domain's tokens may be repeated, > 0. */
  readonly epochs: readonly number[];
  /** Largest weight, 0..1; null = none. */
  readonly max: readonly (number | null)[];
  /** Smallest weight, 0..1. */
  readonly min: readonly number[];
  /** Weight fixed to this value, 0..1; null = free. Overrules max and min; above the token cap it is infeasible. */
  readonly locked: readonly (number | null)[];
  /**
   * Whether weights may go beyond the largest one in a training run, where nothing was measured. A domain that
   * no run sampled weighs nothing either way, unless it is locked or has a least weight.
   */
  readonly beyondTried: boolean;
}

/** Where an upper bound comes from; `tried` = the largest weight in a training run, 0 where no run has any. */
export type BoundSource = 'none' | 'tokens' | 'max' | 'lock' | 'tried' | 'min';

/** The box that constraints put round the simplex. */
export interface Bounds {
  /** D, 0..1. */
  readonly lower: Float64Array;
  /**
   * D, 0..1; the least of RegMix's cap, min(1, epochs * available / requested), the user's own max, and the
   * largest weight tried.
   */
  readonly upper: Float64Array;
  /** D. */
  readonly source: readonly BoundSource[];
  /**
   * D, 0..1: what the upper bounds would be without the user's own limits, the largest weights tried (1 where
   * that limit is lifted); absent = 1.
   */
  readonly tried?: Float64Array;
  /** D, >= 0: the epochs of domains whose tokens are limited, by which tokens raise their cap; 0 = unlimited; absent = 0. */
  readonly epochs?: Float64Array;
}

/** One way out of infeasible constraints, as a sentence and as the change it asks for. */
export interface Remedy {
  readonly text: string;
  readonly change:
    | { readonly kind: 'requestedTokens'; readonly value: number }
    | { readonly kind: 'epochs'; readonly factor: number }
    | { readonly kind: 'availableTokens'; readonly domain: number; readonly missing: number }
    | { readonly kind: 'beyondTried' }
    | { readonly kind: 'bounds' };
}

/** Whether any mixture meets the bounds. */
export type Feasibility =
  | { readonly feasible: true }
  | {
      readonly feasible: false;
      /** What is wrong and by how much, one sentence. */
      readonly message: string;
      /** 1 - sum of caps, or sum of floors - 1; > 0. */
      readonly shortfall: number;
      readonly remedies: readonly Remedy[];
    };

/**
 * `exact` solves linear models and laws of a single target in closed form, `gradient` descends any
 * smooth objective, `simulation` is RegMix's mean of the best draws, `search` refines it for a model
 * of any shape, and `paper` repeats the published notebook: numpy's draws, no limits, the best 128.
 */
export type EngineId = 'exact' | 'gradient' | 'simulation' | 'search' | 'paper';

/** One target's part in what is optimised. */
export interface ObjectiveTerm {
  /** Target id. */
  readonly target: string;
  readonly model: Model;
  readonly direction: Target['direction'];
  /** >= 0; the weights of all terms sum to 1. */
  readonly weight: number;
  /** > 0, in the target's unit: predictions are divided by it (1, or the target's spread over runs). */
  readonly scale: number;
}

/**
 * What an engine minimises: with f_t = +-prediction of target t / scale (lower is better), `weighted` takes
 * sum_t weight_t f_t, `regret` takes max_t (f_t - least f_t within the bounds); both add kl * KL(mixture ||
 * prior) (olmix's regulariser).
 */
export interface Objective {
  readonly kind: 'weighted' | 'regret';
  /** At least one. */
  readonly terms: readonly ObjectiveTerm[];
  /** Strength of the pull to the prior, >= 0, in units of f. */
  readonly kl: number;
  /** D, sums to 1. */
  readonly prior: Float64Array;
  /**
   * D unique tokens as shares of the requested tokens (Infinity = unlimited): weights beyond them are repeats
   * and count as the effective data of Muennighoff et al. (2023, section 5). null = repeats count as fresh
   * data.
   */
  readonly unique: Float64Array | null;
  /** `worst` finds the mixture to avoid: it maximises, without the pull to the prior. */
  readonly seek: 'best' | 'worst';
}

/** A mixture proposed by an engine. */
export interface Optimum {
  readonly engine: EngineId;
  /** D weights within the bounds, summing to 1 (both to 1e-9). */
  readonly weights: Float64Array;
  /** Prediction of the objective's first term at `weights`, in its target's unit. */
  readonly predicted: number;
  /** Predictions of all terms, each in its target's unit. */
  readonly predictions: readonly number[];
  /** The minimised value: see {@link Objective}. */
  readonly score: number;
  /**
   * Indices of domains whose weight sits at its upper bound below 1, or at its lower bound above 0; those that
   * no run sampled apart.
   */
  readonly binding: readonly number[];
  /** Indices of domains whose weight lies outside of its bounds: the paper's engine knows no limits. */
  readonly violated: readonly number[];
  /** How the mixture was found: e.g. how many draws of a simulation met the limits; may be empty. */
  readonly notes: readonly string[];
}

/** How far what is predicted for an optimum is from the truth, by refits to simulated values. */
export interface AtOptimum {
  /** Mean of predicted less true, in the target's unit: what choosing the best of many adds to it. */
  readonly optimism: number;
  /** Standard deviation of the same, in the target's unit. */
  readonly spread: number;
}

/** What a prediction for an optimum holds out to somebody who would train on it. */
export interface Advice {
  /** `none`: the runs do not tell mixtures apart, or are too few to say; `try`: thin evidence. */
  readonly verb: 'train' | 'try' | 'none';
  /** Why, as a clause without a full stop: `since ${reason}`. */
  readonly reason: string;
  /**
   * The verb in words: what goes before a mixture (`Train on`, `Try`), or a sentence without a full stop in
   * place of one.
   */
  readonly words: string;
}

/** How far a mixture lies from the mixtures that were trained. */
export interface Coverage {
  /** Total variation distance (half the L1 distance, 0..1) to the nearest training mixture. */
  readonly distance: number;
  /** Index of that training run. */
  readonly nearest: number;
  /** Share of training runs whose own nearest neighbour is at least this far, 0..1. */
  readonly percentile: number;
  /** True when the mixture is farther out than 95% of the runs are from each other. */
  readonly far: boolean;
  /** True when a weight exceeds the largest that any run has of its domain, by more than a point. */
  readonly beyond: boolean;
}

/** What the user's own limits cost: tokens, largest and least weights, locks. */
export interface LimitsCost {
  /** How much worse the score of the optimum is than that of the best mixture without them, >= 0. */
  readonly score: number;
  /** D: that mixture, within the largest weights tried unless that limit is lifted. */
  readonly weights: Float64Array;
  /** Predictions of all terms for it, each in its target's unit. */
  readonly predictions: readonly number[];
}

/**
 * How much worse the score of the optimum is than it would be without one pin (a locked weight), >= 0, by
 * domain; a pin without which no mixture meets the limits has no entry.
 */
export type PinCosts = ReadonlyMap<number, number>;

/**
 * What pinning one domain would cost at some of the weights that it could be pinned at, the others being best for
 * it.
 */
export interface PinPrices {
  /** Ascending, 0..1; the optimum's own weight is among them. */
  readonly weights: Float64Array;
  /** In units of the score, >= 0. */
  readonly costs: Float64Array;
}

/** An optimum with the values that the page compares it to. */
export interface OptimumReport {
  readonly optimum: Optimum;
  /** Per term the least value of f within the bounds, from which regrets are measured; else empty. */
  readonly least: readonly number[];
  readonly coverage: Coverage;
  /** Predictions of all terms for other mixtures: the study's prior and human ones, and the reader's. */
  readonly prior: readonly number[];
  readonly human: readonly number[] | null;
  readonly yours: readonly number[] | null;
  /**
   * D: what one more point of each cap is worth in the score, >= 0, to first order: of a cap that tokens set,
   * the tokens for that point. 0 where it is worth nothing; null where the model has no gradient, or the worst
   * mixture is shown.
   */
  readonly prices: Float64Array | null;
  /**
   * D: what more tokens of each domain are worth in the score, >= 0, per 1% of the requested tokens and to
   * first order; 0 where tokens are unlimited. null as for `prices`.
   */
  readonly tokenPrices: Float64Array | null;
  /** null for the worst mixture, and for the paper's engine, which knows no limits. */
  readonly cost: LimitsCost | null;
}
