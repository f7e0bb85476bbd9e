import { idForm, idHeaders } from './column-builder';
import { hasDomainPrefix, hasTargetPrefix } from './identify';
import { cleanId } from './labels';
import { namesMeasure } from './measures';
import type { ColumnRole } from './recognition';
import { holdsRounds } from './rounds';
import { type CsvColumn, type CsvTable, cellText } from './table';

/** Rows that are looked at to guess what columns hold. */
const sampledRows = 40;
/** Rows whose ids are compared to tell ids from other columns, and which files belong together. */
const comparedRows = 20_000;
/** Share of the sampled rows that must sum to about 1 for their columns to be taken for weights. */
const mostRows = 0.8;
const about = 0.03;

/** Numbers that describe a run but are neither weights nor results; compared as {@link idForm}. */
const metadata =
  /^(?:_.*|(?:global_)?steps?|epochs?|seed|.*_seed|tokens|n_tokens|.*_tokens|lr|.*learning_rate|batch_size|.*runtime|runtime.*|.*timestamp|time|date|created.*|updated.*|state|status|user|.*_hours|flops|.*params|parameters|n_params|width|depth|layers|heads|iter|iterations?|rounds?|alpha|temperature|concentration|unnamed.*|weight_decay|train_time|train_samples|level_\d+|column_\d+)$/;
const mixtureFile = /mix|ratio|weight|proportion/i;
const lossFile = /loss|metric|eval|result|score|bench|accurac|downstream/i;

/** How sure it is that a file's remaining columns are target values. */
export interface GuessedRoles {
  /** One per column. */
  readonly roles: ColumnRole[];
  /** True when targets beside domains are only guessed: no name says that they are results. */
  readonly weakTargets: boolean;
}

/**
 * Guesses what each column of a file is for, by its name and its first rows.
 * @param bold whether numbers from 0 to 1 pass for weights with nothing else to say so: only while no
 *   other file has any, since accuracies look the same
 */
export function guessRoles(table: CsvTable, bold: boolean): GuessedRoles {
  const { columns } = table;
  const id = guessIdColumn(table);
  const roles = columns.map((_, index): ColumnRole => (index === id ? 'id' : 'ignored'));
  const open = columns.flatMap((column, index) =>
    roles[index] === 'id' || isMetadata(column) ? [] : [index],
  );
  const prefixed = open.filter((index) => {
    const { header } = columns[index];
    return hasDomainPrefix(header) && !namesMeasure(header) && !hasTargetPrefix(header);
  });
  const unnamed = open.filter((index) => {
    const { header, numbers } = columns[index];
    return numbers !== null && !namesMeasure(header) && !hasTargetPrefix(header);
  });
  const domains = prefixed.length > 1 ? prefixed : guessDomains(table, unnamed, bold);
  for (const index of domains) roles[index] = 'domain';
  const round = domains.length > 0 ? guessRoundColumn(columns) : -1;
  if (round >= 0 && round !== id) roles[round] = 'round';

  const rest = open.filter((index) => roles[index] === 'ignored');
  const saysSo = rest.filter(
    (index) => namesMeasure(columns[index].header) || hasTargetPrefix(columns[index].header),
  );
  const numeric = rest.filter((index) => columns[index].numbers !== null);
  for (const index of new Set([...saysSo, ...numeric])) roles[index] = 'target';
  return { roles, weakTargets: domains.length > 0 && saysSo.length === 0 && numeric.length > 0 };
}

/**
 * The column that says which round of proxies a run belongs to; -1 if there is none. The same
 * iteration in every row is rather the step at which all runs ended.
 */
function guessRoundColumn(columns: readonly CsvColumn[]): number {
  const round = columns.findIndex(
    (column) => idForm(column.header) === 'round' && holdsRounds(column),
  );
  if (round >= 0) return round;
  return columns.findIndex(
    (column) =>
      idForm(column.header) === 'iteration' &&
      holdsRounds(column) &&
      column.numbers?.some((value) => value !== column.numbers?.[0]),
  );
}

