/** Converts one set of files to a run table: checks and normalises weights, and aligns losses. */
import { plural } from '../model/format';
import type { Job } from '../model/job';
import { type Matrix, zeros } from '../model/matrix';
import type { RunTable } from '../model/study';
import { quoted, RunsError } from './errors';
import type { Identities } from './identify';
import { type JoinedSet, numbersOf } from './join-set';
import type { Note, StudyColumns } from './recognition';
import { roundsOf } from './rounds';
import { type CsvColumn, type CsvTable, rowNumber } from './table';

const expectedValue = 'a number, or an empty cell for what was not measured';
const valueAdvice = 'Correct the cell, or empty it.';

/**
 * The domains and targets of a new study, in the file order of its training set. A target that was
 * measured on no run is left out.
 * @throws RunsError with fewer than two domains, or without a target that has values
 */
export function studyColumns(
  training: JoinedSet,
  identities: readonly Identities[],
  notes: Note[],
): StudyColumns {
  const { set, mixtures, losses, lossRows } = training;
  const domains = [...identities[set.mixtures].domains.values()];
  if (domains.length < 2) {
    throw new RunsError(
      {
        file: mixtures.name,
        found: plural(domains.length, 'domain column'),
        expected: 'at least 2',
      },
      'Say which columns hold the weights of the mixture.',
    );
  }
  const columns = byHeader(losses);
  const targets = [...identities[set.losses].targets].flatMap(([header, target]) => {
    const column = columns.get(header);
    const values = column && numbersOf(losses, column, expectedValue, valueAdvice, true);
    if (values && lossRows.some((row) => !Number.isNaN(values[row]))) return [target];
    const text = `${header} of ${losses.name} has no value for any run and is left out.`;
    notes.push({ kind: 'empty-target', subject: header, count: 1, text });
    return [];
  });
  if (targets.length === 0) {
    throw new RunsError(
      { file: losses.name, found: 'no target with values', expected: 'at least one' },
      'Say which column holds a validation loss or a score.',
    );
  }
  return { domains, targets };
}

/**
 * The runs of one set, with the domains and targets of the study in its order. Targets that the set
 * lacks are NaN; targets that only the set has are left out. A set that joins the training runs must
 * have the study's targets, no fewer and no more.
 * @throws RunsError when the set lacks a domain, has one that the study does not know, or holds a
 *   cell that is no weight, no value or no round
 */
export function* readSet(
  joined: JoinedSet,
  identities: readonly Identities[],
  { domains, targets }: StudyColumns,
  notes: Note[],
): Job<RunTable> {
  const { set, mixtures: table, losses: lossTable, ids, mixtureRows, lossRows } = joined;
  const domainColumns = columnsById(table, identities[set.mixtures].domains);
  const known = new Set(domains.map(({ id }) => id));
  for (const [id, { header }] of domainColumns) {
    if (known.has(id)) continue;
    throw new RunsError(
      {
        file: table.name,
        column: header,
        found: 'a domain that the training set does not have',
        expected: `its ${plural(domains.length, 'domain')} only`,
      },
      'Set the column to ignored if it is no domain.',
    );
  }
  const columns = domains.map(({ id }) => {
    const column = domainColumns.get(id);
    if (column !== undefined) return column;
    throw new RunsError(
      {
        file: table.name,
        found: `no column for the domain ${quoted(id)}`,
        expected: `all ${plural(domains.length, 'domain')} of the training set`,
      },
      'Add the column, with 0 where the domain was not used.',
    );
  });
  const weights = yield* readWeights(table, columns, mixtureRows);
  if (weights.renormalised > 0) {
    const { renormalised: count } = weights;
    const text = `${plural(count, 'row')} of ${table.name} summed to 0.99..1.01 and ${count === 1 ? 'was' : 'were'} renormalised to 1.`;
    notes.push({ kind: 'renormalised', subject: set.name, count, text });
  }

  const losses = zeros(ids.length, targets.length);
  const targetColumns = columnsById(lossTable, identities[set.losses].targets);
  let empty = 0;
  for (const [index, { id, name }] of targets.entries()) {
    const column = targetColumns.get(id);
    if (column === undefined) {
      if (set.role === 'round') refuseMissingTarget(lossTable, id);
      const text = `${set.name} does not measure ${name}.`;
      notes.push({ kind: 'missing-target', subject: set.name, count: 1, text });
    }
    const values = column && numbersOf(lossTable, column, expectedValue, valueAdvice, true);
    for (let run = 0; run < ids.length; run++) {
      const value = values ? values[lossRows[run]] : Number.NaN;
      if (values && Number.isNaN(value)) empty++;
      losses.values[run * targets.length + index] = value;
    }
    yield { done: index + 1, total: targets.length, unit: 'targets' };
  }
  if (empty > 0) {
    const text = `${plural(empty, 'cell')} of ${lossTable.name} ${empty === 1 ? 'is' : 'are'} empty, NaN or infinite: not measured.`;
    notes.push({ kind: 'unmeasured', subject: set.name, count: empty, text });
  }
  noteUnknownTargets(joined, targetColumns, targets, notes);
  const { mixtures, recorded } = weights;
  const rounds = roundsOf(joined);
  return {
    name: set.name,
    ids,
    mixtures,
    ...(recorded && { recorded }),
    losses,
    ...(rounds && { rounds }),
  };
}

