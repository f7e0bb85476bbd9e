/** Parquet files of runs to records, with every size checked before anything is decoded. Loaded on demand. */

import { gunzipSync } from 'fflate';
import { decompress } from 'fzstd';
import {
  type ColumnMetaData,
  type Compressors,
  type FileMetaData,
  parquetMetadata,
  parquetRead,
  parquetSchema,
  type SchemaTree,
  snappyUncompress,
} from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { plural } from '../model/format';
import { cleanLabel } from '../model/labels';
import { quoted, RunsError } from './errors';
import { type RecordBatch, type RecordSource, readingNote, tooLarge } from './records';
import { limits } from './table';

/** Bytes of one page, and of all pages together, when they are unpacked. */
const pageBytes = 64_000_000;
const mostBytes = 1_000_000_000;
/** `PAR1`, with which a file starts and ends. */
const magic = 0x50415231;
/** Bytes of the description at the end of the file. */
const footerBytes = 16_000_000;

/** A column of scalars. */
interface Leaf {
  readonly path: readonly string[];
  /** `''` for an index without a name. */
  readonly name: string;
  /** How many parts of the path may be null. */
  readonly optional: number;
}

/** Values of a column in its rows from `start` on. */
interface Piece {
  readonly start: number;
  readonly values: ArrayLike<unknown>;
}

/**
 * The records of a Parquet file. Structures become columns with `.` in their names; lists and maps are left out
 * with a note.
 * @throws RunsError when it is damaged, compressed or encoded in a way that is not read, or beyond the limits of a
 *   table
 */
export async function readParquet(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<RecordSource> {
  const metadata = guarded(file, () => describe(file, bytes));
  const rows = Number(metadata.num_rows);
  const { leaves, others } = guarded(file, () => leavesOf(parquetSchema(metadata)));
  if (rows > limits.rows || leaves.length > limits.columns || rows * leaves.length > limits.cells) {
    throw tooLarge(file, `${rows.toLocaleString('en')} rows of ${leaves.length} columns`);
  }
  if (leaves.length === 0 || rows === 0) {
    throw new RunsError(
      { file, problem: 'the file contains no rows of numbers or text' },
      'Write one row per run.',
    );
  }
  guarded(file, () => checkPages(file, bytes, metadata, leaves));
  const pieces = new Map<string, Piece[]>();
  const buffer = bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  try {
    await parquetRead({
      file: buffer,
      metadata,
      columns: [...new Set(leaves.map(({ path }) => path[0]))],
      compressors,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const piece = { start: rowStart, values: columnData };
        const known = pieces.get(columnName);
        if (known) known.push(piece);
        else pieces.set(columnName, [piece]);
      },
    });
  } catch (error) {
    throw damaged(file, error);
  }
  const names = leaves.map(({ name }) => cleanLabel(name));
  return {
    file,
    header: { row: 1, names },
    notes:
      others.length === 0
        ? []
        : [
            readingNote(
              file,
              others.length,
              `${file}: ${plural(others.length, 'column')} of lists left out, such as ${quoted(others[0])}.`,
            ),
          ],
    length: rows,
    prior: null,
    read: () => batches(file, rows, leaves, pieces),
    isSkipped: () => false,
  };
}

/** Records per batch: about 3 ms of work. */
const batchCells = 20_000;

function* batches(
  file: string,
  rows: number,
  leaves: readonly Leaf[],
  pieces: ReadonlyMap<string, readonly Piece[]>,
): Generator<RecordBatch, void, void> {
  const step = Math.max(1, Math.floor(batchCells / leaves.length));
  let characters = 0;
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(rows, start + step);
    const records = Array.from({ length: end - start }, (): string[] => []);
    for (const { path } of leaves) {
      const [column, ...rest] = path;
      const ofColumn = pieces.get(column) ?? [];
      let at = placeOf(ofColumn, start);
      for (let row = start; row < end; row++) {
        while (at + 1 < ofColumn.length && row >= ofColumn[at + 1].start) at++;
        const piece = ofColumn.at(at);
        let value: unknown = piece?.values[row - piece.start];
        for (const key of rest) value = memberOf(value, key);
        const cell = cellOf(file, value);
        characters += cell.length;
        records[row - start].push(cell);
      }
    }
    if (characters > limits.characters) {
      throw tooLarge(file, `${characters.toLocaleString('en')} characters`);
    }
    yield { records, first: start + 1, read: end };
  }
}

/** The last piece that begins at a row or before, by halving; the first where there is none. */
function placeOf(pieces: readonly Piece[], row: number): number {
  let low = 0;
  let high = pieces.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (pieces[middle].start <= row) low = middle;
    else high = middle;
  }
  return low;
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return null;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function cellOf(file: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.slice(0, limits.cellCharacters);
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
      return value instanceof Object && !ArrayBuffer.isView(value) ? jsonOf(file, value) : '';
  }
}

