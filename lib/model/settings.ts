import type { Constraints, EngineId } from './limits';
import type { RegressorId } from './regressor';
import type { Study } from './study';

/** What to optimise. */
export interface ObjectiveSettings {
  /** `single` is the current target; `weighted` a weighted mean of targets; `regret` the worst-off of them. */
  readonly kind: 'single' | 'weighted' | 'regret';
  /** Weight per target id, >= 0; a target that is not named weighs nothing. */
  readonly weights: Readonly<Record<string, number>>;
  /**
   * Family per target id: targets of one family share its weight. Targets without one form their own family.
   */
  readonly families: Readonly<Record<string, string>>;
  /** Whether each target counts in units of its spread over the training runs. */
  readonly normalised: boolean;
  /** Strength of the pull to the prior (KL divergence), >= 0; olmix's default is 0.1. */
  readonly kl: number;
  /** Whether repeated tokens count as less than fresh ones (Muennighoff et al. 2023, section 5). */
  readonly discountRepeats: boolean;
  /** `worst` shows the mixture to avoid. */
  readonly seek: 'best' | 'worst';
}

/** A mixture that the user saved on the leaderboard. */
export interface Attempt {
  /** From 1 up, unique among the attempts of a study; it stays when the attempt is renamed. */
  readonly id: number;
  /** Its name, 1 to 60 characters. */
  readonly name: string;
  /** D weights >= 0, summing to 1. */
  readonly weights: readonly number[];
}

/** The user's settings for a study: everything that changes a number on the page. */
export interface Settings {
  /** Id of the current target, which is optimised unless the objective names others. */
  readonly target: string;
  readonly objective: ObjectiveSettings;
  /** A mixture of the reader's own to compare with: D weights summing to 1; null = none. */
  readonly yours: readonly number[] | null;
  /** Mixtures saved for comparison, at most 100, in order of creation; absent when there are none. */
  readonly attempts?: readonly Attempt[];
  readonly regressor: RegressorId;
  /** Trees: fewest rows a leaf may hold; null = LightGBM's 20, scaled by n / 512 below n = 512. */
  readonly minRowsPerLeaf: number | null;
  /** null = the engine that suits the fitted model. */
  readonly engine: EngineId | null;
  /** Mixtures drawn by the simulation, 1,000 to 1,000,000. */
  readonly samples: number;
  /** How many of the best are averaged, 1 to 10,000. */
  readonly topK: number;
  /** Seeds folds, bootstrap and simulation. */
  readonly seed: number;
  readonly constraints: Constraints;
}

/** Largest numbers of tokens and of epochs that a study may hold: larger values are no limit in practice. */
export const maxTokens = 1e18;
export const maxEpochs = 1e6;

/** One target, no pull to the prior, repeats as good as fresh tokens. */
const singleObjective: ObjectiveSettings = {
  kind: 'single',
  weights: {},
  families: {},
  normalised: true,
  kl: 0,
  discountRepeats: false,
  seek: 'best',
};
/** olmix's default strength of the pull to the prior (its `kl_reg`). */
export const olmixKl = 0.1;
/** Weights a pool may hold: 200 MB. */
export const maxDrawnWeights = 25_000_000;

/** RegMix's simulation (its regression notebook): 100,000 mixtures, the mean of the best 128. */
export const simulation = { samples: 100_000, topK: 128 };
/** Up to four epochs of repeated data are nearly as good as fresh data (Muennighoff et al. 2023, section 5). */
export const defaultEpochs = 4;
const defaultRequestedTokens = 25e9;

/** No limits but the largest weights tried: every domain has unlimited tokens. */
export function unlimited(domains: number): Constraints {
  return {
    requestedTokens: defaultRequestedTokens,
    availableTokens: new Array<number | null>(domains).fill(null),
    epochs: new Array<number>(domains).fill(defaultEpochs),
    max: new Array<number | null>(domains).fill(null),
    min: new Array<number>(domains).fill(0),
    locked: new Array<number | null>(domains).fill(null),
    beyondTried: false,
  };
}

/** Above so many weights (runs x domains) a law takes minutes, and a linear model answers first. */
const lawsBelow = 4_000_000;
/** The work of a law grows as runs x domains²: above so much, half a minute, a linear model answers first, too. */
export const lawWorkBelow = 28_000_000;
/** With fewer runs only linear models can be fitted. */
const minForLaws = 10;

/**
 * Default settings of a study: its first target, the law corrected by Gaussian processes (the law alone is
 * shown while that is fitted), or ridge where that would take minutes, no limits.
 */
export function defaultSettings(study: Study): Settings {
  const { rows, columns } = study.training.mixtures;
  const suitsLaws =
    rows >= minForLaws && rows * columns < lawsBelow && rows * columns ** 2 < lawWorkBelow;
  return {
    target: study.targets[0].id,
    objective: singleObjective,
    yours: null,
    regressor: suitsLaws ? 'law+gp' : 'ridge',
    minRowsPerLeaf: null,
    engine: null,
    ...simulation,
    seed: 1,
    constraints: unlimited(study.domains.length),
  };
}