function noteUnknownTargets(
  { set, losses }: JoinedSet,
  columns: ReadonlyMap<string, CsvColumn>,
  targets: StudyColumns['targets'],
  notes: Note[],
): void {
  if (set.role === 'training') return;
  const known = new Set(targets.map(({ id }) => id));
  const unknown = [...columns].filter(([id]) => !known.has(id)).map(([, { header }]) => header);
  if (unknown.length === 0) return;
  if (set.role === 'round') refuseUnknownTarget(losses, unknown[0], targets);
  const text = `${plural(unknown.length, 'column')} of ${losses.name} left out: the training set does not have ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ' and others' : ''}.`;
  notes.push({ kind: 'unknown-target', subject: set.name, count: unknown.length, text });
}

function refuseMissingTarget(table: CsvTable, id: string): never {
  throw new RunsError(
    {
      file: table.name,
      found: `no column for the target ${quoted(id)}`,
      expected: 'every target of the study, since its rounds are fitted together',
    },
    'Add the column, with empty cells where it was not measured.',
  );
}

function refuseUnknownTarget(
  table: CsvTable,
  header: string,
  targets: StudyColumns['targets'],
): never {
  throw new RunsError(
    {
      file: table.name,
      column: header,
      found: 'a target that the study does not have',
      expected: `its ${plural(targets.length, 'target')} only`,
    },
    'Set the column to ignored, or open the runs of all rounds as a new study.',
  );
}

function byHeader(table: CsvTable): Map<string, CsvColumn> {
  return new Map(table.columns.map((column) => [column.header, column]));
}

function columnsById(
  table: CsvTable,
  identified: ReadonlyMap<string, { readonly id: string }>,
): Map<string, CsvColumn> {
  const columns = byHeader(table);
  const found = new Map<string, CsvColumn>();
  for (const [header, { id }] of identified) {
    const column = columns.get(header);
    if (column === undefined) continue;
    const other = found.get(id);
    if (other !== undefined) {
      throw new RunsError(
        {
          file: table.name,
          column: header,
          found: `the same name as column ${quoted(other.header)}`,
          expected: 'one column for each domain and target',
        },
        'Set one of the two to ignored.',
      );
    }
    found.set(id, column);
  }
  return found;
}

/** Rows whose weights sum to this range are rounded, not wrong: they are renormalised. */
const acceptedSums = [0.99, 1.01] as const;

