/** Bayesian least squares for a curve of a few parameters: Levenberg-Marquardt with the analytic Jacobian, and leave-one-out residuals from its last step. */
import type { Job } from '../../model/job';
import type { Matrix } from '../../model/matrix';
import { standardDeviation } from '../../model/statistics';
import type { Target } from '../../model/study';

/** A step that lowers the cost by less than this share of it ends the search. */
const tolerance = 1e-5;
const maxSteps = 120;

/** Result of a search for the most probable parameters. */
export interface CurveFit {
  /** P. */
  readonly parameters: Float64Array;
  /** Sum of squared residuals plus the prior's penalty. */
  readonly cost: number;
}

/**
 * Most probable parameters of a curve by Levenberg and Marquardt's method with the analytic Jacobian
 * (Marquardt 1963; damping after Nielsen 1999), from each of several starts; the fit of lowest cost is
 * returned.
 *
 * @param target N values
 * @param penalty weight of the prior: its term is penalty^2 * sum ((parameter - mean) / sd)^2
 * @param starts P entries each, at least one
 */
export function* fitCurve(
  curve: Curve,
  target: Float64Array,
  penalty: number,
  starts: readonly Float64Array[],
): Job<CurveFit> {
  let best: CurveFit | null = null;
  for (const [index, start] of starts.entries()) {
    const found = yield* descend(curve, target, penalty, start, index, starts.length);
    if (best === null || found.cost < best.cost) best = found;
  }
  if (best === null) throw new RangeError('a fit needs at least one start');
  return best;
}

function* descend(
  curve: Curve,
  target: Float64Array,
  penalty: number,
  start: Float64Array,
  index: number,
  total: number,
): Job<CurveFit> {
  const n = target.length;
  const count = start.length;
  const parameters = Float64Array.from(start);
  const trial = new Float64Array(count);
  const values = new Float64Array(n);
  const trialValues = new Float64Array(n);
  const jacobian = new Float64Array(n * count);
  const gram = new Float64Array(count * count);
  const damped = new Float64Array(count * count);
  const slope = new Float64Array(count);
  const step = new Float64Array(count);

  curve.fill(parameters, values, jacobian);
  let cost = costOf(curve, parameters, values, target, penalty);
  let damping = 1e-2;
  let growth = 2;
  let isFresh = true;
  for (let steps = 0; steps < maxSteps; steps++) {
    if (isFresh) {
      normalEquations(curve, parameters, values, target, penalty, jacobian, gram, slope);
      isFresh = false;
      yield { done: index * maxSteps + steps, total: total * maxSteps, unit: 'steps' };
    }
    damped.set(gram);
    for (let i = 0; i < count; i++) damped[i * count + i] *= 1 + damping;
    if (!factorise(damped, count)) {
      damping *= growth;
      growth *= 2;
      continue;
    }
    step.set(slope);
    solveFactorised(damped, count, step);
    let predicted = 0;
    for (let i = 0; i < count; i++) {
      trial[i] = parameters[i] + step[i];
      predicted += step[i] * (slope[i] + damping * gram[i * count + i] * step[i]);
    }
    curve.fill(trial, trialValues, null);
    const trialCost = costOf(curve, trial, trialValues, target, penalty);
    const gained = cost - trialCost;
    if (!(gained > 0)) {
      // No direction improves the cost any more, or the damping is too strong.
      if (predicted < tolerance * tolerance * cost || damping > 1e12) break;
      damping *= growth;
      growth *= 2;
      continue;
    }
    const isSettled = gained < tolerance * cost && predicted < tolerance * cost;
    parameters.set(trial);
    cost = trialCost;
    damping *= Math.max(1 / 3, 1 - (2 * (gained / predicted) - 1) ** 3);
    growth = 2;
    if (isSettled) break;
    curve.fill(parameters, values, jacobian);
    isFresh = true;
  }
  return { parameters, cost };
}

function costOf(
  { priorMean, priorSd }: Curve,
  parameters: Float64Array,
  values: Float64Array,
  target: Float64Array,
  penalty: number,
): number {
  let cost = 0;
  for (let row = 0; row < target.length; row++) cost += (target[row] - values[row]) ** 2;
  for (let i = 0; i < parameters.length; i++) {
    cost += (penalty * ((parameters[i] - priorMean[i]) / priorSd[i])) ** 2;
  }
  return Number.isFinite(cost) ? cost : Number.POSITIVE_INFINITY;
}

/** Gauss and Newton's matrix (lower triangle mirrored) and the direction of steepest descent. */
function normalEquations(
  { priorMean, priorSd }: Curve,
  parameters: Float64Array,
  values: Float64Array,
  target: Float64Array,
  penalty: number,
  jacobian: Float64Array,
  gram: Float64Array,
  slope: Float64Array,
): void {
  const n = target.length;
  const count = parameters.length;
  gram.fill(0);
  slope.fill(0);
  // Four rows at a time: the matrix is read and written a quarter as often.
  for (let row = 0; row < n; row += 4) {
    const last = Math.min(row + 4, n);
    if (last - row < 4) {
      for (let each = row; each < last; each++) {
        const start = each * count;
        const residual = target[each] - values[each];
        for (let i = 0; i < count; i++) {
          const left = jacobian[start + i];
          slope[i] += left * residual;
          for (let j = 0; j <= i; j++) gram[i * count + j] += left * jacobian[start + j];
        }
      }
      continue;
    }
    const a = row * count;
    const b = a + count;
    const c = b + count;
    const d = c + count;
    const residualA = target[row] - values[row];
    const residualB = target[row + 1] - values[row + 1];
    const residualC = target[row + 2] - values[row + 2];
    const residualD = target[row + 3] - values[row + 3];
    for (let i = 0; i < count; i++) {
      const left = jacobian[a + i];
      const leftB = jacobian[b + i];
      const leftC = jacobian[c + i];
      const leftD = jacobian[d + i];
      slope[i] += left * residualA + leftB * residualB + leftC * residualC + leftD * residualD;
      const into = i * count;
      for (let j = 0; j <= i; j++) {
        gram[into + j] +=
          left * jacobian[a + j] +
          leftB * jacobian[b + j] +
          leftC * jacobian[c + j] +
          leftD * jacobian[d + j];
      }
    }
  }
  for (let i = 0; i < count; i++) {
    const precision = (penalty / priorSd[i]) ** 2;
    gram[i * count + i] += precision;
    slope[i] -= precision * (parameters[i] - priorMean[i]);
    for (let j = 0; j < i; j++) gram[j * count + i] = gram[i * count + j];
  }
}

