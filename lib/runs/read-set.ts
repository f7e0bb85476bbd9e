/** Converts one set of files to a run table: checks and normalises weights, and aligns losses. */
import { formatList, plural } from '../model/format';
import type { Job } from '../model/job';
import { type Matrix, zeros } from '../model/matrix';
import type { RunTable } from '../model/study';
import { namesScale } from './column-names';
import { quoted, RunsError } from './errors';
import type { Identities } from './identify';
import { type JoinedSet, numbersOf } from './join-set';
import type { Note, Recognition, StudyColumns } from './recognition';
import { roundsOf } from './rounds';
import { type CsvColumn, type CsvTable, cellText, rowNumber } from './table';

const expectedValue = 'a number, or an empty cell if not measured';
const valueAdvice = 'Correct the cell, or empty it.';

const few = ['no', 'one', 'two', 'three', 'four'];

/** @throws RunsError where a file has several groups of columns that could be its weights, and none is chosen */
export function refuseGroups({ files }: Recognition): void {
  const open = files.find(
    ({ groups, columns }) => groups.length > 1 && columns.every(({ role }) => role !== 'domain'),
  );
  if (open === undefined) return;
  const { name: file, groups } = open;
  const named = groups.map(({ name, columns }) => `${name} (${plural(columns.length, 'column')})`);
  throw new RunsError(
    {
      file,
      found: `${few[groups.length] ?? groups.length} groups of weights: ${formatList(named)}`,
      expected: 'one',
      option: '--weights-columns',
    },
    'Choose one group.',
  );
}

/** Sizes of models as people name them: `70M`, `1.3B`. */
const sizeName = /^(\d+(?:\.\d+)?)\s?([KMBT])$/i;
/** Scales differ by this factor at least; less is how far runs happened to get. */
const leastScale = 1.5;

/**
 * Refuses runs of several scales: models of different sizes or trained for different lengths are not repeats of
 * one kind of run, and one fit of all would take their differences for noise.
 * @throws RunsError where an ignored column says that they are
 */
export function refuseScales(
  { set, mixtures, losses, mixtureRows, lossRows }: JoinedSet,
  { files }: Recognition,
): void {
  const sides = [
    { table: mixtures, rows: mixtureRows, roles: files[set.mixtures].columns },
    { table: losses, rows: lossRows, roles: files[set.losses].columns },
  ];
  for (const { table, rows, roles } of sides) {
    for (const [index, column] of table.columns.entries()) {
      if (roles[index].role !== 'ignored') continue;
      const scales = scalesOf(column, rows);
      if (scales.length < 2 || scales.length > rows.length / 2) continue;
      throw new RunsError(
        {
          file: table.name,
          column: column.header,
          found: `runs of ${scales.length} scales (${scales[0]} to ${scales[scales.length - 1]})`,
          expected: 'runs of one scale',
        },
        'Keep the rows of one scale, or remove the column to fit all together.',
      );
    }
  }
}

function sizeOf(text: string): number {
  const [, digits = '', unit = ''] = sizeName.exec(text) ?? [];
  return Number(digits) * 1000 ** 'KMBT'.indexOf(unit.toUpperCase());
}

/** The distinct scales that a column names, ascending; empty where it is about something else. */
function scalesOf(column: CsvColumn, rows: Int32Array): string[] {
  const { header, numbers, hasSuffixes } = column;
  if (numbers === null) {
    const texts = new Set(Array.from(rows, (row) => cellText(column, row).trim()));
    const isSize = [...texts].every((text) => sizeName.test(text));
    return isSize ? [...texts].sort((a, b) => sizeOf(a) - sizeOf(b)) : [];
  }
  if (!namesScale(header) && !hasSuffixes) return [];
  const values = Float64Array.from(rows, (row) => numbers[row]).filter((value) => value > 0);
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const isScaled = distinct[distinct.length - 1] >= leastScale * distinct[0];
  return isScaled ? distinct.map((value) => value.toLocaleString('en')) : [];
}

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
        option: '--weights-columns',
      },
      'Choose the weight columns.',
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
      {
        file: losses.name,
        found: 'no target with values',
        expected: 'at least one',
        option: '--targets',
      },
      'Choose a column with a validation loss or a score.',
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
        found: 'a domain that the training set lacks',
        expected: `only its ${plural(domains.length, 'domain')}`,
        option: '--drop',
      },
      'Set the column to ignored if it is not a domain.',
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
  notes.push(...weights.notes.map((note) => ({ ...note, subject: set.name })));

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
  const text = `${plural(unknown.length, 'column')} of ${losses.name} left out: the training set lacks ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ' and others' : ''}.`;
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
      found: 'a target that the study lacks',
      expected: `only its ${plural(targets.length, 'target')}`,
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

