/** Rows of mixtures and rows of losses joined by run id. */
import type { Job } from '../model/job';
import { listedRuns, quoted, RunsError, type UnpairedRuns } from './errors';
import { parseNumber } from './numbers';
import type { ColumnRole, Note, Recognition, RunSet } from './recognition';
import { runRows } from './run-rows';
import { type CsvColumn, type CsvTable, cellText, rowNumber } from './table';

/** The runs of a set: which row of each file belongs to which. */
export interface JoinedSet {
  readonly set: RunSet;
  readonly mixtures: CsvTable;
  readonly losses: CsvTable;
  /** N ids, in the order of the file of mixtures. */
  readonly ids: readonly string[];
  /** N rows of `mixtures`, and the rows of `losses` with the same ids. */
  readonly mixtureRows: Int32Array;
  readonly lossRows: Int32Array;
  /** The column of `mixtures` with the round of each run. */
  readonly rounds: CsvColumn | null;
  /** Runs left out because the other file lacks them. */
  readonly unpaired: readonly UnpairedRuns[];
}

/**
 * Joins the two files of a set on the run id; a wide file is joined with itself.
 * @throws RunsError when an id is empty or stands for two mixtures, when a file of a pair has no id column, and
 *   when the files share no id
 */
export function* joinSet(
  tables: readonly CsvTable[],
  recognition: Recognition,
  set: RunSet,
  notes: Note[],
): Job<JoinedSet> {
  const files = recognition.files;
  const columnFor = (role: ColumnRole, file: number): CsvColumn | null => {
    const index = files[file].columns.findIndex((column) => column.role === role);
    return index < 0 ? null : tables[file].columns[index];
  };
  const rounds = columnFor('round', set.mixtures);
  const isWide = set.mixtures === set.losses;
  const runs = yield* runRows(tables[set.mixtures], files[set.mixtures], notes, isWide);
  const mixtures = runs.table;
  const { ids } = runs;
  if (isWide) {
    if (columnFor('id', set.mixtures) === null) {
      const text = `${mixtures.name} has no run ids: its runs are numbered by row.`;
      notes.push({ kind: 'numbered', subject: mixtures.name, count: ids.length, text });
    }
    const { rows } = runs;
    const losses = mixtures;
    return { set, mixtures, losses, ids, mixtureRows: rows, lossRows: rows, rounds, unpaired: [] };
  }
  for (const file of [set.mixtures, set.losses]) {
    if (columnFor('id', file) !== null) continue;
    throw new RunsError(
      {
        file: tables[file].name,
        found: 'no column of run ids',
        expected: 'one, to match mixtures with losses',
        option: '--id',
      },
      'Choose the id column, such as index or run.',
    );
  }
  const measured = yield* runRows(tables[set.losses], files[set.losses], notes, true);
  const losses = measured.table;
  const lossRunsOf = new Map<string, number[]>();
  measured.fileIds.forEach((id, run) => {
    const found = lossRunsOf.get(id);
    if (found) found.push(run);
    else lossRunsOf.set(id, [run]);
  });
  yield { done: 1, total: 2, unit: 'files' };
  const shared: string[] = [];
  const mixtureRows: number[] = [];
  const lossRows: number[] = [];
  const known = new Set<string>();
  runs.fileIds.forEach((id, run) => {
    // Repeats of a mixture are told apart by their losses alone.
    if (known.has(id)) return;
    known.add(id);
    for (const lossRun of lossRunsOf.get(id) ?? []) {
      shared.push(measured.ids[lossRun]);
      mixtureRows.push(runs.rows[run]);
      lossRows.push(measured.rows[lossRun]);
    }
  });
  yield { done: 2, total: 2, unit: 'files' };
  if (shared.length === 0) {
    throw new RunsError(
      {
        file: `${mixtures.name} and ${losses.name}`,
        found: `no run id in common (${quoted(ids[0])} … against ${quoted(measured.ids[0])} …)`,
        expected: 'the same ids in both',
        option: '--id',
      },
      'Check the id columns and that the two files belong together.',
    );
  }
  const unpaired = [
    leftOut(mixtures, losses, runs.fileIds, lossRunsOf, measured.leftOut),
    leftOut(losses, mixtures, measured.fileIds, known, runs.leftOut),
  ].filter(({ count }) => count > 0);
  return {
    set,
    mixtures,
    losses,
    ids: shared,
    mixtureRows: Int32Array.from(mixtureRows),
    lossRows: Int32Array.from(lossRows),
    rounds,
    unpaired,
  };
}

function leftOut(
  table: CsvTable,
  other: CsvTable,
  ids: readonly string[],
  partners: { has(id: string): boolean },
  unfinished: ReadonlySet<string>,
): UnpairedRuns {
  const missing = ids.filter((id) => !partners.has(id) && !unfinished.has(id));
  return {
    file: table.name,
    missingIn: other.name,
    ids: missing.slice(0, listedRuns),
    count: missing.length,
  };
}

/** What people and programs write where there is no value. */
const absent = /^(?:[+-]?nan|n\/?a|#n\/a|<na>|null|nil|none|-+|–|—)$/i;
/** What trainers write for a loss that diverged. */
const diverged = /^[+-]?inf(?:inity)?$/i;

/**
 * The numbers of a column, NaN where a cell is empty or says that there is no value (`NaN`, `NA`, `None`, `-`).
 * @param expected what each cell should hold, for the message
 * @param mayDiverge whether infinities count as empty, as in losses: a weight is never one
 * @throws RunsError at the first cell that is neither empty nor a number
 */
export function numbersOf(
  table: CsvTable,
  column: CsvColumn,
  expected: string,
  advice: string,
  mayDiverge = false,
): Float64Array {
  const isAbsent = (text: string) =>
    text === '' || absent.test(text) || (mayDiverge && diverged.test(text));
  const refuse = (row: number, text: string): never => {
    throw new RunsError(
      {
        file: table.name,
        row: rowNumber(table, row),
        column: column.header,
        found: quoted(text),
        expected,
      },
      text.trim().endsWith('%') ? 'Write shares as fractions: 0.25 instead of 25%.' : advice,
    );
  };
  const bad = column.badCells.find(({ text }) => !isAbsent(text.trim()));
  if (bad !== undefined) refuse(bad.row, bad.text);
  if (column.numbers !== null) return column.numbers;
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const cell = cellText(column, row);
    const text = table.decimal === ',' && !cell.includes('.') ? cell.replace(',', '.') : cell;
    const value = parseNumber(text);
    if (Number.isNaN(value) && !isAbsent(cell.trim())) refuse(row, cell);
    return value;
  });
}