/**
 * Leverage of every row in Gauss and Newton's matrix: how far a unit change of its value would move the
 * prediction of the row, 0..1. Their sum is the number of parameters that the rows determine.
 *
 * @returns N leverages; zeros where the matrix cannot be factorised
 */
export function* leveragesOf(
  curve: Curve,
  target: Float64Array,
  penalty: number,
  parameters: Float64Array,
): Job<Float64Array> {
  const n = target.length;
  const count = parameters.length;
  const values = new Float64Array(n);
  const jacobian = new Float64Array(n * count);
  const gram = new Float64Array(count * count);
  const slope = new Float64Array(count);
  const leverages = new Float64Array(n);
  curve.fill(parameters, values, jacobian);
  normalEquations(curve, parameters, values, target, penalty, jacobian, gram, slope);
  if (!factorise(gram, count)) return leverages;
  const solved = new Float64Array(count);
  for (let row = 0; row < n; row++) {
    const gradient = jacobian.subarray(row * count, (row + 1) * count);
    solved.set(gradient);
    solveFactorised(gram, count, solved);
    for (let i = 0; i < count; i++) leverages[row] += gradient[i] * solved[i];
    if (row % 64 === 0) yield { done: row, total: n, unit: 'rows' };
  }
  return leverages;
}

/**
 * Predictions of the fitted rows, each as if fitted without it: to first order, by the leverage h of
 * the row, the left-out residual is residual / (1 - h) (Cook and Weisberg 1982, section 2.2, there exact
 * for linear models).
 *
 * @returns N values
 */
export function* leaveOneOutCurve(
  curve: Curve,
  target: Float64Array,
  penalty: number,
  parameters: Float64Array,
): Job<Float64Array> {
  const values = new Float64Array(target.length);
  curve.fill(parameters, values, null);
  const leverages = yield* leveragesOf(curve, target, penalty, parameters);
  return values.map((value, row) => {
    const rest = Math.max(0.05, 1 - leverages[row]);
    return target[row] - (target[row] - value) / rest;
  });
}

/**
 * Cholesky factor of a small symmetric positive definite matrix, in its lower triangle.
 *
 * @param matrix count x count, row-major, overwritten
 * @returns false when it is not positive definite
 */
function factorise(matrix: Float64Array, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const row = i * count;
    for (let j = 0; j <= i; j++) {
      const other = j * count;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k];
      if (j < i) {
        matrix[row + j] = sum / matrix[other + j];
      } else {
        if (!(sum > 0)) return false;
        matrix[row + i] = Math.sqrt(sum);
      }
    }
  }
  return true;
}

/** Solves with a factor of {@link factorise}; `right` is overwritten with the solution. */
function solveFactorised(factor: Float64Array, count: number, right: Float64Array): void {
  for (let i = 0; i < count; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= factor[i * count + k] * right[k];
    right[i] = sum / factor[i * count + i];
  }
  for (let i = count - 1; i >= 0; i--) {
    let sum = right[i];
    for (let k = i + 1; k < count; k++) sum -= factor[k * count + i] * right[k];
    right[i] = sum / factor[i * count + i];
  }
}

/**
 * The scale that the priors assume: the best run at 3 with a standard deviation of 0.5, as losses in nats per
 * token usually are. Chosen by cross-validation on the published training runs among 0.5, 0.8 and 1 around 2
 * and 3; all of them were within 0.0002 of rho.
 */
const expected = { least: 3, spread: 0.5 };

/** Scales values to what the priors assume, so that a fit does not depend on the target's unit. */
export function scaleValues(
  values: Float64Array,
  direction: Target['direction'] = 'lower',
): ScaledValues {
  const sign = direction === 'lower' ? 1 : -1;
  const spread = standardDeviation(values);
  const unit = spread > 0 ? spread / expected.spread : 1;
  const best = values.reduce((low, value) => Math.min(low, sign * value), Number.POSITIVE_INFINITY);
  const shift = sign * (best - expected.least * unit);
  return onScale(values, { sign, shift, unit });
}

/** The same values on a scale that is already known. */
function onScale(
  values: Float64Array,
  { sign, shift, unit }: Omit<ScaledValues, 'values'>,
): ScaledValues {
  return { sign, shift, unit, values: values.map((value) => (sign * (value - shift)) / unit) };
}

/**
 * A family of curves y = f(parameters, mixture) with a Gaussian prior on its P parameters, which are
 * transformed (log, logit) so that every real number is allowed.
 */
export interface Curve {
  /** P prior means; parameters are identified by their index. */
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
