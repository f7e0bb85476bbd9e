/** The methods of every worker: requests and results. */
import type { LoadedCorpora } from '../corpora/types';
import type {
  AtOptimum,
  Bounds,
  Constraints,
  EngineId,
  Objective,
  ObjectiveTerm,
  OptimumReport,
  PinCosts,
  PinPrices,
} from '../model/limits';
import type { Matrix } from '../model/matrix';
import type { Assessment, FitOptions, Model, OnnxSource, RegressorId } from '../model/regressor';
import type { Domain, Trajectory } from '../model/study';
import type { Comparison, OnnxFile, ReadModel } from '../onnx/exchange';
import type { OnnxLabels } from '../onnx/write-model';
import type { RatedRows } from '../optimum/objective';
import type { ParetoPoint } from '../optimum/pareto';
import type { ShoppingList } from '../optimum/shopping';
import type { Problem } from '../optimum/solver';
import type { Stability } from '../optimum/stability';
import type { StudyProposalRequest } from '../proposals/propose-study';
import type { ProposedRound } from '../proposals/types';
import type { StudyRows } from '../regression/assess';
import type { DependenceCurve } from '../regression/effects';
import type { Interactions } from '../regression/interactions';
import type { LearningCurve } from '../regression/refits';
import type { Ties } from '../regression/ties';
import type { RankAgreement } from '../regression/trust';
import type { FetchedFile } from '../runs/fetch-file';
import type { NamedText, SourceFile } from '../runs/reader';
import type { BuildOptions, Foreseen, Recognition, StudyRuns } from '../runs/recognition';
import type { ScheduleMoment, ScheduleQuestion } from '../schedule/optima';
import type { OpenedStudy } from '../study/from-runs';

/** The part of a study that a worker holds: its tables and their revision (`revisionOf`). */
export interface StudyTables extends StudyRows {
  readonly revision: string;
}

/** `workers/fit.worker.ts`: holds the tables of one revision at a time. */
export type FitMethods = {
  load: { request: StudyTables; result: null };
  assess: {
    request: FitRequest;
    result: Assessment;
  };
  interactions: { request: { readonly revision: string }; result: Interactions };
};

/** One fit of a revision of a study. */
export interface FitRequest {
  readonly revision: string;
  readonly target: string;
  readonly regressor: RegressorId;
  readonly options: FitOptions;
  /** The model itself when the regressor is `imported`. */
  readonly imported?: Model;
}

/** `workers/explore.worker.ts`: analyses beyond fit and optimum, each on request. */
export type ExploreMethods = {
  load: { request: StudyTables; result: null };
  learningCurve: { request: FitRequest; result: LearningCurve };
  rankAgreement: {
    request: { readonly revision: string; readonly target: string; readonly seed: number };
    result: readonly RankAgreement[];
  };
  /** The model of a fit, for export. */
  model: { request: FitRequest; result: Model };
  /** Predictions of many mixtures. */
  predict: {
    request: { readonly model: Model; readonly mixtures: Matrix };
    result: Float64Array;
  };
  /** Predictions of an objective's models for many mixtures. */
  rate: {
    request: { readonly objective: Objective; readonly mixtures: Matrix };
    result: RatedRows & { readonly mixtures: Matrix };
  };
  /** With bands from refits where the regressor can be refitted. */
  dependence: {
    request: FitRequest & { readonly model: Model; readonly at: Float64Array };
    result: readonly DependenceCurve[];
  };
  /** How far the optimum of an objective moves when the runs are drawn again. */
  stability: {
    request: Omit<FitRequest, 'target'> & {
      readonly objective: Objective;
      readonly bounds: Bounds;
      readonly refits: number;
    };
    /** null where the regressor is not refitted. */
    result: Stability | null;
  };
  /** How far predictions for the optimum of an objective are from the truth. */
  optimism: {
    request: Omit<FitRequest, 'target'> & {
      readonly objective: Objective;
      readonly bounds: Bounds;
    };
    /** One per term; null where the regressor is not refitted. */
    result: readonly AtOptimum[] | null;
  };
  /** What pinning one domain of the optimum would cost, at the weights within its reach. */
  pinPrices: {
    request: Omit<FitRequest, 'target'> & {
      readonly objective: Objective;
      /** Without a pin of the domain. */
      readonly bounds: Bounds;
      readonly domain: number;
      /** D, the optimum within the bounds. */
      readonly weights: Float64Array;
    };
    /** null where the models are not smooth, and where the domain cannot be moved. */
    result: PinPrices | null;
  };
  /** What to collect next, for every budget of further tokens. */
  shop: {
    request: {
      readonly revision: string;
      readonly objective: Objective;
      readonly constraints: Constraints;
    };
    result: ShoppingList;
  };
  pareto: {
    request: {
      readonly revision: string;
      readonly first: ObjectiveTerm;
      readonly second: ObjectiveTerm;
      readonly base: Pick<Objective, 'kl' | 'prior' | 'unique'>;
      readonly bounds: Bounds;
      readonly count: number;
    };
    result: readonly ParetoPoint[];
  };
  /** The optimum at every checkpoint of the runs. */
  schedule: {
    request: ScheduleQuestion & { readonly revision: string; readonly trajectory: Trajectory };
    result: readonly ScheduleMoment[];
  };
  /** How far each training run is from its nearest neighbour: total variation, 0..1, ascending. */
  neighbours: { request: { readonly revision: string }; result: Float64Array };
  /** Which domains go with which targets, apart from what targets are named after. */
  ties: {
    request: {
      readonly revision: string;
      /** Per target the index of the domain that it is named after; null = none. */
      readonly own: readonly (number | null)[];
    };
    result: Ties;
  };
  /** How domains go with targets over some of the training runs. */
  interactions: {
    request: {
      readonly revision: string;
      /** Of the training runs, ascending. */
      readonly rows: Int32Array;
    };
    result: Interactions;
  };
  /** The next mixtures to train proxies on. */
  propose: {
    request: Omit<FitRequest, 'target'> &
      Pick<StudyProposalRequest, 'objective' | 'bounds' | 'count'>;
    result: ProposedRound;
  };
};

