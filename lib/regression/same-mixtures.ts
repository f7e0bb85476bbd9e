import type { Job } from '../job';
import { type Matrix, rowOf } from '../matrix';

/**
 * Weights are compared as whole billionths: what files write, and what renormalising leaves of it,
 * differs by far less or far more.
 */
const unit = 1e9;
/** Weights between two reports: a few milliseconds of work. */
const workPerReport = 500_000;

/**
 * Numbers the mixtures of tables over the same domains, so that rows of equal mixtures have equal
 * numbers whatever table they stand in. Takes O(N D) for N rows in all: rows are looked up by a hash
 * of their weights.
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

/** Mixes the bits of all weights, so that mixtures that differ in one land far apart. */
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
