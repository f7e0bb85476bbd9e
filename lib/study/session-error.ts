import { StageError } from '../errors';

const longestFound = 80;

/** What is wrong at which place of a file, with what was expected there. */
export function sessionError(path: string, found: string, expected: string): StageError {
  const shown = found.length > longestFound ? `${found.slice(0, longestFound)}…` : found;
  return new StageError(
    'runs',
    `This is no study that can be opened: at ${path}, found ${shown}, expected ${expected}.`,
    'Export the study again where it was made, or mend the file: docs/study-format.md describes it.',
  );
}
