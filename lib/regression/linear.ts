/** Ordinary and ridge least squares on weights. */
import type { Job } from '../model/job';
import type { LinearModel, Regressor, Sample } from '../model/regressor';
import { regressorInfo } from './catalogue';

/** Directions with a variance below this share of the largest are ignored. */
const rankTolerance = 1e-10;
/** Ridge penalties tried, as shares of the mean variance times n: from almost none to almost the mean. */
const penaltyGrid = Array.from({ length: 33 }, (_, step) => 10 ** (-8 + step * 0.375));
/** Multiplications between two reports: a few milliseconds of work. */
const workPerReport = 2_000_000;

/** The sample in the principal axes of its features. */
interface PrincipalFit {
  readonly n: number;
  /** D means of the features, and the mean of the values. */
  readonly centre: Float64Array;
  readonly meanValue: number;
  /** Axes with variance: their sums of squares, directions (rows of D) and products with the values. */
  readonly scale: readonly number[];
  readonly axes: readonly Float64Array[];
  readonly product: readonly number[];
}

/**
 * Ordinary least squares with an intercept. Weights sum to 1, so coefficients are only determined up to a
 * constant; of all solutions the one of least norm is returned (its coefficients sum to about 0: what one
 * point of a domain does when it is taken equally from all others).
 */
export function* fitOrdinaryLeastSquares(sample: Sample): Job<LinearModel> {
  return solve(yield* principalFit(sample), 0);
}

/**
 * Ridge regression on centred features (Hoerl and Kennard 1970).
 *
 * @param penalty >= 0 on the squared coefficients; null = the one of least leave-one-out error
 */
export function* fitRidge(sample: Sample, penalty: number | null): Job<LinearModel> {
  const fit = yield* principalFit(sample);
  if (penalty !== null) return solve(fit, penalty);
  return solve(fit, yield* choosePenalty(sample, fit));
}

function* principalFit({ features, values }: Sample): Job<PrincipalFit> {
  const { rows: n, columns: d } = features;
  const centre = new Float64Array(d);
  let meanValue = 0;
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < d; j++) centre[j] += features.values[row * d + j] / n;
    meanValue += values[row] / n;
  }
  if (n < d) return yield* dualFit({ features, values }, centre, meanValue);
  const gram = new Float64Array(d * d);
  const product = new Float64Array(d);
  const x = new Float64Array(d);
  const rowsPerReport = Math.max(1, Math.floor(workPerReport / (d * d)));
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < d; j++) x[j] = features.values[row * d + j] - centre[j];
    const y = values[row] - meanValue;
    for (let j = 0; j < d; j++) {
      if (x[j] === 0) continue;
      product[j] += x[j] * y;
      for (let k = 0; k <= j; k++) gram[j * d + k] += x[j] * x[k];
    }
    if (row % rowsPerReport === 0) yield { done: row, total: n, unit: 'rows' };
  }
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < j; k++) gram[k * d + j] = gram[j * d + k];
  }
  const eigen = yield* eigenOfSymmetric(gram, d);
  const largest = Math.max(...eigen.values);
  const kept = Array.from(eigen.values.keys()).filter(
    (axis) => eigen.values[axis] > rankTolerance * largest,
  );
  const axes = kept.map((axis) => eigen.vectors.subarray(axis * d, (axis + 1) * d));
  return {
    n,
    centre,
    meanValue,
    scale: kept.map((axis) => eigen.values[axis]),
    axes,
    product: axes.map((direction) => dot(direction, product)),
  };
}

/**
 * The same by the rows' products instead of the columns', for fewer rows than features: with X = U S V', X X' has
 * the eigenvectors U, from which the directions V follow.
 */
