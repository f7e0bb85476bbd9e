import type { Bounds, EngineId, OptimumReport } from '../optimum/types';
import type { Interactions } from '../regression/interactions';
import type { Assessment, FitOptions, Model, RegressorId } from '../regression/types';
import type { BuildOptions, StudyRuns } from '../runs/study-runs';
import type { NamedText, SourceFile } from '../runs/reader';
import type { Recognition } from '../runs/recognition';
import type { RunTable, Target } from '../study/types';

/** What the fit worker keeps of a study: its tables, under the study's id. */
export interface StudyTables {
  readonly id: string;
  readonly targets: readonly Target[];
  readonly training: RunTable;
  readonly testSets: readonly RunTable[];
}

/** `workers/fit.worker.ts`: one study at a time is loaded, then asked about. */
export type FitMethods = {
  load: { request: StudyTables; result: null };
  assess: {
    request: {
      readonly study: string;
      readonly target: string;
      readonly regressor: RegressorId;
      readonly options: FitOptions;
    };
    result: Assessment;
  };
  interactions: { request: { readonly study: string }; result: Interactions };
};

/** A fitted model together with what the simulation needs to score its pool. */
export interface OptimumProblem {
  /** Equal keys mean equal problems: preparing one again costs nothing. */
  readonly key: string;
  readonly model: Model;
  readonly direction: Target['direction'];
  readonly training: RunTable;
  /** D, sums to 1. */
  readonly prior: Float64Array;
  /** D, sums to 1; null when the study has none. */
  readonly human: Float64Array | null;
  readonly samples: number;
  readonly seed: number;
}

/** `workers/optimum.worker.ts`: a problem is prepared once per fit, then solved once per slider frame. */
export type OptimumMethods = {
  prepare: { request: OptimumProblem; result: null };
  solve: {
    request: {
      readonly key: string;
      readonly engine: EngineId;
      readonly topK: number;
      readonly bounds: Bounds;
    };
    result: OptimumReport;
  };
};

/** `workers/runs.worker.ts`: files are read first; once the user has agreed, they become runs. */
export type RunsMethods = {
  read: { request: readonly (SourceFile | NamedText)[]; result: Recognition };
  build: {
    request: { readonly recognition: Recognition; readonly options: BuildOptions };
    result: StudyRuns;
  };
};