/** A value of the type JSON as text again. @throws RunsError where it is too deep */
function jsonOf(file: string, value: object): string {
  try {
    return JSON.stringify(value).slice(0, limits.cellCharacters);
  } catch (error) {
    throw damaged(file, error);
  }
}

/** The file's description of itself. @throws RunsError when it is larger than any table needs */
function describe(file: string, bytes: Uint8Array): FileMetaData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(bytes.length - 4) !== magic) {
    throw new Error('the footer is missing');
  }
  if (view.getUint32(bytes.length - 8, true) > footerBytes) {
    throw tooLarge(file, `a footer of more than ${footerBytes.toLocaleString('en')} bytes`);
  }
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  const { num_rows, row_groups } = metadata;
  const sum = row_groups.reduce((total, group) => total + group.num_rows, 0n);
  if (sum !== num_rows || row_groups.some((group) => group.num_rows < 0n)) {
    throw new Error('the row groups do not add up');
  }
  return metadata;
}

/** The columns of scalars, and the names of columns with a list or a map anywhere in them. */
function leavesOf(tree: SchemaTree): { leaves: Leaf[]; others: string[] } {
  const leaves: Leaf[] = [];
  const others: string[] = [];
  const visit = ({ children, element, path }: SchemaTree, above: number, into: Leaf[]): boolean => {
    if (element.repetition_type === 'REPEATED') return false;
    const optional = above + (element.repetition_type === 'OPTIONAL' ? 1 : 0);
    if (children.length > 0) return children.every((child) => visit(child, optional, into));
    const name = path.join('.');
    // pandas gives its index this name where it has none.
    into.push({ path, name: /^__index_level_\d+__$/.test(name) ? '' : name, optional });
    return true;
  };
  for (const child of tree.children) {
    const found: Leaf[] = [];
    if (visit(child, 0, found)) leaves.push(...found);
    else others.push(child.path.join('.'));
  }
  return { leaves, others };
}

/** Encodings whose size the pages' own sizes bound. */
const encodings = [
  'PLAIN',
  'PLAIN_DICTIONARY',
  'RLE_DICTIONARY',
  'RLE',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'BYTE_STREAM_SPLIT',
];

/**
 * Walks through the pages that will be decoded and checks what their headers and runs of equal values promise
 * against the rows of the table: a few bytes may stand for billions of values.
 * @throws RunsError, or whatever a broken header leads to
 */
function checkPages(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  { row_groups }: FileMetaData,
  leaves: readonly Leaf[],
): void {
  const wanted = new Map(leaves.map((leaf) => [leaf.path.join('\u0000'), leaf]));
  const decoded = new Set(leaves.map(({ path }) => path[0]));
  let unpacked = 0;
  for (const { columns, num_rows } of row_groups) {
    for (const { meta_data: column, file_path: elsewhere } of columns) {
      if (column === undefined || elsewhere !== undefined)
        throw new Error('a column is in another file');
      if (!decoded.has(column.path_in_schema[0])) continue;
      const leaf = wanted.get(column.path_in_schema.join('\u0000'));
      if (leaf === undefined) throw new Error('a column is not in the schema');
      unpacked += checkColumn(file, bytes, column, Number(num_rows), leaf.optional);
      if (unpacked > mostBytes) {
        throw tooLarge(file, `more than ${mostBytes.toLocaleString('en')} bytes when unpacked`);
      }
    }
  }
}

