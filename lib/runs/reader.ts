/** Reads files to recognised tables, for every caller. */
import { StageError } from '../model/errors';
import { plural } from '../model/format';
import type { Job } from '../model/job';
import { buildStudyRuns } from './build';
import { type ByteFile, type OpenedFile, openFile, readFiles } from './read-files';
import { recognise } from './recognise';
import type { BuildOptions, Note, Recognition, StudyRuns } from './recognition';
import { type CsvTable, cellText } from './table';

/** A file from the page: a `File`, or text that was pasted or fetched. */
export interface SourceFile extends ByteFile {
  text(): Promise<string>;
}

/** A pasted or fetched CSV with its name. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * The files under unique names: of files from different folders with the same name, the second becomes `runs
 * (2).csv`.
 * @throws StageError when a file is among them twice
 */
export function distinctFiles<File extends NamedText>(files: readonly File[]): File[] {
  const named = new Map<string, File>();
  for (const file of files) {
    const { name, text } = file;
    let free = name;
    for (let count = 2; named.has(free); count++) {
      if (named.get(free)?.text === text) {
        throw new StageError(
          'runs',
          `${name} is among these files twice.`,
          'Choose each file once: runs that count twice would bend every fit.',
        );
      }
      free = name.replace(/(\.[^.]*)?$/, ` (${count})$1`);
    }
    named.set(free, { ...file, name: free });
  }
  return [...named.values()];
}

/**
 * Reads files and retains their tables until they are built, so that only the preview leaves the worker
 * before the user has agreed to it.
 */
export function createRunsReader() {
  let tables: readonly CsvTable[] = [];
  let left: readonly Note[] = [];

  function* readAll(files: readonly OpenedFile[]): Job<Recognition> {
    const read: CsvTable[] = [];
    const notes: Note[] = [];
    for (const opened of yield* readFiles(files)) {
      const { table, note } = finishedRuns(opened);
      read.push(table);
      notes.push(...(table.notes ?? []));
      if (note) notes.push(note);
    }
    const recognition = recognise(read);
    tables = read;
    left = notes;
    return { ...recognition, notes: [...notes, ...recognition.notes] };
  }

  function* buildWithNotes(recognition: Recognition, options: BuildOptions): Job<StudyRuns> {
    const runs = yield* buildStudyRuns(tables, recognition, options);
    return { ...runs, notes: [...left, ...runs.notes] };
  }

  return {
    async read(files: readonly (SourceFile | NamedText)[]): Promise<Job<Recognition>> {
      const opened: OpenedFile[] = [];
      for (const file of files) {
        const isSource = 'arrayBuffer' in file;
        opened.push(isSource ? await openFile(file) : { ...file, notes: [] });
      }
      return readAll(distinctFiles(opened));
    },
    build({
      recognition,
      options,
    }: {
      recognition: Recognition;
      options: BuildOptions;
    }): Job<StudyRuns> {
      if (tables.length !== recognition.files.length) {
        throw new StageError('runs', 'These files are no longer in memory.', 'Open them again.');
      }
      return buildWithNotes(recognition, options);
    },
  };
}

/** States of runs in Weights & Biases' run tables. */
const states = new Set([
  'finished',
  'running',
  'crashed',
  'failed',
  'killed',
  'preempted',
  'preempting',
  'pending',
]);
const runColumns = ['Name', 'State'];

/**
 * A run table that Weights & Biases exported (columns `Name` and `State`, then configuration and summary)
 * without the runs that have not finished, whose losses are not final. Other tables are returned unchanged.
 */
export function finishedRuns(table: CsvTable): { table: CsvTable; note: Note | null } {
  const headers = table.columns.map(({ header }) => header);
  const state = table.columns[headers.indexOf('State')];
  if (!runColumns.every((name) => headers.includes(name)) || !state) return { table, note: null };
  const stateOf = (row: number) => cellText(state, row).trim().toLowerCase();
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  if (!rows.every((row) => states.has(stateOf(row)))) return { table, note: null };
  const kept = rows.filter((row) => stateOf(row) === 'finished');
  const count = rows.length - kept.length;
  if (count === 0 || kept.length === 0) return { table, note: null };
  const placeOf = new Map(kept.map((row, place) => [row, place]));
  return {
    table: {
      ...table,
      rows: kept.length,
      columns: table.columns.map((column) => ({
        ...column,
        numbers:
          column.numbers && Float64Array.from(kept, (row) => column.numbers?.[row] ?? Number.NaN),
        text: column.text && kept.map((row) => column.text?.[row] ?? ''),
        badCells: column.badCells.flatMap((cell) => {
          const place = placeOf.get(cell.row);
          return place === undefined ? [] : [{ ...cell, row: place }];
        }),
        filled: kept.reduce((sum, row) => sum + (cellText(column, row).trim() === '' ? 0 : 1), 0),
      })),
      rowNumbers: Int32Array.from(kept, (row) => table.rowNumbers?.[row] ?? row + 2),
    },
    note: {
      kind: 'dropped',
      subject: table.name,
      count,
      text: `${plural(count, 'run')} of ${table.name} left out: not finished.`,
    },
  };
}
