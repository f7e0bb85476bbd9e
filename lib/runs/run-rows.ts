/** The runs of one file: which row holds the result of each, where a run has rows for steps and for seeds. */
import { plural } from '../model/format';
import type { Job } from '../model/job';
import { cleanId, cleanLabel } from '../model/labels';
import { quoted, RunsError } from './errors';
import type { ColumnRole, Note, RecognisedFile } from './recognition';
import { blankCells } from './reshape';
import { isSeed, stepAt } from './steps';
import { type CsvColumn, type CsvTable, cellText, rowNumber } from './table';

/** The runs of one file, in file order. */
export interface RunRows {
  /** The file; where a run was not measured at its last step, its row has the last value before it. */
  readonly table: CsvTable;
  /** One id a run, unique: `run00`, and `run00 (2)` or `run00 seed 2` for a repeat of its mixture. */
  readonly ids: readonly string[];
  /** The ids as in the file: those of repeats are equal. */
  readonly fileIds: readonly string[];
  /** The row with the result of each run. */
  readonly rows: Int32Array;
  /** Ids of runs that are in the file and left out of it: not finished, or no runs. */
  readonly leftOut: ReadonlySet<string>;
}

/** About 2 ms of work. */
const rowsPerSlice = 4_000;
/** A run that ends before this share of the usual last step has not finished. */
const finishedShare = 0.9;
/** Share of the runs that must have finished for the others to count as stopped: the second where no two end together. */
const mostFinish = 0.5;
const nearlyAllFinish = 0.8;

interface Group {
  readonly id: string;
  readonly seed: string;
  readonly rows: number[];
}

/** A run while its rows are judged. */
interface Run {
  readonly group: Group;
  readonly row: number;
  readonly step: number;
}

/**
 * Finds the runs of a file. Where rows have a step, the last of a run counts; without run ids, rows of equal
 * weights are of one run. Rows of one id and one mixture that are left are repeats of it: seeds.
 *
 * @param notes gets what was left out, and how many runs are repeats
 * @param takesSeeds whether repeats stay; false for the mixtures of a pair, which say nothing of seeds
 * @throws RunsError when an id is empty, or stands for two mixtures
 */
export function* runRows(
  table: CsvTable,
  file: RecognisedFile,
  notes: Note[],
  takesSeeds: boolean,
): Job<RunRows> {
  const columnsFor = (role: ColumnRole) =>
    table.columns.filter((_, index) => file.columns[index].role === role);
  const [id] = columnsFor('id');
  const [steps] = columnsFor('step');
  const domains = columnsFor('domain');
  const targets = columnsFor('target');
  const known = yield* idsOf(table, id);
  const gone = leftOutIds(table, id);
  const grouped = steps !== undefined && (id !== undefined || domains.length > 0);
  if (!grouped && (id === undefined || new Set(known).size === known.length)) {
    const rows = Int32Array.from(known, (_, row) => row);
    return { table, ids: known, fileIds: known, rows, leftOut: gone };
  }

  const seeds = takesSeeds ? seedColumn(table, file) : undefined;
  const groups = yield* groupRows(table, known, { id, domains, seeds });
  yield { done: table.rows, total: table.rows, unit: 'rows' };
  if (id !== undefined) refuseMixtures(table, id, domains, groups);
  const found = pickRows(groups, { steps, domains, targets, hasIds: id !== undefined });
  yield { done: table.rows, total: table.rows, unit: 'rows' };
  const { kept, unfinished } = finishedOnly(found.runs);
  noteSteps(table, steps, found, kept, unfinished, notes);
  kept.sort((a, b) => a.row - b.row);
  const fileIds = kept.map(({ group, row }) => (id === undefined ? known[row] : group.id));
  const ids = nameRepeats(kept, fileIds);
  const repeats = fileIds.length - new Set(fileIds).size;
  if (repeats > 0 && takesSeeds) {
    const times = new Map<string, number>();
    for (const each of fileIds) times.set(each, (times.get(each) ?? 0) + 1);
    const repeated = [...times.values()].filter((count) => count > 1);
    const runs = repeated.reduce((sum, count) => sum + count, 0);
    const text = `${table.name}: ${plural(repeated.length, 'repeated mixture')}, ${plural(runs, 'run')} in all.`;
    notes.push({ kind: 'repeated', subject: table.name, count: runs, text });
  }
  if (found.identical > 0) {
    const text = `${plural(found.identical, 'row')} of ${table.name} left out: the same run and values as another row.`;
    notes.push({ kind: 'dropped', subject: table.name, count: found.identical, text });
  }
  const present = new Set(fileIds);
  const leftOut = new Set([...gone, ...unfinished.map(({ group }) => group.id)]);
  for (const each of present) leftOut.delete(each);
  const measured = steps === undefined ? table : withLastValues(table, steps, targets, kept);
  return { table: measured, ids, fileIds, rows: Int32Array.from(kept, ({ row }) => row), leftOut };
}

