/** A dense table of numbers, row-major: entry (row, column) is `values[row * columns + column]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** rows * columns entries. */
  readonly values: Float64Array;
}

/** A matrix of zeros. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** A matrix with the given rows. Throws a RangeError when the rows differ in length. */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows.length === 0 ? 0 : rows[0].length;
  const matrix = zeros(rows.length, columns);
  rows.forEach((row, index) => {
    if (row.length !== columns) {
      throw new RangeError(`row ${index} has ${row.length} entries, expected ${columns}`);
    }
    matrix.values.set(row, index * columns);
  });
  return matrix;
}

/** One row, as a view on the matrix: writing to it writes to the matrix. */
export function rowOf(matrix: Matrix, row: number): Float64Array {
  return matrix.values.subarray(row * matrix.columns, (row + 1) * matrix.columns);
}

/** One column, as a copy. */
export function columnOf(matrix: Matrix, column: number): Float64Array {
  const out = new Float64Array(matrix.rows);
  for (let row = 0; row < matrix.rows; row++) {
    out[row] = matrix.values[row * matrix.columns + column];
  }
  return out;
}

/** The rows with the given indices, in that order, as a copy. */
export function selectRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const out = zeros(indices.length, matrix.columns);
  for (let row = 0; row < indices.length; row++) {
    out.values.set(rowOf(matrix, indices[row]), row * matrix.columns);
  }
  return out;
}
