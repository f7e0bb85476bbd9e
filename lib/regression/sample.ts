import { columnOf, type Matrix, selectRows } from '../matrix';
import type { RunTable } from '../study/types';
import type { Sample } from './types';

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

/** The rows with the given indices; all of them must be measured. */
export function sampleOf({ features, values }: TargetRows, rows: Int32Array): Sample {
  return {
    features: selectRows(features, rows),
    values: Float64Array.from(rows, (row) => values[row]),
  };
}
