/** Results computed for the current session: fits, interactions, optimum. */
import { createStore } from 'zustand/vanilla';
import type { Progress } from '../model/job';
import type { Advice, AtOptimum, Feasibility, OptimumReport, PinCosts } from '../model/limits';
import type { Assessment, FitReport, Model, RegressorId } from '../model/regressor';
import { regressorInfo } from '../regression/catalogue';
import type { Interactions } from '../regression/interactions';
import type { Session } from '../session/study-store';
import { fitKey, type TargetShare, targetShares } from './keys';

/** Why something could not be computed, shown in place of the result. */
export interface Failure {
  readonly message: string;
  readonly advice: string;
}

/** One fit of one regressor to one target. The model is absent where only its report was prepared. */
export type FitState =
  | { readonly status: 'fitting'; readonly progress: Progress | null; readonly startedAt: number }
  | { readonly status: 'done'; readonly report: FitReport; readonly model: Model | null }
  | ({ readonly status: 'failed' } & Failure);

export type InteractionsState =
  | { readonly status: 'pending'; readonly progress: Progress | null }
  | { readonly status: 'done'; readonly value: Interactions }
  | ({ readonly status: 'failed' } & Failure);

/** What a mixture was found for; names and fits may have changed since. */
export interface Solved {
  /** Identifies the targets, the fits and the objective. */
  readonly key: string;
  /** Identifies the question, independent of the study's data. */
  readonly question: string;
  /** Identifies what a correction of its prediction depends on, beside the regressor: runs, objective, limits. */
  readonly asked: string;
  /** Revision of the study's data that it was found from. */
  readonly revision: string;
  readonly regressor: RegressorId;
  /** Whether that regressor is shown only until the chosen one is fitted. */
  readonly isPreliminary: boolean;
  readonly terms: readonly TargetShare[];
  readonly seek: 'best' | 'worst';
}

export interface Correction {
  /** `solved.question` that it serves until there is one for other limits. */
  readonly question: string;
  /** `solved.asked` that it was found for. */
  readonly asked: string;
  /** One per term. */
  readonly at: readonly AtOptimum[];
}

export interface OptimumState {
  /**
   * The latest mixture found. It stays while a newer one for the same targets is computed, also from further
   * runs; `solved.revision` is then an older one.
   */
  readonly report: OptimumReport | null;
  /** What `report` was found for; null when there is none. */
  readonly solved: Solved | null;
  /** What `report` holds out to somebody who would train on it; null when there is none. */
  readonly advice: Advice | null;
  /** Whether `report` is from an earlier visit, shown until it is found again. */
  readonly isRecalled: boolean;
  /** Set when the accurate fit replaced the preliminary one: the share of the mixture that moved, 0..1. */
  readonly refinement: { readonly from: RegressorId; readonly moved: number } | null;
  /** Of the latest mixture found with pins; empty without any, and where they are not priced. */
  readonly pinCosts: PinCosts;
  /** How far predictions for the last optimum may be off; null = not known. */
  readonly correction: Correction | null;
  readonly feasibility: Feasibility;
  /** Progress of the search under the current limits. */
  readonly status: 'ready' | 'simulating' | 'searching' | 'waiting' | 'infeasible' | 'failed';
  readonly progress: Progress | null;
  readonly failure: Failure | null;
}

/** Everything computed from the session. Written only by the pipeline, read by the panels. */
export interface AnalysisState {
  /** By {@link fitKey}. */
  readonly fits: ReadonlyMap<string, FitState>;
  readonly interactions: InteractionsState;
  readonly optimum: OptimumState;
}

/** The report of an assessment without its model: all that the page shows. */
export function reportOf(assessment: Assessment): FitReport {
  const { model: _model, ...report } = assessment;
  return report;
}

export type AnalysisStore = ReturnType<typeof createAnalysisStore>;

export function createAnalysisStore(initial: AnalysisState) {
  return createStore<AnalysisState>(() => initial);
}

