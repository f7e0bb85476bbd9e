/** A text of comma, tab or semicolon separated values to a table of typed columns, in bounded memory. */

import Papa from 'papaparse';
import type { Job } from '../model/job';
import { cleanLabel } from '../model/labels';
import { quoted, RunsError } from './errors';
import { type Dialect, hasDecimalComma, hasDecimalPoint, parseCell, parseNumber } from './numbers';
import { type BadCell, type CsvColumn, type CsvTable, limits } from './table';

/** A file with its text. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads one CSV file into columns. Understood: a byte order mark; CRLF, CR and LF; `,` `;` tab and
 * `|` as delimiters; a decimal comma where the delimiter is another character; quoted cells; a
 * missing last line break; blank rows, which are left out.
 * @throws RunsError when the file is empty, not text, beyond {@link limits}, has no header, two columns of
 *   the same name, a broken quote, or a row with more or fewer cells than the header
 */
export function* readTable(source: TextFile): Job<CsvTable> {
  const file = cleanLabel(source.name) || 'file';
  const text = source.text.startsWith('\ufeff') ? source.text.slice(1) : source.text;
  refuseWhatIsNoCsv(file, text);
  const dialect = detectDialect(text);

  let columns: ColumnBuilder[] | null = null;
  let rows = 0;
  let record = 0;
  let reserved = false;
  const rowNumbers: number[] = [];
  for (const { records, read } of readRecords(file, text, dialect.delimiter)) {
    for (const cells of records) {
      record++;
      if (isBlank(cells)) continue;
      if (columns === null) {
        columns = startColumns(file, cells, record);
        continue;
      }
      if (cells.length !== columns.length) refuseRagged(file, record, cells, columns, dialect);
      if (rows === limits.rows || (rows + 1) * columns.length > limits.cells) {
        throw tooLarge(file, `${rows.toLocaleString('en')} rows of ${columns.length} columns`);
      }
      if (record !== rows + 2 || rowNumbers.length > 0) {
        while (rowNumbers.length < rows) rowNumbers.push(rowNumbers.length + 2);
        rowNumbers.push(record);
      }
      for (let column = 0; column < columns.length; column++) {
        columns[column].push(rows, cells[column], dialect);
      }
      rows++;
    }
    if (columns !== null && rows > 0 && !reserved) {
      const expected = Math.ceil(Math.min(limits.rows, (rows / read) * text.length * 1.05));
      for (const column of columns) {
        column.reserve(expected);
        yield { done: read, total: text.length, unit: 'characters' };
      }
      reserved = true;
    }
    yield { done: read, total: text.length, unit: 'characters' };
  }
  if (columns === null || rows === 0) {
    const problem = columns === null ? 'the file is empty' : 'there are no rows below the header';
    throw new RunsError({ file, problem }, 'Choose a CSV file with a header and one row per run.');
  }
  const finished: CsvColumn[] = [];
  for (const column of columns) {
    const read = column.finish(rows);
    // A delimiter at the end of every row makes an empty last column.
    if (read.header === '' && read.filled === 0) continue;
    finished.push(read.header === '' ? { ...read, header: `column ${finished.length + 1}` } : read);
    yield { done: text.length, total: text.length, unit: 'characters' };
  }
  return {
    name: file,
    rows,
    columns: finished,
    rowNumbers: rowNumbers.length === 0 ? null : Int32Array.from(rowNumbers),
    decimal: dialect.decimal ?? '.',
  };
}

function refuseWhatIsNoCsv(file: string, text: string): void {
  if (text.length > limits.characters) {
    throw tooLarge(file, `${text.length.toLocaleString('en')} characters`);
  }
  const start = text.slice(0, 1000);
  if (start.includes('\u0000') || start.startsWith('PK\u0003\u0004')) {
    throw new RunsError(
      { file, problem: 'this is no text file' },
      'Export the table as CSV (UTF-8) and choose that file.',
    );
  }
}

function tooLarge(file: string, found: string): RunsError {
  const { characters, rows, columns, cells } = limits;
  const [maxCharacters, maxRows, maxColumns, maxCells] = [characters, rows, columns, cells].map(
    (value) => value.toLocaleString('en'),
  );
  return new RunsError(
    {
      file,
      problem: 'the file is too large',
      found,
      expected: `at most ${maxCharacters} characters, ${maxRows} rows, ${maxColumns} columns and ${maxCells} cells`,
    },
    'Keep only the id, the domains and the targets you need.',
  );
}

function startColumns(file: string, header: readonly string[], row: number): ColumnBuilder[] {
  if (header.length > limits.columns) {
    throw tooLarge(file, `${header.length.toLocaleString('en')} columns`);
  }
  const names = header.map(cleanLabel);
  if (names.every((name) => name === '' || !Number.isNaN(parseNumber(name)))) {
    throw new RunsError(
      {
        file,
        row,
        problem: 'the first row is no header',
        found: quoted(names.join(', ')),
        expected: 'column names',
      },
      'Add a row with the names of the columns at the top.',
    );
  }
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const earlier = seen.get(name);
    if (name !== '' && earlier !== undefined) {
      throw new RunsError(
        {
          file,
          row,
          column: name,
          found: `this name over columns ${earlier + 1} and ${index + 1}`,
          expected: 'a name of its own for each column',
        },
        'Rename or remove one of them.',
      );
    }
    seen.set(name, index);
  });
  return names.map((name, index) => {
    const mayBeId = index === 0 || name === '' || idHeaders.includes(idForm(name));
    return new ColumnBuilder(name, mayBeId);
  });
}

