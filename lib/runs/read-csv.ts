/** Comma, tab or semicolon separated values to records: delimiter, comments and header rows. */

import Papa from 'papaparse';
import { plural } from '../model/format';
import { cleanLabel } from '../model/labels';
import { quoted, RunsError } from './errors';
import { isNotMeasured, isUnusual, parseNumber } from './numbers';
import type { Note } from './recognition';
import { type Header, type RecordBatch, type RecordSource, readingNote, tooLarge } from './records';
import { limits } from './table';

/**
 * The records of a CSV text, without its comments.
 * @param text without a byte order mark
 * @throws RunsError when it is empty or has no header; while it is read, when a quote is broken or a row has more
 *   or fewer cells than the header
 */
export function csvRecords(file: string, text: string): RecordSource {
  const preamble = preambleOf(text);
  const { start, above } = preamble;
  const delimiter = preamble.delimiter ?? detectDelimiter(text, start);
  const read = () => readRecords(file, text, start, above + 1, delimiter);
  const head: Head[] = [];
  const wanted = headRecords;
  for (const { records, first } of read()) {
    records.forEach((cells, index) => {
      if (!isBlank(cells) && head.length < wanted) head.push({ cells, row: first + index });
    });
    if (head.length === wanted) break;
  }
  if (head.length === 0) {
    throw new RunsError(
      { file, problem: 'the file is empty' },
      'Choose a CSV file with a header and one row per run.',
    );
  }
  const { header, below, comments } = headerOf(file, head, preamble, delimiter);
  const notes: Note[] = [];
  const rows = below - header.row;
  if (rows > 1) notes.push(readingNote(file, rows, `${file}: ${rows} header rows read as one.`));
  if (comments > 0) {
    const text = `${file}: ${plural(comments, 'comment line')} at the top left out.`;
    notes.push(readingNote(file, comments, text));
  }
  const { names } = header;
  return {
    file,
    header,
    notes,
    length: text.length,
    // A spreadsheet writes semicolons where the comma is the decimal mark.
    prior: delimiter === ';' ? ',' : null,
    read,
    isSkipped: (cells, row) => {
      if (row < below || isBlank(cells)) return true;
      if (cells.length === names.length) return false;
      if (cells[0].trimStart().startsWith('#')) return true;
      throw ragged(file, row, cells, names, delimiter);
    },
  };
}

function ragged(
  file: string,
  row: number,
  cells: readonly string[],
  names: readonly string[],
  delimiter: string,
): RunsError {
  return new RunsError(
    {
      file,
      row,
      found: `${cells.length} cells`,
      expected: `${names.length} as in the header`,
    },
    cells.length > names.length && delimiter === ','
      ? 'Put cells that contain a comma in quotes; with decimal commas, separate cells by semicolons.'
      : 'Look for a missing or an extra delimiter in this row.',
  );
}

/** What stands above the header. */
interface Preamble {
  /** Where the table starts in the text. */
  readonly start: number;
  /** Lines above it. */
  readonly above: number;
  /** As a line `sep=;` says. */
  readonly delimiter: string | null;
  readonly comments: number;
  /** The last comment without its mark, which may be the header. */
  readonly lastComment: string;
}

const separatorLine = /^"?sep=(.)"?$/i;
const longestComment = 100_000;