/** @returns the bytes of its pages when they are unpacked */
function checkColumn(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  column: ColumnMetaData,
  rows: number,
  optional: number,
): number {
  const { codec, type, path_in_schema: path } = column;
  const place = { file, column: path.join('.') };
  if (codec !== 'UNCOMPRESSED' && compressors[codec] === undefined) {
    throw new RunsError(
      { ...place, found: `compression ${codec}`, expected: 'Snappy, GZIP or Zstandard' },
      'Write the file again with compression "zstd".',
    );
  }
  const dictionary = Number(column.dictionary_page_offset ?? 0n);
  const data = Number(column.data_page_offset);
  const start = dictionary || data;
  const end = start + Number(column.total_compressed_size);
  if (!(start >= 4 && end <= bytes.length && start < end)) throw new Error('a column is cut off');
  const reader = {
    view: new DataView(bytes.buffer, bytes.byteOffset + start, end - start),
    offset: 0,
  };
  let values = 0;
  let unpacked = 0;
  while (reader.offset < end - start - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: size, uncompressed_page_size: whole } = header;
    const from = start + reader.offset;
    if (!(size >= 0 && from + size <= end && whole >= 0)) throw new Error('a page is cut off');
    if (whole > pageBytes) {
      throw tooLarge(file, `a page of ${whole.toLocaleString('en')} bytes`);
    }
    unpacked += whole;
    reader.offset += size;
    const content = bytes.subarray(from, from + size);
    const v1 = header.data_page_header;
    const v2 = header.data_page_header_v2;
    if (header.type === 'DICTIONARY_PAGE') {
      const count = header.dictionary_page_header?.num_values ?? 0;
      if (!(count >= 0 && count <= whole)) throw new Error('a dictionary is too long');
      continue;
    }
    const page = v1 ?? v2;
    if (page === undefined) throw new Error(`page of type ${header.type}`);
    if (!(page.num_values >= 0 && page.num_values <= rows - values)) {
      throw new Error('more values than rows');
    }
    if (!encodings.includes(page.encoding)) {
      throw new RunsError(
        { ...place, found: `encoding ${page.encoding}`, expected: encodings.join(', ') },
        'Write the file again with a common encoding, as pandas and Polars do.',
      );
    }
    const head = v2 ? v2.repetition_levels_byte_length + v2.definition_levels_byte_length : 0;
    if (!(head >= 0 && head <= size && head <= whole)) throw new Error('levels are cut off');
    const isPacked = codec !== 'UNCOMPRESSED' && v2?.is_compressed !== false && whole > head;
    const body = isPacked
      ? unpack(codec, content.subarray(head), whole - head)
      : content.subarray(head);
    const levels = v2 ? content.subarray(v2.repetition_levels_byte_length, head) : null;
    checkRuns(body, levels, page, type, optional);
    values += page.num_values;
  }
  return unpacked;
}

/** A page's bytes, unpacked; no more than its header says are ever held. */
function unpack(codec: ColumnMetaData['codec'], packed: Uint8Array, length: number): Uint8Array {
  const page = compressors[codec]?.(packed, length);
  if (page?.length !== length) throw new Error('a page does not unpack to its size');
  return page;
}

const compressors: Compressors = {
  SNAPPY: (packed, length) => {
    const page = new Uint8Array(length);
    snappyUncompress(packed, page);
    return page;
  },
  GZIP: (packed, length) => gunzipSync(packed, { out: new Uint8Array(length) }),
  ZSTD: (packed, length) => decompress(packed, new Uint8Array(length)),
};

/**
 * Checks the runs of equal values in a page: definition levels, places in the dictionary, and booleans.
 * @param levels the definition levels where they stand apart from the body
 * @param optional how many parts of the column's path may be null
 */
function checkRuns(
  body: Uint8Array,
  levels: Uint8Array | null,
  { num_values: values, encoding }: { readonly num_values: number; readonly encoding: string },
  type: string,
  optional: number,
): void {
  const width = 32 - Math.clz32(optional);
  let at = 0;
  if (optional > 0 && levels !== null) checkRun(levels, 0, levels.length, width, values, true);
  else if (optional > 0) {
    const end = 4 + lengthAt(body, 0);
    checkRun(body, 4, end, width, values, true);
    at = end;
  }
  if (encoding === 'RLE' && type === 'BOOLEAN') {
    checkRun(body, at + 4, body.length, 1, values, false);
  } else if (/DICTIONARY|^RLE$/.test(encoding) && at < body.length) {
    checkRun(body, at + 1, body.length, body[at], values, false);
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new Error('levels are cut off');
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

/** Packed runs end at a multiple of 8 values; writers may leave more room. */
const slack = 512;

/** @param isWhole whether all of the values must be there: the last ones of a column with nulls need not be */
function checkRun(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  values: number,
  isWhole: boolean,
): void {
  let at = start;
  let seen = 0;
  while (seen < values && at < Math.min(end, bytes.length)) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      header |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      if (shift > 28) throw new Error('a run is too long');
    }
    const isPacked = (header & 1) === 1;
    const count = isPacked ? (header >>> 1) * 8 : header >>> 1;
    if (count > values - seen + slack) throw new Error('a run is longer than its column');
    at += isPacked ? Math.ceil((count * width) / 8) : (width + 7) >> 3;
    seen += count;
  }
  if (isWhole && seen < values) throw new Error('levels are cut off');
}

/** What the callback returns; whatever it throws that is no refusal means that the file is damaged. */
function guarded<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw damaged(file, error);
  }
}

function damaged(file: string, error: unknown): RunsError {
  if (error instanceof RunsError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new RunsError(
    { file, problem: `this Parquet file is damaged or not supported (${reason})` },
    'Write it again, or export the table as CSV.',
  );
}