export const emptyAnalysis: AnalysisState = {
  fits: new Map(),
  interactions: { status: 'pending', progress: null },
  optimum: {
    report: null,
    solved: null,
    advice: null,
    isRecalled: false,
    refinement: null,
    pinCosts: new Map(),
    correction: null,
    feasibility: { feasible: true },
    status: 'waiting',
    progress: null,
    failure: null,
  },
};

type Fits = ReadonlyMap<string, FitState>;

/** The fit shown for the current target. */
export interface ActiveFit {
  /** The chosen regressor, or the preliminary one while it is being fitted. */
  readonly regressor: RegressorId;
  readonly isPreliminary: boolean;
  readonly state: FitState | undefined;
}

/** The chosen regressor's fit, or the preliminary regressor's while the chosen one is being fitted. */
export function activeFit({ study, settings }: Session, fits: Fits): ActiveFit {
  const { target, regressor } = settings;
  const state = fits.get(fitKey(study, target, regressor, settings));
  const { preliminary } = regressorInfo(regressor);
  if (preliminary && (!state || state.status === 'fitting')) {
    const other = fits.get(fitKey(study, target, preliminary, settings));
    if (other?.status === 'done')
      return { regressor: preliminary, isPreliminary: true, state: other };
  }
  return { regressor, isPreliminary: false, state };
}

/** The models used to find the optimum, one per target of the objective. */
export interface ActiveModels {
  readonly regressor: RegressorId;
  readonly isPreliminary: boolean;
  /** Identifies the fits: equal keys have equal models. */
  readonly key: string;
  /** null while one of them is being fitted. */
  readonly models: readonly Model[] | null;
  /** The first of them that could not be fitted. */
  readonly failed: Extract<FitState, { status: 'failed' }> | null;
}

/**
 * As {@link activeFit}, for all targets of the objective: the preliminary regressor is used only when all of
 * its fits are done.
 */
export function activeModels(session: Session, fits: Fits): ActiveModels {
  const { study, settings } = session;
  const targets = targetShares(session).map(({ target }) => target);
  const chosen = chosenModels(session, fits);
  const { preliminary } = regressorInfo(settings.regressor);
  // Prerendered reports have no models yet, but their mixture is already shown.
  const isReported = targets.every((target) => {
    return fits.get(fitKey(study, target, settings.regressor, settings))?.status === 'done';
  });
  if (isReported || chosen.failed || !preliminary) return chosen;
  const other = modelsBy(session, fits, preliminary, true);
  return other.models ? other : chosen;
}

/** As {@link activeModels}, of the chosen regressor alone. */
export function chosenModels(session: Session, fits: Fits): ActiveModels {
  return modelsBy(session, fits, session.settings.regressor, false);
}

function modelsBy(
  session: Session,
  fits: Fits,
  regressor: RegressorId,
  isPreliminary: boolean,
): ActiveModels {
  const { study, settings } = session;
  const keys = targetShares(session).map(({ target }) =>
    fitKey(study, target, regressor, settings),
  );
  const states = keys.map((key) => fits.get(key));
  const models = states.flatMap((state) =>
    state?.status === 'done' && state.model ? [state.model] : [],
  );
  const failed = states.find((state) => state?.status === 'failed');
  return {
    regressor,
    isPreliminary,
    key: JSON.stringify(keys),
    models: models.length === keys.length ? models : null,
    failed: failed?.status === 'failed' ? failed : null,
  };
}

const noCosts: PinCosts = new Map();
const stripped = new WeakMap<OptimumState, OptimumState>();

/**
 * The optimum while a lesson hides the answer: as if none had been found, except for whether any mixture
 * meets the limits. Equal arguments give the same object, so that store selectors stay stable.
 */
export function withoutAnswer(optimum: OptimumState): OptimumState {
  const known = stripped.get(optimum);
  if (known) return known;
  const made: OptimumState = {
    ...optimum,
    report: null,
    solved: null,
    advice: null,
    isRecalled: false,
    refinement: null,
    pinCosts: noCosts,
  };
  stripped.set(optimum, made);
  return made;
}
