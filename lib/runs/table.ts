import type { Note } from './recognition';

/** Limits of one file; `readTable` refuses larger ones. */
export const limits = {
  /**
   * Characters of text. 100,000 rows of 200 weights in full precision take 420 million; engines end
   * at 536 million for one string.
   */
  characters: 500_000_000,
  columns: 2_000,
  /** Rows below the header. */
  rows: 1_000_000,
  /** Rows x columns, which take 8 bytes each. */
  cells: 60_000_000,
  /** Maximum characters of a text cell; longer ones are cut. */
  cellCharacters: 10_000,
  /** Characters of one row; a quote that is never closed would otherwise swallow the file. */
  rowCharacters: 4_000_000,
} as const;

/** A cell of a numeric column that holds something else. */
export interface BadCell {
  /** Index of the row, 0 = the first below the header. */
  readonly row: number;
  /** The cell, cut as text cells are: a dictionary may be long. */
  readonly text: string;
}

/**
 * One column of a CSV file. At least one of `numbers` and `text` is present; columns that may hold
 * run ids have both, so that `007` stays what it is.
 */
export interface CsvColumn {
  /** Unique in its table; `column 3` when the file leaves it empty. */
  readonly header: string;
  /** One per row, NaN where the cell is empty or no number; null when most cells are text. */
  readonly numbers: Float64Array | null;
  /** One per row, as in the file; null when only the numbers were stored. */
  readonly text: readonly string[] | null;
  /**
   * With `numbers`: every cell that is neither empty nor a number, in row order; of `NaN`, `NA` and other words
   * for "not measured" the first 100, the rest count as empty.
   */
  readonly badCells: readonly BadCell[];
  /** How many cells hold something: not empty, nor a word for "not measured". */
  readonly filled: number;
  /** Whether its numbers stand before a % sign; they are as written, `18.6%` is 18.6. */
  readonly isPercent: boolean;
  /** Whether most of its numbers were written with a suffix, as `70M`; absent = no. */
  readonly hasSuffixes?: boolean;
}

/** A file as columns. */
export interface CsvTable {
  /** File name. */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly CsvColumn[];
  /**
   * Row numbers as a spreadsheet shows them; null when row i is simply i + 2. Of JSON the number of the object,
   * from 1 up.
   */
  readonly rowNumbers: Int32Array | null;
  /** The decimal mark of most columns, for cells of columns that are text. */
  readonly decimal: '.' | ',';
  /** What was done to the file while it was read; absent = nothing to tell. */
  readonly notes?: readonly Note[];
  /** Rows that are no finished runs, as tables with the same columns; absent when none was left out. */
  readonly leftOut?: readonly CsvTable[];
}

/** The row number that a spreadsheet shows for a row of the table; the header is row 1. */
export function rowNumber(table: CsvTable, row: number): number {
  return table.rowNumbers === null ? row + 2 : table.rowNumbers[row];
}

/** A cell as text, whether the column kept its text or only its numbers. */
export function cellText(column: CsvColumn, row: number): string {
  if (column.text !== null) return column.text[row];
  const value = column.numbers === null ? Number.NaN : column.numbers[row];
  if (!Number.isNaN(value)) return column.isPercent ? `${value}%` : String(value);
  return column.badCells.find((cell) => cell.row === row)?.text ?? '';
}
