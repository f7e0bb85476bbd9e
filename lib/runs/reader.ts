import { StageError } from '../errors';
import type { Job } from '../job';
import { buildStudyRuns } from './build';
import { readTable } from './read-table';
import { recognise } from './recognise';
import type { Recognition } from './recognition';
import type { BuildOptions, StudyRuns } from './study-runs';
import type { CsvTable } from './table';

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
 * Reads files and keeps their tables until they are built, so that only what a preview shows
 * leaves the worker before the user has agreed to it.
 */
export function createRunsReader() {
  let tables: readonly CsvTable[] = [];

  function* readAll(files: readonly NamedText[]): Job<Recognition> {
    const read: CsvTable[] = [];
    for (const file of files) read.push(yield* readTable(file));
    const recognition = recognise(read);
    tables = read;
    return recognition;
  }

  return {
    async read(files: readonly (SourceFile | NamedText)[]): Promise<Job<Recognition>> {
      const texts: NamedText[] = [];
      for (const file of files) {
        const text = typeof file.text === 'string' ? file.text : await file.text();
        texts.push({ name: file.name, text });
      }
      return readAll(texts);
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