/** The id of each row; its row number where the file has no id column. */
function* idsOf(table: CsvTable, column: CsvColumn | undefined): Job<string[]> {
  const ids: string[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (row % rowsPerSlice === 0) yield { done: row, total: table.rows, unit: 'rows' };
    const id =
      column === undefined ? String(rowNumber(table, row)) : cleanId(cellText(column, row));
    if (id === '' && column !== undefined) {
      throw new RunsError(
        {
          file: table.name,
          row: rowNumber(table, row),
          column: column.header,
          found: 'an empty cell',
          expected: 'the id of a run',
        },
        'Give every run an id, or choose another id column.',
      );
    }
    ids.push(id);
  }
  return ids;
}

function leftOutIds(table: CsvTable, id: CsvColumn | undefined): Set<string> {
  const ids = new Set<string>();
  if (id === undefined) return ids;
  const place = table.columns.indexOf(id);
  for (const { columns, rows } of table.leftOut ?? []) {
    for (let row = 0; row < rows; row++) ids.add(cleanId(cellText(columns[place], row)));
  }
  return ids;
}

function seedColumn(table: CsvTable, file: RecognisedFile): CsvColumn | undefined {
  return table.columns.find(
    ({ header }, index) => file.columns[index].role === 'ignored' && isSeed(header),
  );
}

function* groupRows(
  table: CsvTable,
  ids: readonly string[],
  by: { id?: CsvColumn; domains: readonly CsvColumn[]; seeds?: CsvColumn },
): Job<Group[]> {
  const groups = new Map<string, Group>();
  for (let row = 0; row < table.rows; row++) {
    if (row % rowsPerSlice === 0) yield { done: row, total: table.rows, unit: 'rows' };
    const seed = by.seeds === undefined ? '' : cleanLabel(cellText(by.seeds, row));
    const name = by.id === undefined ? mixtureKey(by.domains, row) : ids[row];
    const key = `${name}\u0000${seed}`;
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { id: ids[row], seed, rows: [row] });
  }
  return [...groups.values()];
}

function mixtureKey(domains: readonly CsvColumn[], row: number): string {
  return domains.map((column) => cellText(column, row).trim()).join('\u0000');
}

/** Weights that differ by less are equal. */
const rounding = 1e-6;

/** Refuses rows of one id with different weights. */
function refuseMixtures(
  table: CsvTable,
  id: CsvColumn,
  domains: readonly CsvColumn[],
  groups: readonly Group[],
): void {
  const firsts = new Map<string, number>();
  for (const group of groups) {
    const first = firsts.get(group.id) ?? group.rows[0];
    firsts.set(group.id, first);
    for (const row of group.rows) {
      if (domains.every((column) => isEqual(column, first, row))) continue;
      throw new RunsError(
        {
          file: table.name,
          row: rowNumber(table, row),
          column: id.header,
          found: `the id ${quoted(group.id)}, also in row ${rowNumber(table, first)}`,
          expected: 'a different id for each run',
        },
        `Rows ${rowNumber(table, first)} and ${rowNumber(table, row)} have different weights: remove one of them, or choose another id column.`,
      );
    }
  }
}

function isEqual(column: CsvColumn, a: number, b: number): boolean {
  const [x, y] = [column.numbers?.[a] ?? Number.NaN, column.numbers?.[b] ?? Number.NaN];
  if (!Number.isNaN(x) || !Number.isNaN(y)) {
    return Math.abs(x - y) <= rounding * Math.max(1, Math.abs(x));
  }
  return cellText(column, a).trim() === cellText(column, b).trim();
}

/**
 * A test for cells of a target without a value. Where most are NaN, it stands for what was not logged at a step;
 * else for a loss that diverged.
 */
function unmeasured(column: CsvColumn): (row: number) => boolean {
  const isBlank = blankCells(column);
  const isNaNText = (text: string) => /^nan$/i.test(text.trim());
  const rows = column.numbers?.length ?? column.text?.length ?? 0;
  const found = (column.text ?? column.badCells.map(({ text }) => text)).filter(isNaNText).length;
  if (found < rows / 2) return isBlank;
  return (row) => isBlank(row) || isNaNText(cellText(column, row));
}

