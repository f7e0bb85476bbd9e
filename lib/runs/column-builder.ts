import { type Dialect, parseCell } from './numbers';
import { type BadCell, type CsvColumn, limits } from './table';

/** With more cells than this that are no numbers, a column is kept as text. */
const mostBadCells = 100;
const longestBadCell = 100;

/** Headers of columns that usually hold run ids; compared in lower case, blanks as `_`. */
export const idHeaders: readonly string[] = [
  'run_id',
  'run',
  'index',
  'id',
  'runid',
  'mixture_id',
  'mixture',
  'experiment_id',
  'experiment',
  'uid',
  'key',
  'hash',
  'name',
  'run_name',
];

/** A header as {@link idHeaders} writes it. */
export function idForm(header: string): string {
  return header.toLowerCase().replace(/[\s-]+/g, '_');
}

/**
 * A column while its file is being read: always numbers, and the text too for columns that may be
 * run ids and for columns that turn out to be text.
 */
export class ColumnBuilder {
  private numbers: Float64Array;
  private text: string[] | null;
  private readonly badCells: BadCell[] = [];
  private isText = false;
  private filled = 0;
  private numeric = 0;

  constructor(
    readonly header: string,
    keepText: boolean,
  ) {
    this.numbers = new Float64Array(64);
    this.text = keepText ? [] : null;
  }

  /** Makes room for rows, so that a long column is not copied again and again. */
  reserve(rows: number): void {
    if (rows <= this.numbers.length || this.isText) return;
    const wider = new Float64Array(rows);
    wider.set(this.numbers);
    this.numbers = wider;
  }

  /** Adds the cell of the next row; rows come in order and none is left out. */
  push(row: number, cell: string, dialect: Dialect): void {
    this.text?.push(detached(cell));
    if (this.isText) {
      if (cell.trim() !== '') this.filled++;
      return;
    }
    if (row >= this.numbers.length) this.reserve(Math.ceil(this.numbers.length * 1.5));
    const value = parseCell(cell, dialect);
    this.numbers[row] = value;
    if (!Number.isNaN(value)) {
      this.numeric++;
      this.filled++;
    } else if (cell.trim() !== '') {
      this.filled++;
      if (this.badCells.length < mostBadCells) {
        this.badCells.push({ row, text: detached(cell.slice(0, longestBadCell)) });
      } else {
        this.becomeText(row, cell);
      }
    }
  }

  finish(rows: number): CsvColumn {
    const { header, filled } = this;
    if (!this.isText && this.badCells.length > this.numeric) this.becomeText(rows, null);
    if (this.isText) return { header, numbers: null, text: this.text, badCells: [], filled };
    // A view costs nothing; a copy is worth it only where much of the memory would lie idle.
    const tight = this.numbers.length <= Math.max(rows * 1.25, 64);
    const numbers = tight ? this.numbers.subarray(0, rows) : this.numbers.slice(0, rows);
    return { header, numbers, text: this.text, badCells: this.badCells, filled };
  }

  private becomeText(rows: number, cell: string | null): void {
    if (this.text === null) {
      this.text = Array.from(this.numbers.subarray(0, rows), (value) =>
        Number.isNaN(value) ? '' : String(value),
      );
      for (const { row, text } of this.badCells) this.text[row] = text;
      if (cell !== null) this.text[rows] = detached(cell);
    }
    this.isText = true;
    this.numbers = new Float64Array(0);
  }
}

/**
 * The same text in memory of its own. A part of a string keeps the whole string alive in today's
 * engines: one long id would hold the entire file.
 */
function detached(text: string): string {
  return text.length < 13 ? text : text.slice(0, limits.cellCharacters).split('').join('');
}
