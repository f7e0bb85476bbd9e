import { runJob } from '../model/job';
import { zeros } from '../model/matrix';
import type { Study, Target, Trajectory } from '../model/study';
import { quoted, RunsError } from './errors';
import { readTable, type TextFile } from './read-table';
import { type CsvColumn, type CsvTable, cellText, rowNumber } from './table';

/** Maximum number of checkpoints of one file: each needs a fit. */
const maxCheckpoints = 100;
const maxSteps = 1e12;
/** Accepted headers of a target's column, the most specific first. */
const headersOf = ({ id }: Target) =>
  [`${id}_bpb`, `${id}_val_loss`, id].flatMap((name) => [`metric/${name}`, name]);

/**
 * Reads intermediate losses from a CSV with the columns `index` (or `run`), `step` and `metric/<target>_bpb`,
 * `metric/<target>_val_loss` or `metric/<target>`, as `regmix train` and the page write it. Targets without a
 * column, and runs without a row at a step, are not measured there.
 *
 * @returns checkpoints by step, ascending; losses are N x M in the order of the study's runs and targets
 * @throws RunsError with row and column when a column is missing, a run is not of the study or occurs twice
 *   at a step, a step is not whole, or a loss is not a number
 */
export function readTrajectory(
  file: TextFile,
  { training, targets }: Pick<Study, 'training' | 'targets'>,
): Trajectory {
  const table = runJob(readTable(file));
  const index = columnNamed(table, ['index', 'run']);
  const steps = columnNamed(table, ['step']);
  const losses = targets.map((target) => findColumn(table, headersOf(target)));
  if (losses.every((column) => column === null)) {
    throw new RunsError(
      {
        file: table.name,
        found: `no losses in the columns ${listed(table)}`,
        expected: `a column ${quoted(headersOf(targets[0])[0])}`,
      },
      'Name the columns after the targets of the study.',
    );
  }
  const rowOfRun = new Map(training.ids.map((id, row) => [id, row]));
  const tables = new Map<number, Float64Array>();
  const seen = new Set<string>();
  for (let row = 0; row < table.rows; row++) {
    const id = cellText(index, row).trim();
    const run = rowOfRun.get(id);
    if (run === undefined) {
      throw refusal(table, index, row, `a run of the study, such as ${quoted(training.ids[0])}`);
    }
    const step = steps.numbers?.[row] ?? Number.NaN;
    if (!(Number.isSafeInteger(step) && step >= 1 && step <= maxSteps)) {
      throw refusal(table, steps, row, 'a whole number of steps from 1 up');
    }
    const place = `${step} ${id}`;
    if (seen.has(place)) throw refusal(table, index, row, `each run once at step ${step}`);
    seen.add(place);
    const values =
      tables.get(step) ?? zeros(training.ids.length, targets.length).values.fill(Number.NaN);
    if (!tables.has(step) && tables.size === maxCheckpoints) {
      throw refusal(table, steps, row, `at most ${maxCheckpoints} different steps`);
    }
    tables.set(step, values);
    losses.forEach((column, target) => {
      if (column) values[run * targets.length + target] = lossIn(table, column, row);
    });
  }
  const byStep = [...tables].sort(([a], [b]) => a - b);
  const size = { rows: training.ids.length, columns: targets.length };
  return {
    steps: byStep.map(([step]) => step),
    losses: byStep.map(([, values]) => ({ ...size, values })),
  };
}

function lossIn(table: CsvTable, column: CsvColumn, row: number): number {
  const text = cellText(column, row).trim();
  const value = column.numbers?.[row] ?? Number.NaN;
  if (Number.isFinite(value) || text === '') return value;
  throw refusal(table, column, row, 'a finite number, or nothing');
}

function columnNamed(table: CsvTable, names: readonly string[]): CsvColumn {
  const found = findColumn(table, names);
  if (found) return found;
  throw new RunsError(
    {
      file: table.name,
      found: `the columns ${listed(table)}`,
      expected: `a column ${names.map(quoted).join(' or ')}`,
    },
    'A trajectory has the columns index and step, and one for each target.',
  );
}

function findColumn({ columns }: CsvTable, names: readonly string[]): CsvColumn | null {
  for (const name of names) {
    const found = columns.find(({ header }) => header === name);
    if (found) return found;
  }
  return null;
}

function listed({ columns }: CsvTable): string {
  const names = columns.slice(0, 5).map(({ header }) => quoted(header));
  return columns.length > 5 ? `${names.join(', ')} and others` : names.join(', ');
}

function refusal(table: CsvTable, column: CsvColumn, row: number, expected: string): RunsError {
  return new RunsError(
    {
      file: table.name,
      row: rowNumber(table, row),
      column: column.header,
      found: quoted(cellText(column, row)),
      expected,
    },
    'Correct the cell, or remove the row.',
  );
}
