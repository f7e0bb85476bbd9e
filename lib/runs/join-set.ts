/** Rows of mixtures and rows of losses joined by run id. */
import type { Job } from '../model/job';
import { cleanId } from '../model/labels';
import { listedRuns, quoted, RunsError, type UnpairedRuns } from './errors';
import { parseNumber } from './numbers';
import type { ColumnRole, Note, Recognition, RunSet } from './recognition';
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
 * @throws RunsError when an id is empty or repeated, when a file of a pair has no id column, and when
 *   the files share no id
 */
export function* joinSet(
  tables: readonly CsvTable[],
  recognition: Recognition,
  set: RunSet,
  notes: Note[],
): Job<JoinedSet> {
  const mixtures = tables[set.mixtures];
  const losses = tables[set.losses];
  const columnFor = (role: ColumnRole, file: number): CsvColumn | null => {
    const index = recognition.files[file].columns.findIndex((column) => column.role === role);
    return index < 0 ? null : tables[file].columns[index];
  };
  const rounds = columnFor('round', set.mixtures);
  const ids = yield* runIds(mixtures, columnFor('id', set.mixtures));
  if (set.mixtures === set.losses) {
    if (columnFor('id', set.mixtures) === null) {
      const text = `${mixtures.name} has no run ids: its runs are named after their rows.`;
      notes.push({ kind: 'numbered', subject: mixtures.name, count: ids.length, text });
    }
    const rows = Int32Array.from(ids, (_, row) => row);
    return { set, mixtures, losses, ids, mixtureRows: rows, lossRows: rows, rounds, unpaired: [] };
  }
  for (const file of [set.mixtures, set.losses]) {
    if (columnFor('id', file) !== null) continue;
    throw new RunsError(
      {
        file: tables[file].name,
        found: 'no column of run ids',
        expected: 'one, to tell which mixture belongs to which losses',
      },
      'Choose the id column, such as index or run.',
    );
  }
  const lossIds = yield* runIds(losses, columnFor('id', set.losses));
  const lossRowOf = new Map(lossIds.map((id, row) => [id, row]));
  yield { done: 1, total: 2, unit: 'files' };
  const shared: string[] = [];
  const mixtureRows: number[] = [];
  const lossRows: number[] = [];
  ids.forEach((id, row) => {
    const lossRow = lossRowOf.get(id);
    if (lossRow === undefined) return;
    shared.push(id);
    mixtureRows.push(row);
    lossRows.push(lossRow);
  });
  yield { done: 2, total: 2, unit: 'files' };
  if (shared.length === 0) {
    throw new RunsError(
      {
        file: `${mixtures.name} and ${losses.name}`,
        found: `no run id in common (${quoted(ids[0])} … against ${quoted(lossIds[0])} …)`,
        expected: 'the same ids in both',
      },
      'Check the id columns, and that these two files belong together.',
    );
  }
  const known = new Set(ids);
  const unpaired = [
    leftOut(mixtures, losses, ids, lossRowOf),
    leftOut(losses, mixtures, lossIds, known),
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
): UnpairedRuns {
  const missing = ids.filter((id) => !partners.has(id));
  return {
    file: table.name,
    missingIn: other.name,
    ids: missing.slice(0, listedRuns),
    count: missing.length,
  };
}

/** About 2 ms of work. */
const rowsPerSlice = 4_000;

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

/**
 * The run id of each row; the row number where the file has no id column.
 * @throws RunsError when an id is empty or occurs twice
 */
function* runIds(table: CsvTable, column: CsvColumn | null): Job<string[]> {
  const rows = new Map<string, number>();
  const ids: string[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (row % rowsPerSlice === 0) yield { done: row, total: table.rows, unit: 'rows' };
    if (column === null) {
      ids.push(String(rowNumber(table, row)));
      continue;
    }
    const id = cleanId(cellText(column, row));
    const earlier = rows.get(id);
    if (id === '' || earlier !== undefined) refuseId(table, column, row, id, earlier);
    rows.set(id, row);
    ids.push(id);
  }
  return ids;
}

function refuseId(
  table: CsvTable,
  column: CsvColumn,
  row: number,
  id: string,
  earlier: number | undefined,
): never {
  const place = { file: table.name, row: rowNumber(table, row), column: column.header };
  if (earlier === undefined) {
    throw new RunsError(
      { ...place, found: 'an empty cell', expected: 'the id of a run' },
      'Give every run an id, or choose another id column.',
    );
  }
  throw new RunsError(
    {
      ...place,
      found: `the id ${quoted(id)} of row ${rowNumber(table, earlier)} again`,
      expected: 'an id of its own for each run',
    },
    'Remove one of the rows, or choose another id column.',
  );
}
