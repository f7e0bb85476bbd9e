import { StageError } from '../model/errors';

/** What is wrong at which place of which file, and what was expected there. */
export interface RunsErrorDetail {
  /** File name; empty when it concerns no single file. */
  readonly file: string;
  /** Row as a spreadsheet counts: the header is row 1. */
  readonly row?: number;
  /** Column header as in the file. */
  readonly column?: string;
  /** The content found there. */
  readonly found?: string;
  /** The expected content. */
  readonly expected?: string;
  /** What is wrong, when `found` and `expected` alone do not say it. */
  readonly problem?: string;
  /** The option of the command line that decides it: `--weights-columns`. */
  readonly option?: string;
}

const longestQuote = 60;

/** A file was refused: everything in {@link RunsErrorDetail}, also as one sentence in `message`. */
export class RunsError extends StageError {
  override readonly name: string = 'RunsError';
  readonly file: string;
  readonly row: number | undefined;
  readonly column: string | undefined;
  readonly found: string | undefined;
  readonly expected: string | undefined;
  readonly option: string | undefined;

  constructor(detail: RunsErrorDetail, advice = '') {
    super('runs', sentence(detail), advice);
    this.file = detail.file;
    this.row = detail.row;
    this.column = detail.column;
    this.found = detail.found;
    this.expected = detail.expected;
    this.option = detail.option;
  }
}

function sentence({ file, row, column, found, expected, problem }: RunsErrorDetail): string {
  const place = [
    file,
    row === undefined ? '' : `row ${row}`,
    column === undefined ? '' : `column ${quoted(column)}`,
  ];
  const parts = [
    problem ?? '',
    found === undefined ? '' : `found ${found}`,
    expected === undefined ? '' : `expected ${expected}`,
  ];
  const where = place.filter(Boolean).join(', ');
  const what = parts.filter(Boolean).join(', ');
  return where === '' ? `${what}.` : `${where}: ${what}.`;
}

/** A cell or a name as it appears in a message: in quotes, on one line, shortened when long. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestQuote ? `"${line.slice(0, longestQuote)}…"` : `"${line}"`;
}

/** Runs of one file that have no partner in the other file of their set. */
export interface UnpairedRuns {
  /** The file that holds these runs. */
  readonly file: string;
  /** The file that lacks them. */
  readonly missingIn: string;
  /** The first {@link listedRuns} ids, in file order. */
  readonly ids: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

/** How many ids without a partner an {@link UnpairedRunsError} lists per file. */
export const listedRuns = 20;

/** Some runs have a mixture but no losses, or the reverse. The user may continue without them. */
export class UnpairedRunsError extends RunsError {
  override readonly name: string = 'UnpairedRunsError';

  /** @param unpaired at least one entry, each with a count of at least 1 */
  constructor(readonly unpaired: readonly UnpairedRuns[]) {
    super(
      {
        file: '',
        problem: `some runs are in only one file of a pair: ${unpaired.map(describe).join('; ')}`,
      },
      'Go on with the runs that both files share, or add the missing rows.',
    );
  }
}

function describe({ file, missingIn, ids, count }: UnpairedRuns): string {
  const rest = count > ids.length ? ` and ${count - ids.length} more` : '';
  return `${count} of ${file} missing from ${missingIn} (${ids.map(quoted).join(', ')}${rest})`;
}
