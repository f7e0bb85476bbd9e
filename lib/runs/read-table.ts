/** A text of comma, tab or semicolon separated values, or of JSON, to a table of typed columns, in bounded memory. */

import { formatList } from '../model/format';
import type { Job } from '../model/job';
import { cleanLabel } from '../model/labels';
import { isJson } from '../model/text-kinds';
import { ColumnBuilder } from './columns';
import { quoted, RunsError } from './errors';
import {
  bothReadings,
  type EitherCell,
  FormatEvidence,
  isUnusual,
  type NumberFormat,
  parseNumber,
  plainFormat,
} from './numbers';
import { csvRecords } from './read-csv';
import { jsonRecords } from './read-json';
import { type RecordSource, readingNote, tooLarge } from './records';
import { type CsvColumn, type CsvTable, limits } from './table';

/** A file with its text. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads one file into columns.
 *
 * Of CSV it understands: a byte order mark; CRLF, CR and LF; `,` `;` tab and `|` as delimiters, or the one that a
 * first line `sep=;` names; quoted cells; a missing last line break; blank rows and comments, which are left out;
 * two and three header rows, joined by `/`. JSON and JSONL: see `jsonRecords`. Decimal commas, thousands
 * separators, percent signs and suffixes such as `1.2M` are read column by column, by what the whole file says of
 * them.
 * @throws RunsError when the file is empty, not text, beyond {@link limits}, has no header, two different columns
 *   of the same name, a broken quote, a row with more or fewer cells than the header, or a column whose numbers
 *   can be read in two ways
 */
export function* readTable(source: TextFile): Job<CsvTable> {
  const file = cleanLabel(source.name) || 'file';
  const text = source.text.startsWith('\ufeff') ? source.text.slice(1) : source.text;
  refuseWhatIsNoText(file, text);
  return yield* tableOf(isJson(text) ? yield* jsonRecords(file, text) : csvRecords(file, text));
}

function refuseWhatIsNoText(file: string, text: string): void {
  if (text.length > limits.characters) {
    throw tooLarge(file, `${text.length.toLocaleString('en')} characters`);
  }
  const isKnown = ['PK\u0003\u0004', 'PAR1'].some((start) => text.startsWith(start));
  if (text.includes('\u0000') || isKnown) {
    throw new RunsError(
      { file, problem: 'this is not a text file' },
      'Export the table as CSV (UTF-8) and choose that file.',
    );
  }
}

/**
 * Records to a table. They are read once where all numbers are plain, else twice: first for what their columns say
 * about the way of writing numbers.
 * @throws RunsError as {@link readTable} says
 */
export function* tableOf(source: RecordSource): Job<CsvTable> {
  const { file, header, prior } = source;
  const { names } = header;
  if (names.length > limits.columns) {
    throw tooLarge(file, `${names.length.toLocaleString('en')} columns`);
  }
  const plain = names.map(() => plainFormat);
  let filled = yield* fill(source, plain, true);
  let decimal: '.' | ',' = prior ?? '.';
  const notes = [...source.notes];
  if (filled === null) {
    const evidence = yield* survey(source);
    const proven = evidence.map((column) => column.decimal).filter((mark) => mark !== null);
    const commas = proven.filter((mark) => mark === ',').length;
    if (proven.length > 0) decimal = commas * 2 > proven.length ? ',' : '.';
    const elsewhere = new Set(proven);
    const formats = evidence.map((column, index) => {
      const format = column.decide(elsewhere, prior);
      if ('decimal' in format) return format;
      // A name such as 1,500 stays what it is, and so does a word beside it.
      if (column.texts > 0 || mayBeId(names[index])) return plainFormat;
      throw ambiguous(source, names[index], format);
    });
    notes.push(...noteReadings(file, names, evidence, formats));
    filled = yield* fill(source, formats, false);
  }
  const { rows, columns, rowNumbers } = filled ?? { rows: 0, columns: [], rowNumbers: null };
  const kept = withoutCopies(source, columns);
  notes.push(...kept.notes);
  return {
    name: file,
    rows,
    columns: kept.columns,
    rowNumbers,
    decimal,
    ...(notes.length > 0 && { notes }),
  };
}

interface Filled {
  readonly rows: number;
  readonly columns: readonly CsvColumn[];
  readonly rowNumbers: Int32Array | null;
}

/** @returns null when `plainOnly` and a cell that is no plain number may be one in another format */
function* fill(
  source: RecordSource,
  formats: readonly NumberFormat[],
  plainOnly: boolean,
): Job<Filled | null> {
  const { file, length, header } = source;
  const columns = header.names.map(
    (name, index) => new ColumnBuilder(name, index === 0 || mayBeId(name), formats[index]),
  );
  let rows = 0;
  let reserved = false;
  const rowNumbers: number[] = [];
  for (const { records, first, read } of source.read()) {
    for (let record = 0; record < records.length; record++) {
      const cells = records[record];
      if (source.isSkipped(cells, first + record)) continue;
      if (rows === limits.rows || (rows + 1) * columns.length > limits.cells) {
        throw tooLarge(file, `${rows.toLocaleString('en')} rows of ${columns.length} columns`);
      }
      if (first + record !== rows + 2 || rowNumbers.length > 0) {
        while (rowNumbers.length < rows) rowNumbers.push(rowNumbers.length + 2);
        rowNumbers.push(first + record);
      }
      for (let column = 0; column < columns.length; column++) {
        const cell = cells[column];
        const value = parseNumber(cell);
        if (plainOnly && cell !== '' && Number.isNaN(value) && isUnusual(cell)) return null;
        columns[column].push(rows, cell, value);
      }
      rows++;
    }
    if (rows > 0 && !reserved) {
      const expected = Math.ceil(Math.min(limits.rows, (rows / read) * length * 1.05));
      for (const column of columns) {
        column.reserve(expected);
        yield { done: read, total: length, unit: 'characters' };
      }
      reserved = true;
    }
    yield { done: read, total: length, unit: 'characters' };
  }
  if (rows === 0) {
    throw new RunsError(
      { file, problem: 'no rows below the header' },
      'Choose a CSV file with a header and one row per run.',
    );
  }
  const finished: CsvColumn[] = [];
  for (const column of columns) {
    finished.push(column.finish(rows));
    yield { done: length, total: length, unit: 'characters' };
  }
  return {
    rows,
    columns: finished,
    rowNumbers: rowNumbers.length === 0 ? null : Int32Array.from(rowNumbers),
  };
}

