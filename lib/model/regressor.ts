/** Fitted models of every kind, the interface of regressors, and reports of fits. */
import type { Job } from './job';
import type { Matrix } from './matrix';

/** Which way is better: `lower` for a loss, `higher` for a score. */
export type Direction = 'lower' | 'higher';

/**
 * Which regressor. `law` is the effective-data law, `law+gp` the law with a Gaussian process on what it
 * misses, `gp` a Gaussian process alone, `mean` the mean of law and process; `gbdt` and `gbdt-paper` are the
 * same trees with different ways to choose rounds; `imported` is a model that was fitted elsewhere.
 */
export type RegressorId =
  | 'law+gp'
  | 'law'
  | 'gp'
  | 'mean'
  | 'mixing-law'
  | 'autoscale'
  | 'bimix'
  | 'gbdt'
  | 'gbdt-paper'
  | 'ridge'
  | 'ols'
  | 'imported';

/** N rows of D features with the value to predict for each. */
export interface Sample {
  /** N x D. */
  readonly features: Matrix;
  /** N finite values. */
  readonly values: Float64Array;
}

/** Options of a fit. */
export interface FitOptions {
  /** Seeds every random draw of the fit. */
  readonly seed: number;
  /** Laws: whether useful data lowers the target (a loss, the default) or raises it (a score). */
  readonly direction?: Direction;
  /** Trees: fewest rows a leaf may hold; by default LightGBM's 20, scaled by n / 512 below n = 512. */
  readonly minRowsPerLeaf?: number;
  /** Ridge: penalty on squared coefficients of centred weights, >= 0; by default chosen by leave-one-out. */
  readonly penalty?: number;
  /** Trees: boosting rounds; by default chosen by cross-validation (`gbdt`) or early stopping (`gbdt-paper`). */
  readonly rounds?: number;
}

/** y = intercept + sum_j coefficients[j] * x[j]. */
export interface LinearModel {
  readonly kind: 'linear';
  readonly intercept: number;
  /** D. */
  readonly coefficients: Float64Array;
  /** Ridge penalty used; 0 for ordinary least squares. */
  readonly penalty: number;
}

/**
 * A sum of regression trees in flat arrays. Tree t owns the inner nodes `nodeStart[t] ..
 * nodeStart[t + 1]` and the leaves `leafStart[t] .. leafStart[t + 1]`. A row goes left at a node
 * when `x[feature] <= threshold`. A child c >= 0 is the inner node `nodeStart[t] + c`; a child
 * c < 0 is the leaf `leafStart[t] + (-1 - c)`. Node 0 of a tree is its root; a tree with a single
 * leaf has no nodes.
 */
export interface TreeModel {
  readonly kind: 'trees';
  /** D. */
  readonly features: number;
  /** Number of trees, T. */
  readonly rounds: number;
  readonly nodeStart: Int32Array; // T + 1
  readonly leafStart: Int32Array; // T + 1
  readonly feature: Int32Array; // per inner node
  readonly threshold: Float64Array; // per inner node
  readonly left: Int32Array; // per inner node
  readonly right: Int32Array; // per inner node
  readonly gain: Float64Array; // per inner node: reduction of the loss by its split
  readonly value: Float64Array; // per leaf, learning rate applied; tree 0 carries the starting mean
}

/**
 * The effective-data law: y = constant + sign * (base + sum_i amounts[i] * (r_i + offset)^powers[i])^-exponent.
 * Each domain contributes effective data with diminishing returns; with all powers below 1 the inner
 * sum is concave, so that the loss is convex in r.
 */
export interface LawModel {
  readonly kind: 'law';
  /** 1 where data lowers the target (a loss), -1 where it raises it (a score). */
  readonly sign: 1 | -1;
  readonly constant: number;
  /** > 0. */
  readonly base: number;
  /** > 0. */
  readonly exponent: number;
  /** D, > 0. */
  readonly amounts: Float64Array;
  /** D, 0..1. */
  readonly powers: Float64Array;
  /** > 0: keeps powers of an absent domain finite. */
  readonly offset: number;
  /** Where predictions end; absent where nothing bounds them. */
  readonly range?: PredictionRange;
}

/**
 * The values that a model predicts. Beyond `low + slack` and `high - slack` predictions bend, without a step
 * in value or slope, towards `low` and `high`: the order of mixtures stays, and so does their optimum.
 */
export interface PredictionRange {
  readonly low: number;
  /** >= low + 2 slack. */
  readonly high: number;
  /** >= 0. */
  readonly slack: number;
}