/** Sums this far from 1 are of rounded weights, not of wrong ones: such rows are renormalised. */
const acceptedOff = 0.01;
/** The same where weights are written with so few decimals that their roundings add up to more. */
const largestOff = 0.03;

/** A sum this close to 1 is 1 up to rounding errors. */
const exactly = 1e-12;
/** Tolerance for sums such as 0.99 and weights such as 1 at the ends of their range. */
const slack = 1e-9;
const cellsPerSlice = 100_000;
const advice = 'A weight is the share of training tokens that come from a domain.';
const sumAdvice =
  'Check that every domain has its column and that no other column is taken for one.';

/** How a file writes its weights: as shares of 1, as shares of 100, or as counts of tokens. */
type Unit = 'share' | 'percent' | 'count';

const units: Readonly<Record<Unit, { readonly expected: string; readonly total: number }>> = {
  share: { expected: 'a weight from 0 to 1', total: 1 },
  percent: { expected: 'a weight from 0 to 100, as in most rows', total: 100 },
  count: { expected: 'a count of tokens, as in most rows', total: Number.POSITIVE_INFINITY },
};

/** The smallest sum of a row of token counts: far above 100, which is percent. */
const fewestTokens = 200;
/** Sums of rows that are alike differ by less than this share. */
const alike = 0.03;

/** The mixtures of a file. */
interface Weights {
  /** N x D, each row >= 0 and summing to 1. */
  readonly mixtures: Matrix;
  /** N x D shares as in the file; absent when no row was renormalised, and where the file counts tokens. */
  readonly recorded?: Matrix;
  /** What was converted, filled in or renormalised. */
  readonly notes: readonly Omit<Note, 'subject'>[];
}

/** Weights as written, with how the file writes them. */
interface Written {
  readonly table: CsvTable;
  readonly columns: readonly CsvColumn[];
  /** D columns of numbers by row of the table; NaN = blank. */
  readonly numbers: readonly Float64Array[];
  readonly unit: Unit;
  /** What rows sum to; of counts the median, Infinity where the rows are not alike. */
  readonly total: number;
  /** How far the sum of a row may be from the total, as a share of it. */
  readonly off: number;
}

/**
 * Reads and checks the weights of some rows, as shares of 1, percent or token counts; all rows of a file are of
 * one kind. A blank is 0 where the rest of its row sums to the whole. Rows of shares that sum to 1 but for
 * rounding are divided by their sum.
 * @param columns D columns, in the order of the mixtures
 * @param rows indices of N rows, in the order of the mixtures
 * @throws RunsError at a weight that is not a number, negative or too large, and at a row without weights or with
 *   any other sum
 */
