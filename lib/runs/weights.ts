import type { Job } from '../job';
import { type Matrix, zeros } from '../matrix';
import { RunsError } from './errors';
import { numbersOf } from './study-columns';
import { type CsvColumn, type CsvTable, rowNumber } from './table';

/** Rows whose weights sum to this range are rounded, not wrong: they are renormalised. */
const acceptedSums = [0.99, 1.01] as const;

/** A sum this close to 1 is 1: what is left is the error of adding doubles. */
const exactly = 1e-12;
/** Keeps sums such as 0.99 and weights such as 1 inside their range in spite of that error. */
const slack = 1e-9;
const cellsPerSlice = 100_000;
const expected = 'a weight from 0 to 1';
const advice = 'A weight is the share of training tokens that come from a domain.';

/** The mixtures of a file. */
export interface Weights {
  /** N x D, each row >= 0 and summing to 1. */
  readonly mixtures: Matrix;
  /** N x D as in the file; absent when no row was renormalised. */
  readonly recorded?: Matrix;
  /** How many rows were renormalised. */
  readonly renormalised: number;
}

/**
 * Reads and checks the weights of some rows. Rows that sum to 0.99..1.01 are divided by their sum.
 * @param columns D columns, in the order that the mixtures shall have
 * @param rows indices of N rows, in the order that the mixtures shall have
 * @throws RunsError at a weight that is empty, no number, negative or above 1, and at a row with any
 *   other sum
 */
export function* readWeights(
  table: CsvTable,
  columns: readonly CsvColumn[],
  rows: Int32Array,
): Job<Weights> {
  const numbers = columns.map((column) => numbersOf(table, column, expected, advice));
  const recorded = zeros(rows.length, columns.length);
  const sums = new Float64Array(rows.length);
  const rowsPerSlice = Math.ceil(cellsPerSlice / columns.length);
  let renormalised = 0;
  for (let run = 0; run < rows.length; run++) {
    const row = rows[run];
    let sum = 0;
    for (let column = 0; column < columns.length; column++) {
      const weight = numbers[column][row];
      // NaN, an empty cell, fails this comparison too.
      if (!(weight >= 0 && weight <= 1 + slack)) refuseWeight(table, columns, numbers, row, column);
      sum += weight;
      // What lies above 1 here is the error of rounding.
      recorded.values[run * columns.length + column] = Math.min(1, weight);
    }
    if (sum < acceptedSums[0] - slack || sum > acceptedSums[1] + slack) refuseSum(table, row, sum);
    if (Math.abs(sum - 1) > exactly) renormalised++;
    sums[run] = sum;
    if (run % rowsPerSlice === 0) yield { done: run, total: rows.length, unit: 'rows' };
  }
  if (renormalised === 0) return { mixtures: recorded, renormalised };
  const mixtures = zeros(rows.length, columns.length);
  for (let run = 0; run < rows.length; run++) {
    const divisor = Math.abs(sums[run] - 1) > exactly ? sums[run] : 1;
    for (let entry = run * columns.length; entry < (run + 1) * columns.length; entry++) {
      mixtures.values[entry] = recorded.values[entry] / divisor;
    }
    if (run % rowsPerSlice === 0) yield { done: run, total: rows.length, unit: 'rows' };
  }
  return { mixtures, recorded, renormalised };
}

function refuseWeight(
  table: CsvTable,
  columns: readonly CsvColumn[],
  numbers: readonly Float64Array[],
  row: number,
  column: number,
): never {
  const weight = numbers[column][row];
  const sum = numbers.reduce((total, values) => total + (values[row] || 0), 0);
  const percentages = weight > 1 && sum > 50 && sum < 150;
  throw new RunsError(
    {
      file: table.name,
      row: rowNumber(table, row),
      column: columns[column].header,
      found: Number.isNaN(weight) ? 'an empty cell' : String(weight),
      expected,
    },
    percentages
      ? `The weights look like percentages: row ${rowNumber(table, row)} sums to ${Number(sum.toPrecision(6))}. Divide them by 100.`
      : advice,
  );
}

function refuseSum(table: CsvTable, row: number, sum: number): never {
  throw new RunsError(
    {
      file: table.name,
      row: rowNumber(table, row),
      found: `weights that sum to ${Number(sum.toPrecision(9))}`,
      expected: `a sum from ${acceptedSums[0]} to ${acceptedSums[1]}`,
    },
    'Check that every domain of the mixture has its column and that no other column is taken for one.',
  );
}
