/** Reads files to recognised tables, for every caller. */
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import { buildStudyRuns } from './build';
import { type ByteFile, type OpenedFile, openFile, readFiles } from './read-files';
import { recognise } from './recognise';
import type { BuildOptions, Foreseen, Note, Recognition, StudyRuns } from './recognition';
import type { CsvTable } from './table';
import { tidyTable } from './tidy';

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
          `${name} was chosen twice.`,
          'Choose each file once: runs that count twice would bias every fit.',
        );
      }
      free = name.replace(/(\.[^.]*)?$/, ` (${count})$1`);
    }
    named.set(free, { ...file, name: free });
  }
  return [...named.values()];
}

/** What is to be built. */
interface Asked {
  readonly recognition: Recognition;
  readonly options: BuildOptions;
}

/**
 * Reads files and retains their tables until they are built, so that only the preview leaves the worker
 * before the user has agreed to it.
 */
export function createRunsReader() {
  let tables: readonly CsvTable[] = [];

  function* readAll(files: readonly OpenedFile[]): Job<Recognition> {
    const read: CsvTable[] = [];
    const notes: Note[] = [];
    for (const opened of yield* readFiles(files)) {
      const tidy = yield* tidyTable(opened);
      read.push(tidy.table);
      notes.push(...(opened.notes ?? []), ...tidy.notes);
    }
    const recognition = recognise(read);
    tables = read;
    return { ...recognition, notes: [...notes, ...recognition.notes] };
  }

  function build({ recognition, options }: Asked): Job<StudyRuns> {
    if (tables.length !== recognition.files.length) {
      throw new StageError('runs', 'These files are no longer in memory.', 'Open them again.');
    }
    return buildStudyRuns(tables, recognition, options);
  }

  return {
    async read(files: readonly (ByteFile | NamedText)[]): Promise<Job<Recognition>> {
      const opened: OpenedFile[] = [];
      for (const file of files) {
        const isSource = 'arrayBuffer' in file;
        opened.push(isSource ? await openFile(file) : { ...file, notes: [] });
      }
      return readAll(distinctFiles(opened));
    },
    build,
    /** What {@link build} would make of the files, before the user agrees. */
    *foresee(asked: Asked): Job<Foreseen> {
      try {
        const { notes, domains } = yield* build(asked);
        return { notes, domains: domains.map(({ id }) => id) };
      } catch (error) {
        if (error instanceof StageError) return { notes: [], domains: [] };
        throw error;
      }
    },
  };
}