function* readWeights(
  table: CsvTable,
  columns: readonly CsvColumn[],
  rows: Int32Array,
): Job<Weights> {
  const numbers = columns.map((column) => {
    const values = numbersOf(table, column, units.share.expected, advice);
    return column.isPercent ? values.map((value) => value / 100) : values;
  });
  const written = howWritten(table, columns, numbers, rows);
  const { unit } = written;
  const divisor = unit === 'percent' ? 100 : 1;
  const recorded = zeros(rows.length, columns.length);
  const sums = new Float64Array(rows.length);
  const rowsPerSlice = Math.ceil(cellsPerSlice / columns.length);
  let blanks = 0;
  let renormalised = 0;
  for (let run = 0; run < rows.length; run++) {
    const { sum, blank } = checkedRow(written, rows[run]);
    blanks += blank;
    sums[run] = sum / divisor;
    if (Math.abs(sums[run] - 1) > exactly) renormalised++;
    for (let column = 0; column < columns.length; column++) {
      const weight = (numbers[column][rows[run]] || 0) / divisor;
      // An excess of a share over 1 here is a rounding error.
      recorded.values[run * columns.length + column] =
        unit === 'count' ? weight : Math.min(1, weight);
    }
    if (run % rowsPerSlice === 0) yield { done: run, total: rows.length, unit: 'rows' };
  }
  const notes = notesOn(written, blanks, unit === 'count' ? 0 : renormalised);
  if (renormalised === 0) return { mixtures: recorded, notes };
  const mixtures = zeros(rows.length, columns.length);
  for (let run = 0; run < rows.length; run++) {
    const whole = Math.abs(sums[run] - 1) > exactly ? sums[run] : 1;
    for (let entry = run * columns.length; entry < (run + 1) * columns.length; entry++) {
      mixtures.values[entry] = recorded.values[entry] / whole;
    }
    if (run % rowsPerSlice === 0) yield { done: run, total: rows.length, unit: 'rows' };
  }
  return unit === 'count' ? { mixtures, notes } : { mixtures, recorded, notes };
}

/** Decides by most rows how a file writes its weights. */
function howWritten(
  table: CsvTable,
  columns: readonly CsvColumn[],
  numbers: readonly Float64Array[],
  rows: Int32Array,
): Written {
  const sums = Float64Array.from(rows, (row) =>
    numbers.reduce((sum, values) => sum + (values[row] || 0), 0),
  ).filter((sum) => sum > 0);
  const near = (total: number, off: number) =>
    sums.filter((sum) => Math.abs(sum - total) <= off * total);
  const isMost = (total: number) => near(total, 2 * largestOff).length > sums.length / 2;
  const median = sums.slice().sort()[sums.length >> 1] ?? 1;
  const isWhole = numbers.every((values) => rows.every((row) => !(values[row] % 1 > 0)));
  const isAlike = near(median, alike).length >= 0.8 * sums.length;
  const unit: Unit = isMost(1)
    ? 'share'
    : isMost(100)
      ? 'percent'
      : median >= fewestTokens && (isWhole || isAlike)
        ? 'count'
        : 'share';
  const written = { table, columns, numbers, unit };
  if (unit === 'count') {
    return { ...written, total: isAlike ? median : Number.POSITIVE_INFINITY, off: alike };
  }
  const { total } = units[unit];
  // Roundings cancel over many rows: sums that are all too small or too large lack a domain or have one too many.
  const close = near(total, largestOff);
  const mean = close.reduce((sum, each) => sum + each, 0) / close.length / total;
  const rounded = (columns.length * 0.5 * roundedTo(numbers, rows)) / total;
  const off =
    Math.abs(mean - 1) <= acceptedOff
      ? Math.min(largestOff, Math.max(acceptedOff, rounded))
      : acceptedOff;
  return { ...written, total, off };
}

/** The last decimal that weights are written with, 0.01 for 0.25; 0 beyond six of them. */
function roundedTo(numbers: readonly Float64Array[], rows: Int32Array): number {
  let decimals = 0;
  for (const values of numbers) {
    for (const row of rows) {
      const value = values[row] || 0;
      while (Math.abs(Math.round(value * 10 ** decimals) - value * 10 ** decimals) > 1e-6) {
        if (++decimals > 6) return 0;
      }
    }
  }
  return 10 ** -decimals;
}

/**
 * The sum of a row, in the file's unit, and how many of its weights are blank.
 * @throws RunsError where it is no mixture
 */
