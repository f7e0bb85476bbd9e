import Papa from 'papaparse';
import { RunsError } from './errors';
import { type Dialect, hasDecimalComma, hasDecimalPoint } from './numbers';
import { limits } from './table';

/** Some records of a CSV text, in order. */
export interface RecordBatch {
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
export function detectDialect(text: string): Dialect {
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
export function isBlank(record: readonly string[]): boolean {
  return record.every((cell) => cell.trim() === '');
}

/**
 * Reads a CSV text piece by piece, so that a large file needs no more memory than one piece of it.
 * Quoted cells may hold delimiters, line breaks (read as `\n`) and doubled quotes.
 * @throws RunsError when a quote is never closed, or closed in the middle of a cell
 */
export function* readRecords(
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
    // The last record may be cut in two by the piece's end: what is wrong with it is judged later.
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
