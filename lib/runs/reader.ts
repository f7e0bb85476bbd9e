/** Reads files to recognised tables, for every caller. */
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import { buildStudyRuns } from './build';
import { readTable } from './read-table';
import { recognise } from './recognise';
import type { BuildOptions, Note, Recognition, StudyRuns } from './recognition';
import type { CsvTable } from './table';
import { tidyTable } from './tidy';

/** A file from the page: a `File`, or text that was pasted or fetched. */
export interface SourceFile {
  readonly name: string;
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
export function distinctFiles(files: readonly NamedText[]): NamedText[] {
  const named = new Map<string, NamedText>();
  for (const { name, text } of files) {
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
    named.set(free, { name: free, text });
  }
  return [...named.values()];
}

/**
 * Reads files and retains their tables until they are built, so that only the preview leaves the worker
 * before the user has agreed to it.
 */
export function createRunsReader() {
  let tables: readonly CsvTable[] = [];

  function* readAll(files: readonly NamedText[]): Job<Recognition> {
    const read: CsvTable[] = [];
    const notes: Note[] = [];
    for (const file of files) {
      const tidy = yield* tidyTable(yield* readTable(file));
      read.push(tidy.table);
      notes.push(...tidy.notes);
    }
    const recognition = recognise(read);
    tables = read;
    return { ...recognition, notes: [...notes, ...recognition.notes] };
  }

  return {
    async read(files: readonly (SourceFile | NamedText)[]): Promise<Job<Recognition>> {
      const texts: NamedText[] = [];
      for (const file of files) {
        const text = typeof file.text === 'string' ? file.text : await file.text();
        texts.push({ name: file.name, text });
      }
      return readAll(distinctFiles(texts));
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
      return buildStudyRuns(tables, recognition, options);
    },
  };
}