/**
 * The effective-data law, corrected by Gaussian processes and shrunk to the mean: with e the mean of the
 * processes at r,
 * y = centre + share * (asymptote + (law(r) - asymptote) * exp(e) - centre), within `range`.
 */
export interface CorrectedLawModel {
  readonly kind: 'corrected';
  readonly law: LawModel;
  /** Fitted to log((y - asymptote) / (law - asymptote)); at least one. Far from the runs they return to 0. */
  readonly processes: readonly GaussianProcessModel[];
  /** What no mixture reaches: below every loss and the law (above, for a score). */
  readonly asymptote: number;
  /** Mean of the runs. */
  readonly centre: number;
  /** 0..1: how much of the difference to the mean holds for runs that the fit has not seen. */
  readonly share: number;
  readonly range: PredictionRange;
}

/**
 * Data Mixing Laws (Ye et al. 2024, section 3; olmix's log-linear regressor):
 * y = constant + sign * exp(intercept + sum_j coefficients[j] * r_j).
 */
export interface ExponentialModel {
  readonly kind: 'exponential';
  readonly sign: 1 | -1;
  readonly constant: number;
  readonly intercept: number;
  /** D. */
  readonly coefficients: Float64Array;
}

/**
 * A sum of powers, one per domain: y = constant + sign * sum_i scales[i] * (offsets[i] + r_i)^-exponents[i].
 * AutoScale and BiMix are both of this form.
 */
export interface PowersModel {
  readonly kind: 'powers';
  readonly sign: 1 | -1;
  readonly constant: number;
  /** D, > 0. */
  readonly scales: Float64Array;
  /** D, > 0. */
  readonly offsets: Float64Array;
  /** D, > 0. */
  readonly exponents: Float64Array;
}

/**
 * A Gaussian process on the features log(r + offset): Matern 5/2 with a length per domain, plus a
 * linear term (Rasmussen and Williams 2006, sections 2.2 and 4.2).
 */
export interface GaussianProcessModel {
  readonly kind: 'gp';
  /** Added to weights before the logarithm, > 0. */
  readonly offset: number;
  /** N x D features of the rows conditioned on, centred: log(r + offset) - centre. */
  readonly inputs: Matrix;
  /** D. */
  readonly centre: Float64Array;
  /** D length scales, > 0, in units of the features. */
  readonly lengths: Float64Array;
  /** Variance of the Matern term, in squared units of the target. */
  readonly variance: number;
  /** Variance of a coefficient of the linear term. */
  readonly linearVariance: number;
  /** Variance of the noise. */
  readonly noise: number;
  /** Mean of the values conditioned on. */
  readonly mean: number;
  /** N: (K + noise I)^-1 (y - mean). */
  readonly alpha: Float64Array;
}

/** y = sum_p weights[p] * models[p](r). */
export interface SumModel {
  readonly kind: 'sum';
  readonly weights: readonly number[];
  readonly models: readonly SmoothModel[];
}

/** Models whose prediction changes smoothly with the mixture, and which have a gradient. */
export type SmoothModel =
  | LinearModel
  | LawModel
  | ExponentialModel
  | PowersModel
  | GaussianProcessModel
  | CorrectedLawModel
  | SumModel;

/** Models that are evaluated in this thread, one mixture at a time. */
export type RowModel = TreeModel | SmoothModel;

/**
 * An imported model that onnxruntime evaluates. This is only a reference to it: the file is part of the study
 * (`ImportedModel`), and predictions are requested in batches.
 */
export interface OnnxModel {
  readonly kind: 'onnx';
  /** Id of the imported model. */
  readonly id: string;
  /** D. */
  readonly features: number;
}

/** Every model: plain data, so that it crosses to a worker as it is. */
export type Model = RowModel | OnnxModel;

/** Metadata of a regressor without its fitting code: all that the page needs. */
export interface RegressorInfo {
  readonly id: RegressorId;
  /** Display name: `LightGBM trees`. */
  readonly name: string;
  /** One sentence on how it is computed. */
  readonly description: string;
  /** A faster regressor that is shown while this one is being fitted; absent when this one is fast. */
  readonly preliminary?: RegressorId;
  /** The regressors that this one is the mean of; it is assessed from their assessments. */
  readonly meanOf?: readonly RegressorId[];
  /** Fewest rows that a fit over `domains` features accepts. */
  minimumRows(domains: number): number;
  /** Whether it uses the weights as recorded in the file, before rows are renormalised. */
  readonly usesRecordedWeights: boolean;
  /** Whether it was fitted elsewhere, so that it may have seen any run of the study. */
  readonly mayHaveSeenRuns?: boolean;
  /** Whether it chooses its rounds on a test set (and so may not report on that set as unseen). */
  readonly stopsOnTestSet: boolean;
}

