import { createStore } from 'zustand/vanilla';
import type { Progress } from '../job';
import type { Feasibility, OptimumReport } from '../optimum/types';
import type { Interactions } from '../regression/interactions';
import type { Assessment, FitReport, Model, RegressorId } from '../regression/types';
import type { TargetShare } from './objective';

/** Why something could not be computed, for the panel that would have shown it. */
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

/** What a mixture was found for: names and fits may have changed since. */
export interface Solved {
  /** Identifies targets, fits and what was sought. */
  readonly key: string;
  /** Identifies what was asked of the study, whatever its data are by now. */
  readonly question: string;
  /** Of the study's data that it was found from. */
  readonly revision: string;
  readonly regressor: RegressorId;
  /** Whether that regressor stands in for the chosen one. */
  readonly standsIn: boolean;
  readonly terms: readonly TargetShare[];
  readonly seek: 'best' | 'worst';
}

export interface OptimumState {
  /**
   * The latest mixture found; it stays while a newer one for the same targets is on its way, from further runs,
   * too: then `solved.revision` is a former one.
   */
  readonly report: OptimumReport | null;
  /** What `report` was found for; null when there is none. */
  readonly solved: Solved | null;
  /** Set when the accurate fit took the place of its stand-in: how much of the mixture moved, 0..1. */
  readonly takeover: { readonly from: RegressorId; readonly moved: number } | null;
  readonly feasibility: Feasibility;
  /** What is being done about the current limits. */
  readonly status: 'ready' | 'simulating' | 'searching' | 'waiting' | 'infeasible' | 'failed';
  readonly progress: Progress | null;
  readonly failure: Failure | null;
}

/** Everything computed from the session. Written by the pipeline alone, read by the panels. */
export interface AnalysisState {
  /** By {@link fitKey}. */
  readonly fits: ReadonlyMap<string, FitState>;
  readonly interactions: InteractionsState;
  readonly optimum: OptimumState;
}

/** Takes the report out of an assessment: all that the page shows, without the model. */
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
    takeover: null,
    feasibility: { feasible: true },
    status: 'waiting',
    progress: null,
    failure: null,
  },
};