/** What the cells of each column say about the way that their numbers are written. */
function* survey(source: RecordSource): Job<FormatEvidence[]> {
  const { length } = source;
  const evidence = source.header.names.map(() => new FormatEvidence());
  for (const { records, first, read } of source.read()) {
    for (let record = 0; record < records.length; record++) {
      const cells = records[record];
      if (source.isSkipped(cells, first + record)) continue;
      for (let column = 0; column < evidence.length; column++) {
        evidence[column].add(cells[column], first + record);
      }
    }
    yield { done: read, total: length, unit: 'characters' };
  }
  return evidence;
}

function ambiguous({ file }: RecordSource, column: string, { row, text }: EitherCell): RunsError {
  const [whole, fraction] = bothReadings(text);
  return new RunsError(
    {
      file,
      row,
      column,
      found: quoted(text),
      expected: `an unambiguous number: this may be ${whole} or ${fraction}`,
    },
    `Write the column without thousands separators and with a decimal point: ${whole} or ${fraction}.`,
  );
}

/** Says how numbers were read where a cell alone does not. */
function* noteReadings(
  file: string,
  names: readonly string[],
  evidence: readonly FormatEvidence[],
  formats: readonly NumberFormat[],
) {
  const readings: string[] = [];
  evidence.forEach(({ decimal, either }, index) => {
    const format = formats[index];
    if (decimal !== null || either === null || format === plainFormat) return;
    // What every program takes for a decimal point needs no word.
    if (either.mark === '.' && format.decimal === '.') return;
    const [whole, fraction] = bothReadings(either.text);
    const value = format.decimal === either.mark ? fraction : whole;
    readings.push(`${quoted(either.text)} of column ${quoted(names[index])} as ${value}`);
  });
  if (readings.length > 0) {
    const listed = readings.length > 3 ? [...readings.slice(0, 3), 'so on'] : readings;
    yield readingNote(
      file,
      readings.length,
      `${file}: read ${formatList(listed)}, following the decimal marks in the rest of the file.`,
    );
  }
}

/** Columns with a name of their own: without empty ones at the end, and of equal ones the first. */
function withoutCopies(source: RecordSource, columns: readonly CsvColumn[]) {
  const { file, header } = source;
  const kept: CsvColumn[] = [];
  const copies: string[] = [];
  const placeOf = new Map<string, number>();
  columns.forEach((column, index) => {
    // A delimiter at the end of every row makes an empty last column.
    if (column.header === '' && column.filled === 0) return;
    const earlier = placeOf.get(column.header);
    if (column.header !== '' && earlier !== undefined) {
      if (isCopy(columns[earlier], column)) {
        copies.push(column.header);
        return;
      }
      throw new RunsError(
        {
          file,
          row: header.row,
          column: column.header,
          found: `this name for columns ${earlier + 1} and ${index + 1}`,
          expected: 'a different name for each column',
        },
        'Rename or remove one of them.',
      );
    }
    placeOf.set(column.header, index);
    kept.push(
      column.header === ''
        ? { ...column, header: freeName(header.names, kept.length + 1) }
        : column,
    );
  });
  const notes =
    copies.length === 0
      ? []
      : [
          readingNote(
            file,
            copies.length,
            `${file}: ${formatList(copies.slice(0, 5).map(quoted))} occurs twice with the same cells and was read once.`,
          ),
        ];
  return { columns: kept, notes };
}

/** A name for the column at a place, 1 = the first, that no other has. */
function freeName(names: readonly string[], place: number): string {
  const name = `column ${place}`;
  return names.includes(name) ? freeName(names, place + 1) : name;
}

function isCopy(a: CsvColumn, b: CsvColumn): boolean {
  if (a.numbers === null || b.numbers === null) {
    return (
      a.numbers === b.numbers && (a.text?.every((cell, row) => cell === b.text?.[row]) ?? false)
    );
  }
  const { numbers } = b;
  return (
    a.isPercent === b.isPercent &&
    a.numbers.every((value, row) => Object.is(value, numbers[row])) &&
    a.badCells.length === b.badCells.length &&
    a.badCells.every(({ row, text }, index) => {
      const other = b.badCells[index];
      return other.row === row && other.text === text;
    })
  );
}

function mayBeId(name: string): boolean {
  return name === '' || idHeaders.includes(idForm(name));
}

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
