import { StageError } from '../errors';
import type { Job } from '../job';
import { buildStudyRuns } from './build';
import { readTable } from './read-table';
import { recognise } from './recognise';
import type { Recognition } from './recognition';
import type { BuildOptions, Note, StudyRuns } from './study-runs';
import type { CsvTable } from './table';
import { finishedRuns } from './weights-and-biases';

/** A file as the page hands it over: a `File` of the browser, or text that was pasted or fetched. */
export interface SourceFile {
  readonly name: string;
  text(): Promise<string>;
}

/** A CSV with its name, for what was pasted or fetched. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * The files under names that differ: of files from different folders that are named alike, the second
 * is `runs (2).csv`.
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
 * Reads files and keeps their tables until they are built, so that only what a preview shows
 * leaves the worker before the user has agreed to it.
 */
export function createRunsReader() {
  let tables: readonly CsvTable[] = [];
  let left: readonly Note[] = [];

  function* readAll(files: readonly NamedText[]): Job<Recognition> {
    const read: CsvTable[] = [];
    const notes: Note[] = [];
    for (const file of files) {
      const { table, note } = finishedRuns(yield* readTable(file));
      read.push(table);
      if (note) notes.push(note);
    }
    const recognition = recognise(read);
    tables = read;
    left = notes;
    return recognition;
  }

  function* buildWithNotes(recognition: Recognition, options: BuildOptions): Job<StudyRuns> {
    const runs = yield* buildStudyRuns(tables, recognition, options);
    return { ...runs, notes: [...left, ...runs.notes] };
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
      return buildWithNotes(recognition, options);
    },
  };
}