/** A sum this close to 1 is 1 up to rounding errors. */
const exactly = 1e-12;
/** Tolerance for sums such as 0.99 and weights such as 1 at the ends of their range. */
const slack = 1e-9;
const cellsPerSlice = 100_000;
const expected = 'a weight from 0 to 1';
const advice = 'A weight is the share of training tokens that come from a domain.';

/** The mixtures of a file. */
interface Weights {
  /** N x D, each row >= 0 and summing to 1. */
  readonly mixtures: Matrix;
  /** N x D as in the file; absent when no row was renormalised. */
  readonly recorded?: Matrix;
  /** How many rows were renormalised. */
  readonly renormalised: number;
}

/**
 * Reads and checks the weights of some rows. Rows that sum to 0.99..1.01 are divided by their sum.
 * @param columns D columns, in the order of the mixtures
 * @param rows indices of N rows, in the order of the mixtures
 * @throws RunsError at a weight that is empty, not a number, negative or above 1, and at a row with any other
 *   sum
 */
function* readWeights(
  table: CsvTable,
  columns: readonly CsvColumn[],
  rows: Int32Array,
): Job<Weights> {
  const numbers = columns.map((column) => numbersOf(table, column, expected, advice));
  const recorded = zeros(rows.length, columns.length);
  const sums = new Float64Array(rows.length);
  const rowsPerSlice = Math.ceil(cellsPerSlice / columns.length);
  let renormalised = 0;
  for (let run = 0; run < rows.length; run++) {
    const row = rows[run];
    let sum = 0;
    for (let column = 0; column < columns.length; column++) {
      const weight = numbers[column][row];
      // NaN, an empty cell, fails this comparison too.
      if (!(weight >= 0 && weight <= 1 + slack)) refuseWeight(table, columns, numbers, row, column);
      sum += weight;
      // An excess over 1 here is a rounding error.
      recorded.values[run * columns.length + column] = Math.min(1, weight);
    }
    if (sum < acceptedSums[0] - slack || sum > acceptedSums[1] + slack) refuseSum(table, row, sum);
    if (Math.abs(sum - 1) > exactly) renormalised++;
    sums[run] = sum;
    if (run % rowsPerSlice === 0) yield { done: run, total: rows.length, unit: 'rows' };
  }
  if (renormalised === 0) return { mixtures: recorded, renormalised };
  const mixtures = zeros(rows.length, columns.length);
  for (let run = 0; run < rows.length; run++) {
    const divisor = Math.abs(sums[run] - 1) > exactly ? sums[run] : 1;
    for (let entry = run * columns.length; entry < (run + 1) * columns.length; entry++) {
      mixtures.values[entry] = recorded.values[entry] / divisor;
    }
    if (run % rowsPerSlice === 0) yield { done: run, total: rows.length, unit: 'rows' };
  }
  return { mixtures, recorded, renormalised };
}

function refuseWeight(
  table: CsvTable,
  columns: readonly CsvColumn[],
  numbers: readonly Float64Array[],
  row: number,
  column: number,
): never {
  const weight = numbers[column][row];
  const sum = numbers.reduce((total, values) => total + (values[row] || 0), 0);
  const percentages = weight > 1 && sum > 50 && sum < 150;
  throw new RunsError(
    {
      file: table.name,
      row: rowNumber(table, row),
      column: columns[column].header,
      found: Number.isNaN(weight) ? 'an empty cell' : String(weight),
      expected,
    },
    percentages
      ? `The weights look like percentages: row ${rowNumber(table, row)} sums to ${Number(sum.toPrecision(6))}. Divide them by 100.`
      : advice,
  );
}

function refuseSum(table: CsvTable, row: number, sum: number): never {
  throw new RunsError(
    {
      file: table.name,
      row: rowNumber(table, row),
      found: `weights that sum to ${Number(sum.toPrecision(9))}`,
      expected: `a sum from ${acceptedSums[0]} to ${acceptedSums[1]}`,
    },
    'Check that every domain of the mixture has its column and that no other column is taken for one.',
  );
}
