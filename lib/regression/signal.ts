/** Whether the runs of a target tell mixtures apart at all: a permutation test. */
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Job } from '../model/job';
import { type Matrix, rowOf } from '../model/matrix';
import type { Signal } from '../model/regressor';
import { averageRanks } from '../model/statistics';
import { fittedRows, pickRows, type TargetRows } from './sample';

/** Added to weights before the logarithm. */
const offset = 0.006;
/** Rows tested at most, chosen at random: the work grows with their square. */
const maxRows = 512;
const maxPermutations = 999;
/** Multiplications in all: bounds permutations of many rows. */
const maxWork = 40_000_000;

/** Tests made for a table: several regressors are assessed on the same values. */
const made = new WeakMap<Matrix, { values: Float64Array; seed: number; signal: Signal }[]>();

/**
 * Tests whether values depend on mixtures, by y' K y: y the centred ranks of the values, K a kernel over
 * mixtures (the score test of a variance component; Liu, Lin and Ghosh 2007, section 3). Its distribution
 * without dependence is that over permutations of y (Good 2005, section 3.2), whatever the values' unit,
 * direction or distribution. The same seed gives the same permutations.
 */
export function* testSignal(rows: TargetRows, seed: number): Job<Signal> {
  const known = made.get(rows.features) ?? [];
  made.set(rows.features, known);
  const before = known.find(
    (one) =>
      one.seed === seed && one.values.every((value, row) => Object.is(value, rows.values[row])),
  );
  if (before) return before.signal;
  const signal = yield* permute(rows, seed);
  known.push({ values: rows.values, seed, signal });
  return signal;
}

function* permute(rows: TargetRows, seed: number): Job<Signal> {
  const measured = fittedRows(rows);
  const n = Math.min(measured.length, maxRows);
  const picked = pickRows(measured.length, n, seed).map((place) => measured[place]);
  const ranks = averageRanks(Float64Array.from(picked, (row) => rows.values[row]));
  const y = ranks.map((rank) => rank - (n + 1) / 2);
  const kernel = kernelOf(features(rows.features, picked));
  const permutations = Math.min(maxPermutations, Math.floor((2 * maxWork) / (n * n)));
  const random = mersenne(seed | 0);
  const measuredForm = quadraticForm(kernel, y);
  // Sums in another order differ by rounding.
  const least = measuredForm - 1e-9 * Math.abs(measuredForm);
  let exceeding = 0;
  for (let drawn = 0; drawn < permutations; drawn++) {
    if (drawn % 50 === 0) yield { done: drawn, total: permutations, unit: 'permutations' };
    for (let last = n - 1; last > 0; last--) {
      const other = Math.floor(((random.next() >>> 0) / 4294967296) * (last + 1));
      [y[last], y[other]] = [y[other], y[last]];
    }
    if (quadraticForm(kernel, y) >= least) exceeding++;
  }
  return { p: (1 + exceeding) / (1 + permutations), permutations };
}

/** Logarithms of weights, each domain standardised over the rows: n arrays of D. */
function features(mixtures: Matrix, rows: Int32Array): Float64Array[] {
  const logs = Array.from(rows, (row) =>
    rowOf(mixtures, row).map((weight) => Math.log(Math.max(0, weight) + offset)),
  );
  const n = logs.length;
  for (let domain = 0; domain < mixtures.columns; domain++) {
    const mean = logs.reduce((sum, log) => sum + log[domain] / n, 0);
    const variance = logs.reduce((sum, log) => sum + (log[domain] - mean) ** 2 / n, 0);
    const spread = Math.sqrt(variance) || 1;
    for (const log of logs) log[domain] = (log[domain] - mean) / spread;
  }
  return logs;
}

/** A linear kernel plus a Gaussian one, both of D features: n x n, row-major, its lower triangle. */
function kernelOf(logs: readonly Float64Array[]): Float64Array {
  const n = logs.length;
  const kernel = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const a = logs[i];
    for (let j = 0; j <= i; j++) {
      const b = logs[j];
      let product = 0;
      let squared = 0;
      for (let d = 0; d < a.length; d++) {
        product += a[d] * b[d];
        squared += (a[d] - b[d]) ** 2;
      }
      kernel[i * n + j] = product / a.length + Math.exp(-squared / (2 * a.length));
    }
  }
  return kernel;
}

/** y' K y from the lower triangle of K. */
function quadraticForm(kernel: Float64Array, y: Float64Array): number {
  const n = y.length;
  let form = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let at = i * n, j = 0; j < i; j++, at++) sum += kernel[at] * y[j];
    form += y[i] * (2 * sum + kernel[i * n + i] * y[i]);
  }
  return form;
}