function refuseRagged(
  file: string,
  row: number,
  cells: readonly string[],
  columns: readonly ColumnBuilder[],
  { delimiter }: Dialect,
): never {
  throw new RunsError(
    {
      file,
      row,
      found: `${cells.length} cells`,
      expected: `${columns.length} as in the header`,
    },
    cells.length > columns.length && delimiter === ','
      ? 'A cell that holds a comma must stand in quotes; a decimal comma needs another delimiter, such as ;.'
      : 'Look for a missing or an extra delimiter in this row.',
  );
}

/** Some records of a CSV text, in order. */
interface RecordBatch {
  /** Cells of each record, as text. */
  readonly records: readonly (readonly string[])[];
  /** Characters of the text read so far. */
  readonly read: number;
}

/** About 3 ms of work. */
const chunkCharacters = 64_000;
const sampleCharacters = 256_000;
const sampleRecords = 50;
const delimiters = [',', ';', '\t', '|'] as const;

function parse(text: string, delimiter: string, ignoreLast: boolean, preview = 0) {
  const parser = new Papa.Parser({ delimiter, newline: '\n', quoteChar: '"', preview });
  const result: Papa.ParseResult<string[]> = parser.parse(text, 0, ignoreLast);
  return result;
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/**
 * How the text is written, judged by its beginning: the delimiter that gives the most rows as many
 * cells as the header, then the one that gives the most cells; a decimal comma when the delimiter
 * is another character and numbers like `0,25` outnumber those like `0.25`.
 */
function detectDialect(text: string): Dialect {
  const cut = text.length > sampleCharacters;
  const sample = withLineFeeds(text.slice(0, sampleCharacters));
  let best = { delimiter: ',', agreement: -1, cells: 1, records: [[]] as readonly string[][] };
  for (const delimiter of delimiters) {
    const { data } = parse(sample, delimiter, cut, sampleRecords);
    const records = data.filter((record) => !isBlank(record));
    if (records.length === 0 || records[0].length < 2) continue;
    const cells = records[0].length;
    const agreement = records.filter((record) => record.length === cells).length / records.length;
    if (agreement > best.agreement || (agreement === best.agreement && cells > best.cells)) {
      best = { delimiter, agreement, cells, records };
    }
  }
  const { delimiter, records } = best;
  if (delimiter === ',') return { delimiter, decimal: '.' };
  const cells = records.slice(1).flat();
  const commas = cells.filter(hasDecimalComma).length;
  const points = cells.filter(hasDecimalPoint).length;
  if (commas === points) return { delimiter, decimal: null };
  return { delimiter, decimal: commas > points ? ',' : '.' };
}

/** Whether a record has nothing but blanks. */
function isBlank(record: readonly string[]): boolean {
  return record.every((cell) => cell.trim() === '');
}

/**
 * Reads a CSV text in chunks, so that a large file needs no more memory than one chunk. Quoted cells may hold
 * delimiters, line breaks (read as `\n`) and doubled quotes.
 * @throws RunsError when a quote is never closed, or closed in the middle of a cell
 */
function* readRecords(
  file: string,
  text: string,
  delimiter: string,
): Generator<RecordBatch, void, void> {
  let carry = '';
  let record = 0;
  let read = 0;
  while (read < text.length) {
    let end = Math.min(text.length, read + chunkCharacters);
    if (text[end - 1] === '\r' && text[end] === '\n') end++;
    const piece = carry + withLineFeeds(text.slice(read, end));
    read = end;
    const last = read === text.length;
    const { data, errors, meta } = parse(piece, delimiter, !last);
    // The end of the chunk may cut the last record in two: it is checked with the next chunk.
    const error = errors.find(({ row }) => last || (row ?? 0) < data.length);
    if (error) {
      const row = record + (error.row ?? 0) + 1;
      const problem =
        error.code === 'MissingQuotes'
          ? 'a quote opens a cell and is never closed'
          : 'a quoted cell goes on after its closing quote';
      throw new RunsError(
        { file, row, problem },
        'Double the quotes inside the cell, or remove them.',
      );
    }
    carry = last ? '' : piece.slice(meta.cursor);
    if (carry.length > limits.rowCharacters) {
      throw new RunsError(
        { file, row: record + data.length + 1, problem: 'the row does not end within 4 MB' },
        'Look for a quote that is never closed.',
      );
    }
    record += data.length;
    yield { records: data, read };
  }
}

/** A column with more non-numeric cells than this is stored as text. */
const maxBadCells = 100;

/** Usual headers of run id columns; compared in lower case, with `_` for blanks. */
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
class ColumnBuilder {
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

  /** Reserves memory for rows, so that a long column is not copied repeatedly. */
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
      if (this.badCells.length < maxBadCells) {
        this.badCells.push({ row, text: detached(cell.slice(0, limits.cellCharacters)) });
      } else {
        this.becomeText(row, cell);
      }
    }
  }

  finish(rows: number): CsvColumn {
    const { header, filled } = this;
    if (!this.isText && this.badCells.length > this.numeric) this.becomeText(rows, null);
    if (this.isText)
      return { header, numbers: null, text: this.text, badCells: [], filled, isPercent: false };
    // A view is free; a copy pays off only where much of the memory is unused.
    const tight = this.numbers.length <= Math.max(rows * 1.25, 64);
    const numbers = tight ? this.numbers.subarray(0, rows) : this.numbers.slice(0, rows);
    return { header, numbers, text: this.text, badCells: this.badCells, filled, isPercent: false };
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