/**
 * One way to learn a target from mixtures. Add a regressor by describing it in
 * `lib/regression/catalogue.ts`, implementing this and listing it in `lib/regression/regressors.ts`;
 * every panel, statistic, optimum engine and command then has it.
 */
export interface Regressor extends RegressorInfo {
  /**
   * @param sample training rows
   * @param stopping rows for early stopping; required when `stopsOnTestSet`, else ignored
   * @throws StageError when there are too few rows or all values are equal
   */
  fit(sample: Sample, options: FitOptions, stopping?: Sample): Job<RowModel>;
  /**
   * The fit with what it predicts out of fold for its own rows, where it makes those anyway. Runs of equal
   * mixtures are in one fold.
   */
  crossFit?(sample: Sample, options: FitOptions): Job<CrossFit>;
  /**
   * A cheaper fit, for ranks alone: it puts mixtures in the order in which `fit` does where that tells them
   * apart. Absent where `fit` is as cheap.
   */
  fitRanks?(sample: Sample, options: FitOptions): Job<RowModel>;
  /**
   * Predictions of the sample's own rows, each by a fit without it (hyperparameters are those of the whole
   * fit); absent where they need refits.
   *
   * @param model what `fit` returned for this sample
   */
  leaveOneOut?(sample: Sample, model: RowModel, options: FitOptions): Job<Float64Array>;
  /**
   * A fit to other rows of the same study, starting from the given model: a law from its parameters, a
   * Gaussian process with its hyperparameters. Absent where that saves nothing.
   */
  refit?(sample: Sample, model: RowModel, options: FitOptions): Job<RowModel>;
}

/** A fit with what fits to other rows predict for each row of its sample. */
export interface CrossFit {
  readonly model: RowModel;
  /** N, in the target's unit. */
  readonly outOfFold: Float64Array;
}

/** How well predictions rank and match measured values. All on the same n rows. */
export interface FitStatistics {
  /** Runs. */
  readonly n: number;
  /** Different mixtures among them, 0..n. */
  readonly mixtures: number;
  /** Spearman's rho with average ranks for ties, -1..1; NaN when n < 3 or a side is constant. */
  readonly spearman: number;
  /** Percentile bootstrap 95% interval of rho, by mixtures; NaN with fewer than 3 of them. */
  readonly interval: readonly [number, number];
  readonly pearson: number;
  /** In the target's unit. */
  readonly rmse: number;
  /** In the target's unit. */
  readonly mae: number;
  /** Decision accuracy: share of pairs of runs that are predicted in their measured order, 0..1. */
  readonly pairsRight: number;
  /** Measured value of the run predicted best, minus the best one: >= 0, in the target's unit. */
  readonly topRegret: number;
}

/** Predictions for one test set. */
interface TestPrediction {
  readonly name: string;
  /** One per row of the test set. */
  readonly predicted: Float64Array;
  readonly statistics: FitStatistics;
  /** True when the fit stopped on these very rows, so that they are not unseen. */
  readonly usedForStopping: boolean;
  /** Share of the measured rows that lie within their bands, by level; null without band or rows. */
  readonly coverage: ByLevel<number | null>;
}

/** How one of two regimes is predicted. All on the same n rows. */
export interface RegimeStatistics {
  readonly n: number;
  /** Spearman's rho, -1..1; NaN when n < 3 or a side is constant. */
  readonly spearman: number;
  /** In the target's unit. */
  readonly rmse: number;
}

/** Both sides of one set of rows. */
export interface RegimeRows {
  /** Name of the test set; null = the training runs, out of fold. */
  readonly test: string | null;
  /** Mixtures without the domain. */
  readonly without: RegimeStatistics;
  readonly with: RegimeStatistics;
}

/** A target whose runs fall into two groups, far apart, by whether they have any of one domain. */
export interface Regimes {
  /** Index of the domain. */
  readonly domain: number;
  /** Weights up to it count as none of the domain, 0..1. */
  readonly least: number;
  /** The training runs, then the test sets. */
  readonly rows: readonly RegimeRows[];
}