function preambleOf(text: string): Preamble {
  let [start, above, comments] = [0, 0, 0];
  let delimiter: string | null = null;
  let lastComment = '';
  while (start < text.length) {
    const end = lineEnd(text, start);
    const line = text.slice(start, Math.min(end, start + longestComment)).trim();
    const separator: string | undefined = separatorLine.exec(line)?.[1];
    if (separator !== undefined && delimiter === null && separator !== '"') delimiter = separator;
    // `sep=` with a tab, which the trim has taken
    else if (/^sep=$/i.test(line) && text.slice(start, end).includes('\t')) delimiter = '\t';
    else if (/^(?:#|%|\/\/)/.test(line)) {
      comments++;
      lastComment = line.replace(/^(?:#+|%+|\/\/+)\s*/, '');
    } else if (line !== '') break;
    start = end + (text.startsWith('\r\n', end) ? 2 : 1);
    above++;
  }
  return { start: Math.min(start, text.length), above, delimiter, comments, lastComment };
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

/** A record that is not blank, near the top. */
interface Head {
  readonly cells: readonly string[];
  readonly row: number;
}

/** Records that decide which of them are the header. */
const headRecords = 25;
const mostHeaderRows = 3;

/** @returns the header, the row number of the first row below it, and how many comments are above */
function headerOf(
  file: string,
  head: readonly Head[],
  preamble: Preamble,
  delimiter: string,
): { header: Header; below: number; comments: number } {
  const [first] = head;
  const commented = headerInComment(preamble, first.cells, delimiter);
  if (commented !== null) {
    const names = commented.map(cleanLabel);
    const header = { row: first.row - 1, names };
    return { header, below: first.row, comments: preamble.comments - 1 };
  }
  if (first.cells.length > limits.columns) {
    throw tooLarge(file, `${first.cells.length.toLocaleString('en')} columns`);
  }
  refuseBlanksBetween(file, head);
  let count = 1;
  while (count < mostHeaderRows && isHeaderRow(head, count)) count++;
  const levels = head.slice(0, count).map(({ cells }) => cells.map(headerCell));
  const names =
    count === 1
      ? first.cells.map(cleanLabel)
      : joined(levels, columnsOfText(head.slice(count), levels[0].length));
  let last = head[count - 1];
  if (count > 1 && namesIndex(head, count, levels)) {
    last = head[count];
    last.cells.forEach((cell, column) => {
      if (cell.trim() !== '') names[column] = cleanLabel(cell);
    });
  }
  if (names.every((name) => name === '' || isUnusual(name) || !Number.isNaN(parseNumber(name)))) {
    throw new RunsError(
      {
        file,
        row: first.row,
        problem: 'the first row is not a header',
        found: quoted(names.join(', ')),
        expected: 'column names',
      },
      'Add a first row with the names of the columns.',
    );
  }
  return { header: { row: first.row, names }, below: last.row + 1, comments: preamble.comments };
}

/** @throws RunsError where lines without a delimiter are numbers with blanks between */
function refuseBlanksBetween(file: string, head: readonly Head[]): void {
  const [names, ...rows] = head.map(({ cells }) =>
    cells.length === 1 ? cells[0].trim().split(/\s+/) : [],
  );
  const fits = (cells: readonly string[]) =>
    cells.length === names.length && cells.filter(isNumeric).length > 1;
  if (names.length < 3 || rows.length === 0 || !rows.every(fits)) return;
  throw new RunsError(
    {
      file,
      row: head[0].row,
      found: 'columns separated by spaces',
      expected: 'commas, semicolons or tabs',
    },
    'Save the table as CSV.',
  );
}

/** Names of columns in the last comment, as NumPy and tools of biology write them. */
function headerInComment(
  { comments, lastComment }: Preamble,
  cells: readonly string[],
  delimiter: string,
): readonly string[] | null {
  if (comments === 0 || !cells.some(isNumeric)) return null;
  const [names] = parse(lastComment, delimiter, false).data;
  const fits = names?.length === cells.length && names.length > 1;
  return fits && !names.some((name) => name.trim() === '' || isNumeric(name)) ? names : null;
}

function isNumeric(cell: string): boolean {
  return !Number.isNaN(parseNumber(cell)) || isUnusual(cell);
}

function isName(cell: string): boolean {
  return cell.trim() !== '' && !isNumeric(cell) && !isNotMeasured(cell);
}

/**
 * Whether a record goes on with the header above it: the row above leaves cells blank or repeats names, as merged
 * cells do, and this one has names and no numbers, over columns of numbers.
 */
function isHeaderRow(head: readonly Head[], index: number): boolean {
  const upper = head[index - 1].cells.map(headerCell);
  const lower = head[index]?.cells ?? [];
  const below = head.slice(index + 1).filter(({ cells }) => cells.length === upper.length);
  if (below.length === 0 || lower.length !== upper.length || lower.some(isNumeric)) return false;
  const named = upper.filter((name) => name !== '');
  const isMerged =
    new Set(named).size < named.length ||
    (upper[0] === '' && lower[0].trim() === '') ||
    upper.some((name, column) => column > 0 && name === '' && isName(lower[column]));
  if (!isMerged) return false;
  const names = lower.flatMap((cell, column) => (isName(cell) ? [column] : []));
  const overNumbers = names.filter((column) => {
    const cells = below.map(({ cells }) => cells[column]);
    const numbers = cells.filter(isNumeric).length;
    return numbers > 0 && cells.filter(isName).length <= numbers / 2 + 1;
  });
  return overNumbers.length > 0 && overNumbers.length * 2 >= names.length;
}

/** Whether a record names only columns that the header rows leave blank: the index of a pandas table. */
function namesIndex(head: readonly Head[], index: number, levels: readonly string[][]): boolean {
  const cells = head[index]?.cells ?? [];
  if (cells.length !== levels[0].length || head.length === index + 1) return false;
  const leading = cells.findIndex((cell) => cell.trim() === '');
  const rest = cells.slice(leading);
  return (
    leading > 0 &&
    cells.slice(0, leading).every(isName) &&
    rest.every((cell) => cell.trim() === '') &&
    levels.every((level) => level.slice(0, leading).every((name) => name === ''))
  );
}

/** A cell of a header, blank where pandas names what has no name. */
function headerCell(cell: string): string {
  return cleanLabel(cell).replace(/^Unnamed: \d+(_level_\d+)?$/, '');
}

/** Whether a column has words and no numbers in the rows below the header. */
function columnsOfText(below: readonly Head[], count: number): boolean[] {
  return Array.from({ length: count }, (_, column) => {
    const cells = below.map(({ cells }) => cells[column] ?? '');
    return cells.some(isName) && !cells.some(isNumeric);
  });
}

/**
 * Names of several header rows: upper ones reach to the right until the next, and `/` joins them. They do not reach
 * over text, which is beside weights and results.
 */
function joined(levels: readonly (readonly string[])[], isText: readonly boolean[]): string[] {
  const lowest = levels[levels.length - 1];
  const upper = levels.slice(0, -1).filter((level) => !isTitle(level));
  const reaching = upper.map((level) => {
    let name = '';
    return level.map((cell) => {
      if (cell !== '') name = cell;
      return name;
    });
  });
  return lowest.map((name, column) => {
    const above = upper.some((level) => level[column] !== '');
    if (name === '' && !above) return '';
    const levelNames = reaching.map((level, row) =>
      name === '' || isText[column] ? upper[row][column] : level[column],
    );
    return cleanLabel([...levelNames, name].filter(Boolean).join('/'));
  });
}

/** Whether a row above the header is one title over the whole table. */
function isTitle(level: readonly string[]): boolean {
  return level[0] !== '' && level.slice(1).every((cell) => cell === '');
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
 * The delimiter, judged by the beginning of the table: the one that gives the most rows as many cells as the
 * header, then the one that gives the most cells.
 */
function detectDelimiter(text: string, start: number): string {
  const cut = text.length - start > sampleCharacters;
  const sample = withLineFeeds(text.slice(start, start + sampleCharacters));
  let best = { delimiter: ',', agreement: -1, cells: 1 };
  for (const delimiter of delimiters) {
    const { data } = parse(sample, delimiter, cut, sampleRecords);
    const records = data.filter((record) => !isBlank(record));
    if (records.length === 0 || records[0].length < 2) continue;
    const cells = records[0].length;
    const agreement = records.filter((record) => record.length === cells).length / records.length;
    if (agreement > best.agreement || (agreement === best.agreement && cells > best.cells)) {
      best = { delimiter, agreement, cells };
    }
  }
  return best.delimiter;
}

/** A cell of the line below the header of a Markdown table. */
const rule = /^(?::-+:?|-+:|-{2,})$/;

/** Whether a record has nothing but blanks, or is the line below the header of a Markdown table. */
function isBlank(record: readonly string[]): boolean {
  return record.every((cell) => cell.trim() === '' || rule.test(cell.trim()));
}

/**
 * Reads a CSV text in chunks, so that a large file needs no more memory than one chunk. Quoted cells may hold
 * delimiters, line breaks (read as `\n`) and doubled quotes.
 * @param start where the table starts in the text
 * @param firstRow row number of its first record
 * @throws RunsError when a quote is never closed, or closed in the middle of a cell
 */
function* readRecords(
  file: string,
  text: string,
  start: number,
  firstRow: number,
  delimiter: string,
): Generator<RecordBatch, void, void> {
  let carry = '';
  let first = firstRow;
  let read = start;
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
      const problem =
        error.code === 'MissingQuotes'
          ? 'the quote that opens a cell is never closed'
          : 'text follows the closing quote of a cell';
      throw new RunsError(
        { file, row: first + (error.row ?? 0), problem },
        'Double the quotes inside the cell, or remove them.',
      );
    }
    carry = last ? '' : piece.slice(meta.cursor);
    if (carry.length > limits.rowCharacters) {
      throw new RunsError(
        { file, row: first + data.length, problem: 'the row is longer than 4 MB' },
        'Look for a quote that is never closed before it.',
      );
    }
    yield { records: data, first, read };
    first += data.length;
  }
}