/** The rows that hold results, and what was found on the way to them. */
interface PickedRows {
  readonly runs: Run[];
  /** Rows that say what another one says. */
  readonly identical: number;
  /** Rows of earlier steps, or of a step that was reached again. */
  readonly earlier: number;
  /** Runs that were taken up again from an earlier step. */
  readonly restarted: number;
  /** Rows without a value beside rows of the same run that have one. */
  readonly empty: number;
}

function pickRows(
  groups: readonly Group[],
  {
    steps,
    domains,
    targets,
    hasIds,
  }: {
    steps: CsvColumn | undefined;
    domains: readonly CsvColumn[];
    targets: readonly CsvColumn[];
    hasIds: boolean;
  },
): PickedRows {
  const compared = [...domains, ...targets];
  const isBlank = targets.map(unmeasured);
  const isMeasured = (row: number) => isBlank.some((test) => !test(row));
  const stepOf = (row: number) => (steps === undefined ? 0 : stepAt(steps, row));
  let identical = 0;
  let empty = 0;
  const judged = groups.map((group) => {
    const measured = group.rows.filter(isMeasured);
    const rows = measured.length > 0 ? measured : group.rows;
    const last = rows.reduce((most, row) => Math.max(most, stepOf(row)), Number.NEGATIVE_INFINITY);
    if (steps === undefined) empty += group.rows.length - rows.length;
    const finals: number[] = [];
    const seen = new Set<string>();
    for (const row of rows) {
      if (stepOf(row) !== last) continue;
      const values = compared.map((column) => cellText(column, row).trim()).join('\u0000');
      if (seen.has(values)) {
        identical++;
        continue;
      }
      seen.add(values);
      // A tracker may write one row for each of the values of a step.
      const above = finals.at(-1);
      const complements =
        steps !== undefined &&
        above !== undefined &&
        targets.length > 0 &&
        isBlank.every((test) => test(above) || test(row));
      if (complements) finals[finals.length - 1] = row;
      else finals.push(row);
    }
    return { group, finals, last };
  });
  // Where most runs reach their last step several times, these are seeds rather than runs taken up again.
  const several = judged.filter(({ finals }) => finals.length > 1).length;
  const areRepeats = !hasIds || steps === undefined || several > judged.length / 2;
  let restarted = 0;
  let rowsLeft = 0;
  const runs = judged.flatMap(({ group, finals, last }): Run[] => {
    const goesBack = group.rows.some(
      (row) => row > finals[0] && row < finals[finals.length - 1] && stepOf(row) < last,
    );
    const isRestart = !areRepeats && finals.length > 1 && goesBack;
    const kept = isRestart ? finals.slice(-1) : finals;
    if (isRestart || (steps !== undefined && !areRepeats && isTakenUp(group, stepOf, isMeasured))) {
      restarted++;
    }
    rowsLeft += group.rows.length - kept.length;
    return kept.map((row) => ({ group, row, step: last }));
  });
  const earlier = steps === undefined ? 0 : Math.max(0, rowsLeft - identical);
  return { runs, identical, earlier, restarted, empty };
}

/** Whether a step before the last one was measured twice, after a later one: the training was taken up again. */
function isTakenUp(
  { rows }: Group,
  stepOf: (row: number) => number,
  isMeasured: (row: number) => boolean,
): boolean {
  const seen = new Set<number>();
  let most = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (!isMeasured(row)) continue;
    const step = stepOf(row);
    if (seen.has(step) && step < most) return true;
    seen.add(step);
    most = Math.max(most, step);
  }
  return false;
}

/** Runs that ended with the others, those that ended long before them, and the usual last step. */
interface Finished {
  readonly kept: Run[];
  readonly unfinished: readonly Run[];
}

function finishedOnly(runs: readonly Run[]): Finished {
  const counts = new Map<number, number>();
  for (const { step } of runs) counts.set(step, (counts.get(step) ?? 0) + 1);
  const usual = [...counts].reduce((best, each) =>
    each[1] > best[1] || (each[1] === best[1] && each[0] > best[0]) ? each : best,
  );
  const sorted = runs.map(({ step }) => step).sort((a, b) => a - b);
  // Where no two runs end at the same step, the one in the middle is the usual one.
  const last = usual[1] > 1 ? usual[0] : sorted[sorted.length >> 1];
  const isDone = ({ step }: Run) => step >= finishedShare * last;
  const kept = runs.filter(isDone);
  // Runs that end at all kinds of steps are meant to.
  if (kept.length < (usual[1] > 1 ? mostFinish : nearlyAllFinish) * runs.length)
    return { kept: [...runs], unfinished: [] };
  return { kept, unfinished: runs.filter((run) => !isDone(run)) };
}

