import type { Job } from '../job';
import type { Matrix } from '../matrix';

/** Which regressor: `gbdt` and `gbdt-paper` are the same trees with different ways to choose rounds. */
export type RegressorId = 'ols' | 'ridge' | 'gbdt' | 'gbdt-paper';

/** N rows of D features with the value to predict for each. */
export interface Sample {
  /** N x D. */
  readonly features: Matrix;
  /** N finite values. */
  readonly values: Float64Array;
}

/** What a fit may be told beside its data. */
export interface FitOptions {
  /** Seeds every random draw of the fit. */
  readonly seed: number;
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

/** Every fitted model: plain data, so that it crosses to a worker and into a file as it is. */
export type Model = LinearModel | TreeModel;

/**
 * One way to learn a target from mixtures. Add a regressor by implementing this and listing it in
 * `lib/regression/regressors.ts`; every panel, statistic, optimum engine and command then has it.
 */
export interface Regressor {
  readonly id: RegressorId;
  /** What people read: `LightGBM trees`. */
  readonly name: string;
  /** One sentence on how it is computed. */
  readonly description: string;
  /** Fewest rows that a fit over `domains` features accepts. */
  minimumRows(domains: number): number;
  /** Whether it reads the weights as recorded in the file, before rows are renormalised. */
  readonly usesRecordedWeights: boolean;
  /** Whether it chooses its rounds on a test set (and so may not report on that set as unseen). */
  readonly stopsOnTestSet: boolean;
  /**
   * @param sample training rows
   * @param stopping rows for early stopping; required when `stopsOnTestSet`, else ignored
   * @throws StageError when there are too few rows or all values are equal
   */
  fit(sample: Sample, options: FitOptions, stopping?: Sample): Job<Model>;
}

/** How well predictions rank and match measured values. All on the same n rows. */
export interface FitStatistics {
  readonly n: number;
  /** Spearman's rho with average ranks for ties, -1..1; NaN when n < 3 or a side is constant. */
  readonly spearman: number;
  /** Percentile bootstrap 95% interval of rho. */
  readonly interval: readonly [number, number];
  readonly pearson: number;
  /** In the target's unit. */
  readonly rmse: number;
  /** In the target's unit. */
  readonly mae: number;
}

/** Predictions for one test set. */
interface TestPrediction {
  readonly name: string;
  /** One per row of the test set. */
  readonly predicted: Float64Array;
  readonly statistics: FitStatistics;
  /** True when the fit stopped on these very rows, so that they are not unseen. */
  readonly usedForStopping: boolean;
}

/** What the page says about a fitted regressor for one target. */
export interface FitReport {
  readonly regressor: RegressorId;
  /** Target id. */
  readonly target: string;
  /** Boosting rounds; 0 for regressors without. */
  readonly rounds: number;
  /** Fewest rows a leaf was allowed; 0 for regressors without leaves. */
  readonly minRowsPerLeaf: number;
  /** Out-of-fold prediction per training row; NaN where the target was not measured. */
  readonly outOfFold: Float64Array;
  /** Statistics of the out-of-fold predictions. */
  readonly crossValidation: FitStatistics;
  readonly tests: readonly TestPrediction[];
  /** Half-width of the band that holds 90% of unseen runs: conformal quantile of |out-of-fold residual|. */
  readonly band90: number;
  /** D shares, >= 0, summing to 1 (all 0 when no feature matters): split gain, or |coefficient| x sd. */
  readonly importance: Float64Array;
  /** Time of the final fit alone, without cross-validation. */
  readonly fitMs: number;
}

/** A fitted regressor for one target with its report. */
export interface Assessment extends FitReport {
  readonly model: Model;
}