function isMetadata(column: CsvColumn): boolean {
  const form = idForm(column.header);
  return metadata.test(form) || (idHeaders.includes(form) && !hasFractions(column));
}

/** Whether the first rows hold fractions, as no run id does: `id` may also be Indonesian. */
function hasFractions({ numbers }: CsvColumn): boolean {
  return (
    numbers?.subarray(0, comparedRows).some((value) => value % 1 !== 0 && !Number.isNaN(value)) ??
    false
  );
}

/** Columns that may hold run ids, the most likely first. */
export function idCandidates(table: CsvTable): number[] {
  const { columns } = table;
  const rank = (index: number) => {
    const { header, text, numbers } = columns[index];
    if (hasFractions(columns[index])) return Number.POSITIVE_INFINITY;
    const named = idHeaders.indexOf(idForm(header));
    if (named >= 0) return named;
    if (text !== null && numbers === null) return 100;
    return /^(?:column 1|unnamed.*)$/i.test(header) ? 101 : Number.POSITIVE_INFINITY;
  };
  return columns
    .map((_, index) => index)
    .filter((index) => rank(index) < Number.POSITIVE_INFINITY && columns[index].filled > 0)
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * The likeliest id column; -1 if there is none. A few repeated ids are a mistake in the file, to be
 * refused by name, and no reason to take another column; a column that mostly repeats is no id.
 */
function guessIdColumn(table: CsvTable): number {
  const candidates = idCandidates(table);
  const most = Math.min(table.rows, comparedRows) / 2;
  const distinct = candidates.find((index) => idsOf(table.columns[index], table.rows).size > most);
  const named = candidates.find((index) => idHeaders.includes(idForm(table.columns[index].header)));
  return distinct ?? named ?? -1;
}

/** The distinct ids in the first rows of a column. */
export function idsOf(column: CsvColumn, rows: number): Set<string> {
  const ids = new Set<string>();
  for (let row = 0; row < Math.min(rows, comparedRows); row++) {
    ids.add(cleanId(cellText(column, row)));
  }
  return ids;
}

function guessDomains(
  table: CsvTable,
  columns: readonly number[],
  bold: boolean,
): readonly number[] {
  if (columns.length < 2) return [];
  const summing = columnsSummingTo(1, table, columns);
  if (summing.length > 1) return summing;
  const named = mixtureFile.test(table.name) && !lossFile.test(table.name);
  if (named || columnsSummingTo(100, table, columns).length === columns.length) return columns;
  if (!bold || lossFile.test(table.name)) return [];
  const shares = columns.filter((index) => sampled(table, index).every((value) => !(value > 1)));
  return shares.length > 1 && shares.length === columns.length ? shares : [];
}

function sampled(table: CsvTable, column: number): number[] {
  const { numbers } = table.columns[column];
  const count = Math.min(table.rows, sampledRows);
  return Array.from({ length: count }, (_, index) =>
    numbers === null ? Number.NaN : numbers[Math.floor((index * table.rows) / count)],
  );
}

/** The longest stretch of neighbouring columns whose rows sum to about `total`; empty if there is none. */
function columnsSummingTo(
  total: number,
  table: CsvTable,
  columns: readonly number[],
): readonly number[] {
  const values = columns.map((column) => sampled(table, column));
  const rows = values[0].length;
  const sums = new Float64Array(rows);
  let best: readonly number[] = [];
  for (let start = 0; start + best.length < columns.length; start++) {
    sums.fill(0);
    for (let end = start; end < columns.length; end++) {
      let matching = 0;
      let beyond = 0;
      for (let row = 0; row < rows; row++) {
        const value = values[end][row];
        if (!Number.isNaN(value)) sums[row] += value;
        if (Math.abs(sums[row] - total) <= about * total) matching++;
        else if (sums[row] > total) beyond++;
      }
      const length = end - start + 1;
      if (matching >= mostRows * rows && length > Math.max(1, best.length)) {
        best = columns.slice(start, end + 1);
      }
      if (beyond > (1 - mostRows) * rows) break;
    }
  }
  return best;
}
