import type { Matrix } from '../../matrix';

/**
 * A family of curves y = f(parameters, mixture) with a Gaussian prior on its P parameters, which are
 * transformed (log, logit) so that every real number is allowed.
 */
export interface Curve {
  /** P names nothing: parameters are known by their place. Prior means. */
  readonly priorMean: Float64Array;
  /** P prior standard deviations, > 0. */
  readonly priorSd: Float64Array;
  /**
   * Values of all rows, and their derivatives.
   *
   * @param parameters P
   * @param values N entries, overwritten
   * @param jacobian N x P entries, row-major, overwritten; null = only values
   */
  fill(parameters: Float64Array, values: Float64Array, jacobian: Float64Array | null): void;
}

/** Makes the curve of one family for the rows of a sample. */
export type CurveOf = (features: Matrix, scaled: ScaledValues) => Curve;

/**
 * Values on the scale that priors are stated for: lower is better, the best row is at `least`, and
 * the standard deviation is `spread`. y = shift + sign * unit * scaled.
 */
export interface ScaledValues {
  readonly values: Float64Array;
  readonly sign: 1 | -1;
  readonly shift: number;
  readonly unit: number;
}