function* dualFit(
  { features, values }: Sample,
  centre: Float64Array,
  meanValue: number,
): Job<PrincipalFit> {
  const { rows: n, columns: d } = features;
  const x = features.values.map((value, cell) => value - centre[cell % d]);
  const rowOf = (row: number) => x.subarray(row * d, (row + 1) * d);
  const y = values.map((value) => value - meanValue);
  const gram = new Float64Array(n * n);
  const rowsPerReport = Math.max(1, Math.floor(workPerReport / (n * d)));
  for (let row = 0; row < n; row++) {
    for (let other = 0; other <= row; other++) {
      const product = dot(rowOf(row), rowOf(other));
      gram[row * n + other] = product;
      gram[other * n + row] = product;
    }
    if (row % rowsPerReport === 0) yield { done: row, total: n, unit: 'rows' };
  }
  const eigen = yield* eigenOfSymmetric(gram, n);
  const largest = Math.max(...eigen.values);
  const kept = Array.from(eigen.values.keys()).filter(
    (axis) => eigen.values[axis] > rankTolerance * largest,
  );
  const scale = kept.map((axis) => eigen.values[axis]);
  const left = kept.map((axis) => eigen.vectors.subarray(axis * n, (axis + 1) * n));
  const axes = left.map((vector, place) => {
    const direction = new Float64Array(d);
    for (let row = 0; row < n; row++) {
      const factor = vector[row] / Math.sqrt(scale[place]);
      const of = rowOf(row);
      for (let j = 0; j < d; j++) direction[j] += factor * of[j];
    }
    return direction;
  });
  const product = left.map((vector, place) => Math.sqrt(scale[place]) * dot(vector, y));
  return { n, centre, meanValue, scale, axes, product };
}

function solve({ centre, meanValue, scale, axes, product }: PrincipalFit, penalty: number) {
  const coefficients = new Float64Array(centre.length);
  axes.forEach((direction, axis) => {
    const factor = product[axis] / (scale[axis] + penalty);
    for (let j = 0; j < coefficients.length; j++) coefficients[j] += factor * direction[j];
  });
  const intercept = meanValue - dot(coefficients, centre);
  const model: LinearModel = { kind: 'linear', intercept, coefficients, penalty };
  return model;
}

/** Exact leave-one-out by the hat matrix: residual / (1 - leverage) for every penalty of the grid at once. */
function* choosePenalty({ features, values }: Sample, fit: PrincipalFit): Job<number> {
  const { rows: n, columns: d } = features;
  const meanScale = fit.scale.reduce((sum, value) => sum + value, 0) / Math.max(1, d);
  const penalties = penaltyGrid.map((share) => share * meanScale);
  const errors = new Float64Array(penalties.length);
  const x = new Float64Array(d);
  const rowsPerReport = Math.max(1, Math.floor(workPerReport / (d * (d + penalties.length))));
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < d; j++) x[j] = features.values[row * d + j] - fit.centre[j];
    const projected = fit.axes.map((direction) => dot(direction, x));
    penalties.forEach((penalty, index) => {
      let predicted = fit.meanValue;
      let leverage = 1 / n;
      projected.forEach((value, axis) => {
        const weight = value / (fit.scale[axis] + penalty);
        predicted += weight * fit.product[axis];
        leverage += weight * value;
      });
      errors[index] += ((values[row] - predicted) / Math.max(1e-12, 1 - leverage)) ** 2;
    });
    if (row % rowsPerReport === 0) yield { done: row, total: n, unit: 'rows' };
  }
  return penalties[errors.indexOf(Math.min(...errors))];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/** Models that are linear in the weights. */
export const linearRegressors: readonly Regressor[] = [
  {
    ...regressorInfo('ridge'),
    fit: (sample, options) => fitRidge(sample, options.penalty ?? null),
  },
  {
    ...regressorInfo('ols'),
    fit: (sample) => fitOrdinaryLeastSquares(sample),
  },
];

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** n, in no particular order. */
  readonly values: Float64Array;
  /** n x n row-major; row k is the unit eigenvector of `values[k]`. */
  readonly vectors: Float64Array;
}

const maxSweeps = 60;

/**
 * Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, section 8.5): slow beside other
 * methods, but accurate for the rank-deficient matrices that mixtures give.
 *
 * @param matrix n x n row-major, symmetric; left unchanged
 */
export function* eigenOfSymmetric(matrix: Float64Array, n: number): Job<SymmetricEigen> {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(n * n);
  for (let k = 0; k < n; k++) vectors[k * n + k] = 1;
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let p = 0; p < n; p++) {
      diagonal += a[p * n + p] ** 2;
      for (let q = p + 1; q < n; q++) off += a[p * n + q] ** 2;
    }
    if (off <= 1e-30 * diagonal || off === 0) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
      yield { done: sweep * n + p, total: maxSweeps * n, unit: 'rotations' };
    }
  }
  return { values: Float64Array.from({ length: n }, (_, k) => a[k * n + k]), vectors };
}

function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const pivot = a[p * n + q];
  if (pivot === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * pivot);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p];
    const kq = a[k * n + q];
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k];
    const qk = a[q * n + k];
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
    const vp = vectors[p * n + k];
    const vq = vectors[q * n + k];
    vectors[p * n + k] = c * vp - s * vq;
    vectors[q * n + k] = s * vp + c * vq;
  }
}