/** Statistics of a fitted regressor for one target, as shown on the page. */
export interface FitReport {
  readonly regressor: RegressorId;
  /** Target id. */
  readonly target: string;
  /** Boosting rounds; 0 for regressors without. */
  readonly rounds: number;
  /** Fewest rows a leaf was allowed; 0 for regressors without leaves. */
  readonly minRowsPerLeaf: number;
  /**
   * Out-of-fold prediction per training row, for outliers that of the fit, which has not seen them; NaN where
   * the target was not measured.
   */
  readonly outOfFold: Float64Array;
  /** Training rows that are so far from the rest of the target that no fit uses them, ascending. */
  readonly outliers: readonly number[];
  /** Training rows that are far from what fits without them predict, ascending; fits hardly heed them. */
  readonly suspects: readonly number[];
  /** Statistics of the out-of-fold predictions. */
  readonly crossValidation: FitStatistics;
  readonly tests: readonly TestPrediction[];
  /** What the target's two regimes have for themselves; null where it has one. */
  readonly regimes: Regimes | null;
  /** Whether the training runs tell mixtures apart at all on this target, whatever the regressor. */
  readonly signal: Signal;
  /**
   * Prediction per training row by a fit without that row, where the regressor can compute it without refits;
   * else null. NaN where the target was not measured.
   */
  readonly leftOut: Float64Array | null;
  /** Bands that hold 80, 90 and 95% of unseen runs: conformal quantiles of |unseen residual|. */
  readonly bands: Bands;
  /** D shares, >= 0, summing to 1 (all 0 when no feature matters): split gain, or |coefficient| x sd. */
  readonly importance: Float64Array;
  /** Time of the final fit alone, without cross-validation. */
  readonly fitMs: number;
}

/** Rows of fewer mixtures say nothing of ranks. */
export const fewestJudged = 10;

/** The first test set of enough mixtures that the fit has not seen, by which it is judged; null = there is none. */
export function judgedTest({ tests }: Pick<FitReport, 'tests'>): TestPrediction | null {
  const isJudged = ({ usedForStopping, statistics }: TestPrediction) =>
    !usedForStopping && statistics.mixtures >= fewestJudged;
  return tests.find(isJudged) ?? null;
}

/** A fitted regressor for one target with its report. */
export interface Assessment extends FitReport {
  readonly model: Model;
}
/** A permutation test of the hypothesis that the value of a run does not depend on its mixture. */
export interface Signal {
  /** 0..1: share of permutations, the runs as they are included, that look as dependent. */
  readonly p: number;
  /** Number of permutations drawn. */
  readonly permutations: number;
}

/** Runs whose signal has a larger p than this do not tell mixtures apart. */
export const significance = 0.05;

/**
 * Bands round predictions that hold a share of unseen runs: their half-width at a prediction is
 * halfWidths[level] * exp(slope * z), with z = (prediction - centre) / spread, within -2.5..2.5.
 */
export interface Bands {
  /** Whose residuals the bands come from: each run left out alone, or with its fold, or none left out. */
  readonly rows: 'leave-one-out' | 'out-of-fold' | 'perhaps seen';
  /** Half-widths at the mean prediction, in the target's unit; null = too few runs for the level. */
  readonly halfWidths: ByLevel<number | null>;
  /** Mean of the predictions of unseen runs, in the target's unit. */
  readonly centre: number;
  /** Standard deviation of them, > 0. */
  readonly spread: number;
  /** How the logarithm of the half-width grows with z; 0 = the same everywhere. */
  readonly slope: number;
}

/** A share of unseen runs, in percent. */
export type BandLevel = (typeof bandLevels)[number];

type ByLevel<Value> = Readonly<Record<BandLevel, Value>>;

/** Shares of unseen runs, in percent, that bands are made for. */
export const bandLevels = [80, 90, 95] as const;
/** A model that was fitted elsewhere, for one target of a study. */
export interface ImportedModel {
  /** Identifies the model, for caches: equal ids have equal models. */
  readonly id: string;
  /** Target id. */
  readonly target: string;
  /** Name of the file that it came from. */
  readonly name: string;
  readonly model: Model;
  /** What the model is run from when it is of kind `onnx`; absent for models that an older page parsed. */
  readonly source?: OnnxSource;
}

/** An ONNX file with what its inputs are. */
export interface OnnxSource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Per input of the file, the place of its domain in the study: D places, each once. */
  readonly columns: readonly number[];
}