/** A problem with the keys under which the worker caches what it prepared. */
export interface OptimumProblem extends Problem {
  /** Equal keys mean equal problems: preparing one again is free. */
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
  /** What every pin of an optimum costs: see {@link PinCosts}. */
  pinCosts: {
    request: {
      readonly key: string;
      readonly engine: EngineId;
      readonly topK: number;
      /** D, the optimum with all pins. */
      readonly weights: Float64Array;
      /** Per pin its domain and the bounds without it, which must be feasible. */
      readonly pins: readonly { readonly domain: number; readonly wider: Bounds }[];
    };
    result: PinCosts;
  };
};

/** `workers/runs.worker.ts`: files are read first, and built into runs once the user has agreed. */
export type RunsMethods = {
  read: { request: readonly (SourceFile | NamedText)[]; result: Recognition };
  build: {
    request: { readonly recognition: Recognition; readonly options: BuildOptions };
    result: StudyRuns;
  };
  /** What building would make of the files. */
  foresee: {
    request: { readonly recognition: Recognition; readonly options: BuildOptions };
    result: Foreseen;
  };
  /** A file from another site, fetched with the user's consent. */
  fetch: { request: { readonly url: string }; result: FetchedFile };
  /** A whole study from `.regmix.json`, its id as in the file. */
  readStudy: { request: SourceFile | NamedText; result: OpenedStudy };
  /** A whole study as `.regmix.json`. */
  writeStudy: { request: OpenedStudy; result: Blob };
};

/** `workers/corpora.worker.ts`: text becomes tokens. */
export type CorporaMethods = {
  builtIn: { request: { readonly manifest: string }; result: LoadedCorpora };
  files: {
    request: { readonly files: readonly { readonly path: string; readonly file: Blob }[] };
    result: LoadedCorpora;
  };
  addresses: { request: { readonly urls: readonly string[] }; result: LoadedCorpora };
};

/**
 * `workers/onnx.worker.ts`: exports models to ONNX and compares them with onnxruntime-web; imports ONNX
 * models and runs them.
 */
export type OnnxMethods = {
  export: {
    request: {
      /** URL of the folder that serves the runtime. */
      readonly folder: string;
      readonly model: Model;
      readonly labels: OnnxLabels;
      readonly comparison: Comparison;
    };
    result: OnnxFile;
  };
  import: {
    request: {
      readonly folder: string;
      readonly file: Blob;
      readonly domains: readonly Domain[];
      /** Names of the file's inputs where it does not name them; empty = the study's order. */
      readonly order: readonly string[];
      readonly comparison: Comparison;
    };
    result: ReadModel;
  };
  /** Opens an imported model; it stays open until the worker ends. */
  open: {
    request: { readonly folder: string; readonly model: string; readonly source: OnnxSource };
    result: null;
  };
  /** Predictions of a model that is open: N finite values for N x D mixtures. */
  predict: {
    request: { readonly model: string; readonly mixtures: Matrix };
    result: Float64Array;
  };
};
