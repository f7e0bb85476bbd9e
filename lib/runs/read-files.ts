/** Files as they come, of any format that holds runs, to tables: the one way in for the page and the command line. */

import type { Job } from '../model/job';
import { cleanLabel } from '../model/labels';
import { decodeText, refuseLarge, unpacked } from './decode';
import { type Evaluation, evaluationRecords, readEvaluation } from './evaluations';
import { readTable, type TextFile, tableOf } from './read-table';
import type { Note } from './recognition';
import type { RecordSource } from './records';
import type { CsvTable } from './table';

/** A file with its bytes, such as a `File`. */
export interface ByteFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A file whose text or table is known. */
export interface OpenedFile extends TextFile {
  /** The records of a file that is no text; its text then only tells it from others. */
  readonly records?: RecordSource;
  /** What was done to reach the text. */
  readonly notes: readonly Note[];
}

const parquetStart = [0x50, 0x41, 0x52, 0x31];

/**
 * Opens a file: unpacks and decodes text, reads Parquet.
 * @throws RunsError when it is too large, damaged, or neither
 */
export async function openFile(source: ByteFile): Promise<OpenedFile> {
  const name = cleanLabel(source.name) || 'file';
  refuseLarge(name, source.size);
  const bytes = await unpacked(name, new Uint8Array(await source.arrayBuffer()));
  if (parquetStart.every((byte, place) => bytes[place] === byte)) {
    const { readParquet } = await import('./read-parquet');
    const text = new TextDecoder('latin1').decode(bytes);
    return { name: source.name, text, records: await readParquet(name, bytes), notes: [] };
  }
  return { name: source.name, ...decodeText(name, bytes) };
}

/**
 * The tables of opened files, in their order. Result files of lm-evaluation-harness become one table, in the place
 * of the first of them.
 * @throws RunsError as {@link readTable} says
 */
export function* readFiles(files: readonly OpenedFile[]): Job<CsvTable[]> {
  const tables: (CsvTable | null)[] = [];
  const evaluations: Evaluation[] = [];
  let place = -1;
  for (const file of files) {
    const evaluation = file.records ? null : readEvaluation(cleanLabel(file.name), file.text);
    if (evaluation !== null) {
      if (place < 0) place = tables.push(null) - 1;
      evaluations.push(evaluation);
      continue;
    }
    const { records } = file;
    const read = records
      ? // A file may have got another name beside one of the same name.
        yield* tableOf({ ...records, file: cleanLabel(file.name) })
      : yield* readTable(file);
    const notes = [...file.notes, ...(read.notes ?? [])];
    tables.push(notes.length > 0 ? { ...read, notes } : read);
  }
  if (place >= 0) tables[place] = yield* tableOf(evaluationRecords(evaluations));
  return tables.filter((table) => table !== null);
}
