/** What limits the mixture: tokens at hand and direct bounds. Arrays have one entry per domain. */
export interface Constraints {
  /** Tokens the large model is to be trained on; null = no token limits apply. */
  readonly requestedTokens: number | null;
  /** Unique tokens at hand per domain, >= 0; null = as many as wanted. */
  readonly availableTokens: readonly (number | null)[];
  /** How often a domain's tokens may be repeated, > 0. */
  readonly epochs: readonly number[];
  /** Largest weight, 0..1; null = none. */
  readonly max: readonly (number | null)[];
  /** Smallest weight, 0..1. */
  readonly min: readonly number[];
  /** Weight fixed to this value, 0..1; null = free. Overrules max and min; above the token cap it is infeasible. */
  readonly locked: readonly (number | null)[];
}

/** Where an upper bound comes from. */
export type BoundSource = 'none' | 'tokens' | 'max' | 'lock';

/** The box that constraints put round the simplex. */
export interface Bounds {
  /** D, 0..1. */
  readonly lower: Float64Array;
  /** D, 0..1; RegMix's cap: min(1, epochs * available / requested), and the user's own max. */
  readonly upper: Float64Array;
  /** D. */
  readonly source: readonly BoundSource[];
}

/** One way out of infeasible constraints, as a sentence and as the change it asks for. */
export interface Remedy {
  readonly text: string;
  readonly change:
    | { readonly kind: 'requestedTokens'; readonly value: number }
    | { readonly kind: 'epochs'; readonly factor: number }
    | { readonly kind: 'availableTokens'; readonly missing: number }
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

/** `paper` repeats the published notebook: numpy's draws, no limits, the mean of the best 128. */
export type EngineId = 'simulation' | 'exact' | 'search' | 'paper';

/** A mixture proposed by an engine. */
export interface Optimum {
  readonly engine: EngineId;
  /** D weights within the bounds, summing to 1 (both to 1e-9). */
  readonly weights: Float64Array;
  /** Predicted target at `weights`. */
  readonly predicted: number;
  /** Indices of domains whose weight sits at its upper bound below 1, or at its lower bound above 0. */
  readonly binding: readonly number[];
  /** How the mixture was found: for a simulation, how many draws met the limits; empty when nothing needs saying. */
  readonly notes: readonly string[];
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
}

/** An optimum with what the page compares it to. */
export interface OptimumReport {
  readonly optimum: Optimum;
  readonly coverage: Coverage;
  /** Predicted target of the study's prior and human mixtures, where it has them. */
  readonly predictedPrior: number;
  readonly predictedHuman: number | null;
}
