import type { Constraints, EngineId } from '../optimum/types';
import type { RegressorId } from '../regression/types';
import type { Study } from './types';

/** What a user chose about a study: everything that changes a number on the page. */
export interface Settings {
  /** Id of the target to optimise. */
  readonly target: string;
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

/** RegMix's simulation (its regression notebook): 100,000 mixtures, the mean of the best 128. */
export const simulation = { samples: 100_000, topK: 128 };
/** Up to four epochs of repeated data are nearly as good as fresh data (Muennighoff et al. 2023, section 5). */
export const defaultEpochs = 4;
const defaultRequestedTokens = 25e9;

/** No limits: every domain has as many tokens as wanted. */
export function unlimited(domains: number): Constraints {
  return {
    requestedTokens: defaultRequestedTokens,
    availableTokens: new Array<number | null>(domains).fill(null),
    epochs: new Array<number>(domains).fill(defaultEpochs),
    max: new Array<number | null>(domains).fill(null),
    min: new Array<number>(domains).fill(0),
    locked: new Array<number | null>(domains).fill(null),
  };
}

/** Above so many weights (runs x domains) trees take minutes, and a linear model answers first. */
const treesBelow = 4_000_000;

/** Settings for a study that nobody has touched yet: its first target, honest trees, no limits. */
export function defaultSettings(study: Study): Settings {
  const { rows, columns } = study.training.mixtures;
  return {
    target: study.targets[0].id,
    regressor: rows * columns < treesBelow ? 'gbdt' : 'ridge',
    minRowsPerLeaf: null,
    engine: null,
    ...simulation,
    seed: 1,
    constraints: unlimited(study.domains.length),
  };
}
