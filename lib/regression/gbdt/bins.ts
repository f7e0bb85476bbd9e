/** Bins of feature values for gradient boosting, by LightGBM's rules. */
import { StageError } from '../../model/errors';
import type { Job } from '../../model/job';
import type { Matrix } from '../../model/matrix';

/**
 * Feature values as small whole numbers: bin b of a feature holds the values up to its upper bound.
 * The rules are those of LightGBM 4 (Ke et al. 2017; its `bin.cpp`), for values >= 0, which
 * mixture weights are.
 */
export interface BinnedFeatures {
  readonly rows: number;
  readonly features: number;
  /** Per feature: ascending upper bounds of its bins, the last one infinite. */
  readonly upperBounds: readonly Float64Array[];
  /** Per feature: the bin that LightGBM does not store; its sums are the totals minus the other bins. */
  readonly impliedBin: Int32Array;
  /** Feature-major: the bin of (feature, row) is `codes[feature * rows + row]`. */
  readonly codes: Uint8Array;
}

/** LightGBM's defaults: at most 255 bins, of at least 3 rows each. */
const maxBins = 255;
const minRowsPerBin = 3;
/** Zero is a bin of its own; LightGBM's bound for it, a single-precision constant. */
const zeroBound = Math.fround(1e-35);
/** A bin with this share of all rows is implied rather than stored; without one, zero's bin is. */
const sparseShare = 0.7;

/**
 * Finds each feature's bins and the bin of every value.
 *
 * @param features N x D values >= 0
 * @throws StageError when a value is negative or not finite: mixture weights never are
 */
export function* binFeatures(features: Matrix): Job<BinnedFeatures> {
  const { rows, columns } = features;
  const codes = new Uint8Array(rows * columns);
  const impliedBin = new Int32Array(columns);
  const upperBounds: Float64Array[] = [];
  const sorted = new Float64Array(rows);
  for (let feature = 0; feature < columns; feature++) {
    for (let row = 0; row < rows; row++) {
      const value = features.values[row * columns + feature];
      if (!(value >= 0) || value === Number.POSITIVE_INFINITY) {
        throw new StageError('regression', `Trees need weights of at least 0, found ${value}.`);
      }
      sorted[row] = value;
    }
    const bounds = findBounds(sorted.sort());
    upperBounds.push(bounds);
    const counts = new Int32Array(bounds.length);
    for (let row = 0; row < rows; row++) {
      const code = binOf(bounds, features.values[row * columns + feature]);
      codes[feature * rows + row] = code;
      counts[code]++;
    }
    const most = Math.max(...counts);
    impliedBin[feature] = most >= sparseShare * rows ? counts.indexOf(most) : 0;
    yield { done: feature + 1, total: columns, unit: 'domains' };
  }
  return { rows, features: columns, upperBounds, impliedBin, codes };
}

/** The first bin whose upper bound is at least the value. */
export function binOf(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= bounds[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Other rows in the bins of `binned`, feature-major like its own codes. */
export function* codeRows(binned: BinnedFeatures, features: Matrix): Job<Uint8Array> {
  const { rows, columns } = features;
  const codes = new Uint8Array(rows * columns);
  for (let feature = 0; feature < columns; feature++) {
    const bounds = binned.upperBounds[feature];
    for (let row = 0; row < rows; row++) {
      codes[feature * rows + row] = binOf(bounds, features.values[row * columns + feature]);
    }
    yield { done: feature + 1, total: columns, unit: 'domains' };
  }
  return codes;
}

/** @param sorted ascending values >= 0 */
function findBounds(sorted: Float64Array): Float64Array {
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (value <= zeroBound) continue;
    const last = distinct.length - 1;
    // Neighbouring doubles count as one value, represented by the larger.
    if (last >= 0 && value <= nextUp(distinct[last])) {
      distinct[last] = value;
      counts[last]++;
    } else {
      distinct.push(value);
      counts.push(1);
    }
  }
  if (distinct.length === 0) return Float64Array.of(Number.POSITIVE_INFINITY);
  const positive =
    distinct.length <= maxBins - 1
      ? boundsOfFewValues(distinct, counts)
      : boundsOfManyValues(distinct, counts);
  return Float64Array.of(zeroBound, ...positive, Number.POSITIVE_INFINITY);
}

/** A bin closes as soon as it holds enough rows, half-way to the next value. */
function boundsOfFewValues(distinct: readonly number[], counts: readonly number[]): number[] {
  const bounds: number[] = [];
  let rowsInBin = 0;
  for (let index = 0; index < distinct.length - 1; index++) {
    rowsInBin += counts[index];
    if (rowsInBin >= minRowsPerBin && pushBound(bounds, distinct[index], distinct[index + 1])) {
      rowsInBin = 0;
    }
  }
  return bounds;
}

/** Bins of about equal size; a value that would fill a bin by itself gets one of its own. */
function boundsOfManyValues(distinct: readonly number[], counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bins = Math.max(1, Math.min(maxBins - 1, Math.floor(total / minRowsPerBin)));
  const isBig = counts.map((count) => count >= total / bins);
  let binsLeft = bins;
  let rowsLeft = total;
  counts.forEach((count, index) => {
    if (!isBig[index]) return;
    binsLeft--;
    rowsLeft -= count;
  });
  let meanSize = rowsLeft / binsLeft;
  const bounds: number[] = [];
  let closed = 0;
  let rowsInBin = 0;
  for (let index = 0; index < distinct.length - 1; index++) {
    if (!isBig[index]) rowsLeft -= counts[index];
    rowsInBin += counts[index];
    const nextIsBig = isBig[index + 1] && rowsInBin >= Math.max(1, meanSize * 0.5);
    if (!isBig[index] && rowsInBin < meanSize && !nextIsBig) continue;
    pushBound(bounds, distinct[index], distinct[index + 1]);
    closed++;
    if (closed >= bins - 1) break;
    rowsInBin = 0;
    if (!isBig[index]) {
      binsLeft--;
      meanSize = rowsLeft / binsLeft;
    }
  }
  return bounds;
}

/** Adds the bound between two values unless it is the last one again; returns whether it did. */
function pushBound(bounds: number[], below: number, above: number): boolean {
  const bound = nextUp((below + above) / 2);
  const last = bounds.at(-1);
  if (last !== undefined && bound <= nextUp(last)) return false;
  bounds.push(bound);
  return true;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The next double above a positive one. */
function nextUp(value: number): number {
  scratch.setFloat64(0, value);
  scratch.setBigUint64(0, scratch.getBigUint64(0) + 1n);
  return scratch.getFloat64(0);
}
