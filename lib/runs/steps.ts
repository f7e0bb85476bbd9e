/** Columns that say how far a training was when a row was written, and which seed it had. */
import { idForm, idHeaders } from './read-table';
import { type CsvColumn, type CsvTable, cellText } from './table';

/** Headers of steps, whatever the table. */
const stepHeader =
  /^(?:.*[/.])?_?(?:(?:global|train|training|trainer|train(?:er)?\/global|optimi[sz]er|eval)_)?(?:steps?|iters?|n_iters?|num_updates?|updates?|num_steps|n_steps)$/;
/** Headers of steps where a run has several rows. */
const perhaps =
  /^(?:.*[/.])?_?(?:iterations?|epochs?|checkpoints?|ckpt|(?:n_|num_|train_|training_|consumed_|total_)?tokens?(?:_seen|_trained|_processed|_consumed)?|samples_seen|consumed_samples|train_batch)$/;
const seedHeader = /^(?:.*[_/.])?(?:seeds?|replicate|repeat|trial)$/;
/** Names of checkpoints that hold a step: `step1000-unsharded`. */
const checkpoint = /^\D*(\d+)\D*$/;

/** Whether a header is that of random seeds. */
export function isSeed(header: string): boolean {
  return seedHeader.test(idForm(header));
}

/** Whether a column's header is that of steps in any table. */
export function isSureStep({ header }: CsvColumn): boolean {
  return stepHeader.test(idForm(header));
}

/** The step of a row; -1 where the cell has none. */
export function stepAt(column: CsvColumn, row: number): number {
  const value = column.numbers?.[row] ?? Number.NaN;
  if (!Number.isNaN(value)) return value;
  const found = checkpoint.exec(cellText(column, row));
  return found ? Number(found[1]) : -1;
}

/**
 * The column with the step of each row, by its header; one that may also be a setting of a run, such as `tokens`
 * or `iteration`, only where runs have rows at several of its values.
 *
 * @returns its index; -1 if there is none
 */
export function findStep(table: CsvTable): number {
  const holdsSteps = (column: CsvColumn) => {
    if (column.filled === 0) return false;
    for (let row = 0; row < Math.min(table.rows, 200); row++) {
      if (cellText(column, row).trim() !== '' && stepAt(column, row) < 0) return false;
    }
    return true;
  };
  const { columns } = table;
  const sure = columns.findIndex((column) => isSureStep(column) && holdsSteps(column));
  if (sure >= 0) return sure;
  return columns.findIndex(
    (column) =>
      perhaps.test(idForm(column.header)) && holdsSteps(column) && isAlongRuns(table, column),
  );
}

/** Rows that are looked at. */
const sampled = 2_000;

/** Whether most runs have several rows that differ in the column: by their ids, or by weights that stay. */
function isAlongRuns(table: CsvTable, steps: CsvColumn): boolean {
  const rows = Math.min(table.rows, sampled);
  const ids = table.columns.filter(
    (column) => column !== steps && idHeaders.includes(idForm(column.header)),
  );
  for (const id of ids) {
    const found = new Map<string, Set<number>>();
    for (let row = 0; row < rows; row++) {
      const key = cellText(id, row);
      const values = found.get(key);
      if (values) values.add(stepAt(steps, row));
      else found.set(key, new Set([stepAt(steps, row)]));
    }
    const several = [...found.values()].filter(({ size }) => size > 1).length;
    if (several > 0.5 * found.size) return true;
  }
  if (ids.length > 0) return false;
  const shares = table.columns.filter(
    ({ numbers }) =>
      numbers?.subarray(0, rows).every((value) => !(value < 0 || value > 1)) ?? false,
  );
  if (shares.length < 2) return false;
  const mixtures = new Map<string, Set<number>>();
  for (let row = 0; row < rows; row++) {
    const key = shares.map((column) => column.numbers?.[row]).join();
    const values = mixtures.get(key);
    if (values) values.add(stepAt(steps, row));
    else mixtures.set(key, new Set([stepAt(steps, row)]));
  }
  return [...mixtures.values()].filter(({ size }) => size > 1).length > 0.5 * mixtures.size;
}

/**
 * The column of run ids of a table with a row for each step, or each seed, of a run: its ids repeat, and with the
 * step and the seed they do not. A counter of rows is no such column.
 *
 * @param columns indices of those that may hold run ids, the likeliest first
 * @returns its index; -1 if there is none
 */
export function idAlongSteps(table: CsvTable, columns: readonly number[]): number {
  const along = table.columns.filter(
    ({ header }, index) => index === findStep(table) || isSeed(header),
  );
  if (along.length === 0) return -1;
  const rows = Math.min(table.rows, sampled);
  const found = columns.find((index) => {
    const id = table.columns[index];
    if (!idHeaders.includes(idForm(id.header)) || along.includes(id)) return false;
    const ids = new Set<string>();
    const pairs = new Set<string>();
    for (let row = 0; row < rows; row++) {
      const text = cellText(id, row);
      ids.add(text);
      pairs.add([text, ...along.map((column) => cellText(column, row))].join('\u0000'));
    }
    return ids.size > 1 && ids.size < rows && pairs.size >= 0.9 * rows;
  });
  return found ?? -1;
}