function checkedRow(written: Written, row: number): { sum: number; blank: number } {
  const { numbers, unit, total, off, table } = written;
  let sum = 0;
  let blank = -1;
  let blanks = 0;
  for (let column = 0; column < numbers.length; column++) {
    const weight = numbers[column][row];
    if (Number.isNaN(weight)) {
      if (blanks++ === 0) blank = column;
      continue;
    }
    if (weight < 0 || weight > units[unit].total * (1 + slack)) {
      refuseWeight(written, row, column);
    }
    sum += weight;
  }
  if (sum === 0) {
    throw new RunsError(
      {
        file: table.name,
        row: rowNumber(table, row),
        found: blanks === numbers.length ? 'no weights' : 'no weight above 0',
        expected: 'weights that sum to 1',
      },
      'Fill in the weights of the run, or remove the row.',
    );
  }
  const known = Number.isFinite(total);
  const isOff = known && Math.abs(sum - total) > (off + slack) * total;
  const isFew = unit === 'count' && sum < fewestTokens;
  if (blanks > 0 && (isOff || !known)) refuseWeight(written, row, blank);
  if (isFew || (isOff && unit !== 'count')) refuseSum(written, row, sum);
  return { sum, blank: blanks };
}

function notesOn(
  { table, columns, unit, off, total }: Written,
  blanks: number,
  renormalised: number,
): Omit<Note, 'subject'>[] {
  const notes: Omit<Note, 'subject'>[] = [];
  const isPercent = unit === 'percent' || columns.some((column) => column.isPercent);
  if (isPercent || unit === 'count') {
    const written = isPercent ? 'percentages' : 'token counts';
    const text = `The weights of ${table.name} are ${written} and were read as shares.`;
    notes.push({ kind: 'converted', count: columns.length, text });
  }
  if (blanks > 0) {
    const [are, whole] = [
      blanks === 1 ? 'is' : 'are',
      unit === 'count' ? 'the usual total' : total,
    ];
    const text = `${plural(blanks, 'weight')} of ${table.name} ${are} blank and read as 0: the rest of their row sums to ${whole}.`;
    notes.push({ kind: 'blank-weights', count: blanks, text });
  }
  if (renormalised > 0) {
    const text = `${plural(renormalised, 'row')} of ${table.name} summed to ${rangeOf(total, off).join(' to ')} and ${renormalised === 1 ? 'was' : 'were'} renormalised to 1.`;
    notes.push({ kind: 'renormalised', count: renormalised, text });
  }
  return notes;
}

function rangeOf(total: number, off: number): [number, number] {
  return [Number((total * (1 - off)).toPrecision(6)), Number((total * (1 + off)).toPrecision(6))];
}

function refuseWeight(written: Written, row: number, column: number): never {
  const { table, columns, numbers, unit } = written;
  const scale = columns[column].isPercent ? 100 : 1;
  const weight = numbers[column][row] * scale;
  const sum = numbers.reduce((total, values) => total + (values[row] || 0), 0);
  const isPercent = unit === 'share' && weight > 1 && sum > 50 && sum < 150;
  const isBlank = Number.isNaN(weight);
  const line = rowNumber(table, row);
  const rounded = Number(sum.toPrecision(6));
  throw new RunsError(
    {
      file: table.name,
      row: line,
      column: columns[column].header,
      found: isBlank ? 'an empty cell' : String(weight),
      expected: units[unit].expected,
    },
    isPercent
      ? `The weights look like percentages: row ${line} sums to ${rounded}. Divide them by 100.`
      : isBlank
        ? `A blank counts as 0 only if the other weights sum to the whole; row ${line} sums to ${rounded}.`
        : advice,
  );
}

function refuseSum({ table, unit, total, off }: Written, row: number, sum: number): never {
  const [least, most] = rangeOf(total, off);
  throw new RunsError(
    {
      file: table.name,
      row: rowNumber(table, row),
      found: `weights that sum to ${Number(sum.toPrecision(9))}`,
      expected:
        unit === 'count' ? 'token counts as in most rows' : `a sum from ${least} to ${most}`,
      option: '--weights-columns',
    },
    sumAdvice,
  );
}
