import type { Problem } from '../optimum/solver';
import type { Bounds, EngineId, OptimumReport } from '../optimum/types';
import type { StudyRows } from '../regression/assess-study';
import type { Interactions } from '../regression/interactions';
import type { Assessment, FitOptions, RegressorId } from '../regression/types';
import type { NamedText, SourceFile } from '../runs/reader';
import type { Recognition } from '../runs/recognition';
import type { BuildOptions, StudyRuns } from '../runs/study-runs';

/** What the fit worker keeps of a study: its tables, under the study's id. */
export interface StudyTables extends StudyRows {
  readonly id: string;
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

/** A problem with the names under which the worker keeps what it prepared. */
export interface OptimumProblem extends Problem {
  /** Equal keys mean equal problems: preparing one again costs nothing. */
  readonly key: string;
  /** The same for what does not depend on the model. */
  readonly partsKey: string;
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
