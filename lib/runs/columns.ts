/** Cells of one column to numbers or text, while its file is read. */
import { isNotMeasured, type NumberFormat, parseAs, plainFormat } from './numbers';
import { type BadCell, type CsvColumn, limits } from './table';

/** A column with more non-numeric cells than this is stored as text. */
const maxBadCells = 100;
const longestBadCell = 100;

/**
 * A column while its file is being read: always numbers, and the text too for columns that may be
 * run ids and for columns that turn out to be text.
 */
export class ColumnBuilder {
  private numbers: Float64Array;
  private text: string[] | null;
  private readonly badCells: BadCell[] = [];
  /** Bad cells that are no words for "not measured". */
  private wrong = 0;
  private isText = false;
  private filled = 0;
  private numeric = 0;

  constructor(
    readonly header: string,
    keepText: boolean,
    private readonly format: NumberFormat,
  ) {
    this.numbers = new Float64Array(64);
    this.text = keepText ? [] : null;
  }

  /** Reserves memory for rows, so that a long column is not copied repeatedly. */
  reserve(rows: number): void {
    if (rows <= this.numbers.length || this.isText) return;
    const wider = new Float64Array(rows);
    wider.set(this.numbers);
    this.numbers = wider;
  }

  /**
   * Adds the cell of the next row; rows come in order and none is left out.
   * @param value the cell as a plain number, NaN when it is none
   */
  push(row: number, cell: string, value: number): void {
    this.text?.push(detached(cell));
    if (this.isText) {
      if (isFilled(cell)) this.filled++;
      return;
    }
    if (row >= this.numbers.length) this.reserve(Math.ceil(this.numbers.length * 1.5));
    const { format } = this;
    const number = format === plainFormat || cell === '' ? value : parseAs(cell, format);
    this.numbers[row] = number;
    if (!Number.isNaN(number)) {
      this.numeric++;
      this.filled++;
    } else if (cell.trim() !== '') {
      this.pushBad(row, cell);
    }
  }

  private pushBad(row: number, cell: string): void {
    const isWrong = !isNotMeasured(cell);
    if (isWrong) {
      this.filled++;
      this.wrong++;
    }
    if (this.wrong > maxBadCells) this.becomeText(row, cell);
    else if (isWrong || this.badCells.length < maxBadCells) {
      this.badCells.push({ row, text: detached(cell.slice(0, longestBadCell)) });
    }
  }

  finish(rows: number): CsvColumn {
    const { header, filled } = this;
    const hasWords = this.numeric === 0 && this.badCells.length > 0;
    if (!this.isText && (this.wrong > this.numeric || hasWords)) this.becomeText(rows, null);
    if (this.isText)
      return { header, numbers: null, text: this.text, badCells: [], filled, isPercent: false };
    // A view is free; a copy pays off only where much of the memory is unused.
    const tight = this.numbers.length <= Math.max(rows * 1.25, 64);
    const numbers = tight ? this.numbers.subarray(0, rows) : this.numbers.slice(0, rows);
    const { text, badCells, format } = this;
    const { isPercent, hasSuffixes } = format;
    return {
      header,
      numbers,
      text,
      badCells,
      filled,
      isPercent,
      ...(hasSuffixes && { hasSuffixes }),
    };
  }

  private becomeText(rows: number, cell: string | null): void {
    if (this.text === null) {
      const { isPercent } = this.format;
      this.text = Array.from(this.numbers.subarray(0, rows), (value) =>
        Number.isNaN(value) ? '' : `${value}${isPercent ? '%' : ''}`,
      );
      for (const { row, text } of this.badCells) this.text[row] = text;
      if (cell !== null) this.text[rows] = detached(cell);
    }
    this.isText = true;
    this.numbers = new Float64Array(0);
  }
}

function isFilled(cell: string): boolean {
  return cell.trim() !== '' && !isNotMeasured(cell);
}

/**
 * The same text in memory of its own. A part of a string keeps the whole string alive in today's
 * engines: one long id would hold the entire file.
 */
function detached(text: string): string {
  return text.length < 13 ? text : text.slice(0, limits.cellCharacters).split('').join('');
}
