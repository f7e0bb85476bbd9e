/** A file as records of cells, which may be read more than once, whatever its format. */
import { cleanLabel } from '../model/labels';
import { RunsError } from './errors';
import type { Note } from './recognition';
import { limits } from './table';

/** Some records of a file, in order. */
export interface RecordBatch {
  /** Cells of each record, as text. */
  readonly records: readonly (readonly string[])[];
  /** Row number of the first of them; the others follow. */
  readonly first: number;
  /** Characters of the file read so far. */
  readonly read: number;
}

/** Names of the columns, `''` where there is none. */
export interface Header {
  /** Row number. */
  readonly row: number;
  readonly names: readonly string[];
}

/** A file whose columns are known and whose records can be read, each time from the start. */
export interface RecordSource {
  readonly file: string;
  readonly header: Header;
  /** What was done to reach the records. */
  readonly notes: readonly Note[];
  /** Characters of the file. */
  readonly length: number;
  /** The decimal mark that the format makes likely; null = neither. */
  readonly prior: '.' | ',' | null;
  /** @throws RunsError where the file is broken */
  read(): Generator<RecordBatch, void, void>;
  /**
   * Whether a record is none of the table's; every other has one cell per column.
   * @throws RunsError when it has more or fewer cells
   */
  isSkipped(cells: readonly string[], row: number): boolean;
}

export function tooLarge(file: string, found: string): RunsError {
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

/** A note on how a file was read. */
export function readingNote(subject: string, count: number, text: string): Note {
  return { kind: 'reading', subject, count, text };
}

/**
 * Records that are at hand.
 * @param names of the columns
 * @param records each with a cell per column
 */
export function heldRecords(
  file: string,
  names: readonly string[],
  records: readonly (readonly string[])[],
  notes: readonly Note[] = [],
): RecordSource {
  const length = Math.max(1, records.length);
  return {
    file,
    header: { row: 1, names: names.map(cleanLabel) },
    notes,
    length,
    prior: null,
    *read() {
      yield { records, first: 1, read: length };
    },
    isSkipped: () => false,
  };
}