const listed = 5;

function noteSteps(
  table: CsvTable,
  steps: CsvColumn | undefined,
  { earlier, restarted, empty }: PickedRows,
  kept: readonly Run[],
  unfinished: readonly Run[],
  notes: Note[],
): void {
  const push = (kind: Note['kind'], count: number, text: string) => {
    if (count > 0) notes.push({ kind, subject: table.name, count, text });
  };
  const failed = `${plural(empty, 'row')} of ${table.name} left out: no value for any target, where another row of the run has one.`;
  push('failed', empty, failed);
  if (steps === undefined) return;
  const last = kept.reduce((most, { step }) => Math.max(most, step), -1);
  const first = kept.reduce((least, { step }) => Math.min(least, step), last);
  const differ = `Runs of ${table.name} end at steps ${first.toLocaleString('en')} to ${last.toLocaleString('en')}: all are used.`;
  push('steps', first < finishedShare * last ? kept.length : 0, differ);
  const ends = kept.every(({ step }) => step === last)
    ? `only the last step of each run counts (${last.toLocaleString('en')})`
    : `only the last step of each run counts (${first.toLocaleString('en')} to ${last.toLocaleString('en')})`;
  const before = earlier - unfinished.reduce((sum, { group }) => sum + group.rows.length - 1, 0);
  push('steps', before, `${plural(before, 'row')} of ${table.name} left out: ${ends}.`);
  const again = `${plural(restarted, 'run')} of ${table.name} went back to an earlier step: where a step occurs twice, the later row counts.`;
  push('steps', restarted, again);
  const stopped = unfinished
    .slice(0, listed)
    .map(({ group, step }) => `${group.id} at ${Math.max(0, step).toLocaleString('en')}`);
  const more = unfinished.length > listed ? ` and ${unfinished.length - listed} more` : '';
  const text = `${plural(unfinished.length, 'run')} of ${table.name} left out: stopped before step ${last.toLocaleString('en')} (${stopped.join(', ')}${more}).`;
  push('dropped', unfinished.length, text);
}

/** Unique ids: repeats get their seed, or a number. */
function nameRepeats(runs: readonly Run[], ids: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  const taken = new Set<string>(ids);
  const given = new Set<string>();
  const numbers = new Map<string, number>();
  return runs.map(({ group }, place) => {
    const id = ids[place];
    if (times.get(id) === 1) return id;
    const named = group.seed === '' ? id : `${id} seed ${group.seed}`;
    let name = named;
    let count = numbers.get(named) ?? 1;
    for (; given.has(name) || (name !== id && taken.has(name)); name = `${named} (${count})`)
      count++;
    numbers.set(named, count);
    given.add(name);
    return name;
  });
}

/** The table with the last value before it in the cell of each run that its last row leaves empty. */
function withLastValues(
  table: CsvTable,
  steps: CsvColumn,
  targets: readonly CsvColumn[],
  runs: readonly Run[],
): CsvTable {
  const shares = new Map<Group, number>();
  for (const { group } of runs) shares.set(group, (shares.get(group) ?? 0) + 1);
  const replaced = new Map<CsvColumn, CsvColumn>();
  for (const column of targets) {
    const isBlank = unmeasured(column);
    const values = new Map<number, number>();
    for (const { group, row } of runs) {
      if (!isBlank(row) || shares.get(group) !== 1) continue;
      let best = -1;
      for (const other of group.rows) {
        if (isBlank(other)) continue;
        if (best < 0 || stepAt(steps, other) >= stepAt(steps, best)) best = other;
      }
      if (best >= 0) values.set(row, best);
    }
    if (values.size === 0) continue;
    const numbers = column.numbers?.slice() ?? null;
    const text = column.text?.slice() ?? null;
    const moved = column.badCells.filter(({ row }) => !values.has(row));
    for (const [row, from] of values) {
      if (numbers) numbers[row] = numbers[from];
      if (text) text[row] = text[from];
      const bad = column.badCells.find((cell) => cell.row === from);
      if (bad) moved.push({ row, text: bad.text });
    }
    replaced.set(column, { ...column, numbers, text, badCells: moved });
  }
  if (replaced.size === 0) return table;
  return { ...table, columns: table.columns.map((column) => replaced.get(column) ?? column) };
}
