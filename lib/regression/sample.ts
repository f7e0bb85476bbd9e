/** Which rows of a study a fit sees, which of them share a mixture, and folds that keep those together. */

import { mersenne } from 'pure-rand/generator/mersenne';
import type { Job } from '../model/job';
import { columnOf, type Matrix, rowOf, selectRows } from '../model/matrix';
import type { Direction, Sample } from '../model/regressor';
import type { RunTable } from '../model/study';
import { outliersOf } from './outliers';

/** Rows of a table with one target, measured or not. */
export interface TargetRows {
  /** N x D. */
  readonly features: Matrix;
  /** N; NaN = not measured. */
  readonly values: Float64Array;
}

/**
 * One target of a table of runs.
 *
 * @param recorded whether to take the weights as the file has them, before rows were renormalised
 */
export function targetSample(table: RunTable, target: number, recorded: boolean): TargetRows {
  return {
    features: recorded ? (table.recorded ?? table.mixtures) : table.mixtures,
    values: columnOf(table.losses, target),
  };
}

/** Indices of the rows whose target was measured. */
export function measuredRows({ values }: TargetRows): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (Number.isFinite(values[row])) rows.push(row);
  return Int32Array.from(rows);
}

/** Indices of the rows that fits use: measured, and no {@link outliersOf outliers}. */
export function fittedRows(rows: TargetRows, direction: Direction | null = 'lower'): Int32Array {
  const outliers = new Set(outliersOf(rows.values, direction));
  return measuredRows(rows).filter((row) => !outliers.has(row));
}

/** The rows with the given indices; all of them must be measured. */
export function sampleOf({ features, values }: TargetRows, rows: Int32Array): Sample {
  return {
    features: selectRows(features, rows),
    values: Float64Array.from(rows, (row) => values[row]),
  };
}

/**
 * Weights are compared as whole billionths: rounding in files and renormalising change weights by far less,
 * and different mixtures differ by far more.
 */
const unit = 1e9;
/** Weights between two reports: a few milliseconds of work. */
const workPerReport = 500_000;

/**
 * Numbers the mixtures of tables over the same domains, so that rows of equal mixtures have equal numbers in
 * all tables. Takes O(N D) for N rows in all: rows are looked up by a hash of their weights.
 *
 * @param tables of D columns each
 * @returns per table and row a number from 0, in the order in which mixtures first occur
 */
export function* numberMixtures(tables: readonly Matrix[]): Job<Int32Array[]> {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  let slots = 4;
  while (slots < 2 * total) slots *= 2;
  /** By slot: the number of the mixture there, -1 = free. */
  const taken = new Int32Array(slots).fill(-1);
  /** By number: the row where the mixture first occurs. */
  const firsts: Float64Array[] = [];
  const numbers = tables.map(({ rows }) => new Int32Array(rows));
  let done = 0;
  for (const [table, matrix] of tables.entries()) {
    const rowsPerReport = Math.max(1, Math.floor(workPerReport / Math.max(1, matrix.columns)));
    for (let row = 0; row < matrix.rows; row++) {
      if (done++ % rowsPerReport === 0) yield { done, total, unit: 'rows' };
      const weights = rowOf(matrix, row);
      let slot = hashOf(weights) & (slots - 1);
      while (taken[slot] >= 0 && !isSame(firsts[taken[slot]], weights)) {
        slot = (slot + 1) & (slots - 1);
      }
      if (taken[slot] < 0) taken[slot] = firsts.push(weights) - 1;
      numbers[table][row] = taken[slot];
    }
  }
  return numbers;
}

function inUnits(weight: number): number {
  return (weight * unit + 0.5) | 0;
}

/** Mixes the bits of all weights, so that mixtures that differ in one get distant hashes. */
function hashOf(weights: Float64Array): number {
  let hash = 0;
  for (let domain = 0; domain < weights.length; domain++) {
    hash = Math.imul(hash ^ inUnits(weights[domain]), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let domain = 0; domain < a.length; domain++) {
    if (inUnits(a[domain]) !== inUnits(b[domain])) return false;
  }
  return true;
}

/** The rows 0..n-1 in random order; the same seed gives the same order. */
function shuffledRows(n: number, seed: number): Int32Array {
  const random = mersenne(seed | 0);
  const order = Int32Array.from({ length: n }, (_, row) => row);
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(((random.next() >>> 0) / 4294967296) * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Up to `most` of n rows, chosen at random, ascending. @param seed an integer */
export function pickRows(n: number, most: number, seed: number): Int32Array {
  return shuffledRows(n, seed).slice(0, most).sort();
}

/**
 * Splits n rows into folds whose sizes differ by at most one, at random.
 *
 * @param seed an integer; the same seed gives the same folds
 * @returns per fold its row indices, ascending
 */
export function splitFolds(n: number, folds: number, seed: number): Int32Array[] {
  const order = shuffledRows(n, seed);
  return Array.from({ length: folds }, (_, fold) =>
    order.filter((_, place) => place % folds === fold).sort(),
  );
}

/**
 * Splits runs into folds at random, with all runs of one mixture in the same fold: a fit that has seen a
 * mixture with another seed has seen it. The mixtures with most runs are placed first, each in the fold with
 * fewest, so that folds are as even as repeats allow. Without repeats these are the folds of
 * {@link splitFolds}.
 *
 * @param mixtures N x D, N >= 2
 * @param seed an integer; the same seed gives the same folds
 * @returns per fold its row indices, ascending; none is empty, and there are two at least
 */
export function* splitMixtures(mixtures: Matrix, folds: number, seed: number): Job<Int32Array[]> {
  const n = mixtures.rows;
  const [numbers] = yield* numberMixtures([mixtures]);
  const runsOf = new Map<number, number[]>();
  for (const row of shuffledRows(n, seed)) {
    const runs = runsOf.get(numbers[row]);
    if (runs) runs.push(row);
    else runsOf.set(numbers[row], [row]);
  }
  // With a single mixture there is nothing to keep together.
  if (runsOf.size < 2) return splitFolds(n, Math.min(folds, n), seed);
  const parts = Array.from({ length: Math.min(folds, runsOf.size) }, (): number[] => []);
  for (const runs of [...runsOf.values()].sort((a, b) => b.length - a.length)) {
    const smallest = parts.reduce((least, part) => (part.length < least.length ? part : least));
    smallest.push(...runs);
  }
  return parts.map((part) => Int32Array.from(part).sort());
}

/** The rows of 0..n-1 that are not in the fold, ascending. */
export function complementOf(fold: Int32Array, n: number): Int32Array {
  const inFold = new Set(fold);
  return Int32Array.from(
    Array.from({ length: n }, (_, row) => row).filter((row) => !inFold.has(row)),
  );
}
