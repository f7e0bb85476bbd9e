/** What each file of a set is: runs, mixtures or losses, which column plays which role, and which files belong together. */
import { cleanId, cleanLabel } from '../model/labels';
import { hasDomainPrefix, hasTargetPrefix } from './identify';
import { guessDirection, namesMeasure } from './measures';
import { idForm, idHeaders } from './read-table';
import {
  type ColumnRole,
  fileKind,
  type RecognisedFile,
  type Recognition,
  type RunSet,
  type SetRole,
} from './recognition';
import { holdsRounds } from './rounds';
import { findStep, idAlongSteps } from './steps';
import { type CsvColumn, type CsvTable, cellText } from './table';

const sampleCells = 3;
const longestSample = 40;

/**
 * Guesses what files of proxy runs hold: RegMix's pair (`index`, `train_<domain>` and
 * `metric/<domain>_val_loss`), olmix's pair (`ratios.csv` and `metrics.csv` with `run` or `run_id`), and wide
 * files with weights and results side by side. Nothing is refused here; errors in the files are reported when
 * the study is built.
 * @param joinsStudy whether the files are test sets for an existing study
 */
export function recognise(tables: readonly CsvTable[], joinsStudy = false): Recognition {
  const roles = rolesOf(tables);
  const files = tables.flatMap((table, index): PairingFile[] => {
    const kind = fileKind(described(table, roles[index]));
    if (kind === 'unknown') return [];
    const id = roles[index].indexOf('id');
    const ids = id < 0 ? new Set<string>() : idsOf(table.columns[id], table.rows);
    return [{ index, name: table.name, kind, rows: table.rows, ids }];
  });
  const sets = pairIntoSets(files, joinsStudy);
  for (const { mixtures, losses } of sets) {
    if (mixtures !== losses) agreeOnIds(tables, roles, mixtures, losses);
  }
  return { files: tables.map((table, index) => described(table, roles[index])), sets, notes: [] };
}

function rolesOf(tables: readonly CsvTable[]): ColumnRole[][] {
  const strict = tables.map((table) => guessRoles(table, false));
  const found = strict.some(({ roles }) => roles.includes('domain'));
  const guesses = found ? strict : tables.map((table) => guessRoles(table, true));
  const results = guesses.some(
    ({ roles }) => roles.includes('target') && !roles.includes('domain'),
  );
  // Unnamed numbers beside the weights count as results only without a file of results.
  return guesses.map(({ roles, weakTargets }) =>
    results && weakTargets ? roles.map((role) => (role === 'target' ? 'ignored' : role)) : roles,
  );
}

function described(table: CsvTable, roles: readonly ColumnRole[]): RecognisedFile {
  const rows = Math.min(table.rows, sampleCells);
  const columns = table.columns.map((column, index) => ({
    header: column.header,
    role: roles[index],
    direction: guessDirection(column.header),
    directionBy: namesMeasure(column.header) ? ('name' as const) : ('nothing' as const),
    samples: Array.from({ length: rows }, (_, row) =>
      cleanLabel(cellText(column, row)).slice(0, longestSample),
    ),
  }));
  return { name: table.name, rows: table.rows, columns, groups: [] };
}

/** Where the id columns of a pair share no id, takes the pair of columns that share the most. */
function agreeOnIds(
  tables: readonly CsvTable[],
  roles: ColumnRole[][],
  mixtures: number,
  losses: number,
): void {
  const candidates = [mixtures, losses].map((file) =>
    idCandidates(tables[file]).map((column) => ({
      column,
      ids: idsOf(tables[file].columns[column], tables[file].rows),
    })),
  );
  const current = [mixtures, losses].map((file) => roles[file].indexOf('id'));
  let best = { shared: 0, columns: current };
  for (const a of candidates[0]) {
    for (const b of candidates[1]) {
      let shared = 0;
      for (const id of a.ids) if (b.ids.has(id)) shared++;
      if (a.column === current[0] && b.column === current[1] && shared > 0) return;
      if (shared > best.shared) best = { shared, columns: [a.column, b.column] };
    }
  }
  [mixtures, losses].forEach((file, side) => {
    if (best.columns[side] === current[side]) return;
    if (current[side] >= 0) roles[file][current[side]] = 'ignored';
    roles[file][best.columns[side]] = 'id';
  });
}

/** Rows sampled to guess what columns hold. */
const sampledRows = 40;
/** Rows whose ids are compared to tell ids from other columns, and which files belong together. */
const comparedRows = 20_000;
/** Share of the sampled rows that must sum to about 1 for their columns to count as weights. */
const maxRows = 0.8;
const about = 0.03;

/** Numbers that describe a run but are neither weights nor results; compared as {@link idForm}. */
const metadata =
  /^(?:_.*|(?:global_)?steps?|epochs?|seed|.*_seed|tokens|n_tokens|.*_tokens|lr|.*learning_rate|batch_size|.*runtime|runtime.*|.*timestamp|time|date|created.*|updated.*|state|status|user|.*_hours|flops|.*params|parameters|n_params|width|depth|layers|heads|iter|iterations?|rounds?|alpha|temperature|concentration|unnamed.*|weight_decay|train_time|train_samples|level_\d+|column_\d+)$/;
const mixtureFile = /mix|ratio|weight|proportion/i;
const lossFile = /loss|metric|eval|result|score|bench|accurac|downstream/i;

/** Guessed roles, and how certain the targets are. */
interface GuessedRoles {
  /** One per column. */
  readonly roles: ColumnRole[];
  /** True when targets beside domains are only guessed, without names that mark them as results. */
  readonly weakTargets: boolean;
}

/**
 * Guesses what each column of a file is for, by its name and its first rows.
 * @param isLenient whether unnamed numbers from 0 to 1 count as weights: only while no other file has any,
 *   since accuracies look the same
 */
function guessRoles(table: CsvTable, isLenient: boolean): GuessedRoles {
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
  const domains = prefixed.length > 1 ? prefixed : guessDomains(table, unnamed, isLenient);
  for (const index of domains) roles[index] = 'domain';
  const round = domains.length > 0 ? guessRoundColumn(columns) : -1;
  if (round >= 0 && round !== id) roles[round] = 'round';

  const rest = open.filter((index) => roles[index] === 'ignored');
  const named = rest.filter(
    (index) => namesMeasure(columns[index].header) || hasTargetPrefix(columns[index].header),
  );
  const numeric = rest.filter((index) => columns[index].numbers !== null);
  for (const index of new Set([...named, ...numeric])) roles[index] = 'target';
  const step = findStep(table);
  if (step >= 0 && roles[step] !== 'domain') roles[step] = 'step';
  return { roles, weakTargets: domains.length > 0 && named.length === 0 && numeric.length > 0 };
}

/**
 * The column with the round of proxies of each run; -1 if there is none. A constant iteration is more likely
 * the last step of all runs.
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
function idCandidates(table: CsvTable): number[] {
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
 * The likeliest id column; -1 if there is none. A few repeated ids are an error in the file, to be reported
 * by name, and no reason to take another column; a column that mostly repeats is not an id.
 */
function guessIdColumn(table: CsvTable): number {
  const candidates = idCandidates(table);
  const along = idAlongSteps(table, candidates);
  if (along >= 0) return along;
  const most = Math.min(table.rows, comparedRows) / 2;
  const distinct = candidates.find((index) => idsOf(table.columns[index], table.rows).size > most);
  const named = candidates.find((index) => idHeaders.includes(idForm(table.columns[index].header)));
  return distinct ?? named ?? -1;
}

/** The distinct ids in the first rows of a column. */
function idsOf(column: CsvColumn, rows: number): Set<string> {
  const ids = new Set<string>();
  for (let row = 0; row < Math.min(rows, comparedRows); row++) {
    ids.add(cleanId(cellText(column, row)));
  }
  return ids;
}

function guessDomains(
  table: CsvTable,
  columns: readonly number[],
  isLenient: boolean,
): readonly number[] {
  if (columns.length < 2) return [];
  const summing = columnsSummingTo(1, table, columns);
  if (summing.length > 1) return summing;
  const named = mixtureFile.test(table.name) && !lossFile.test(table.name);
  if (named || columnsSummingTo(100, table, columns).length === columns.length) return columns;
  if (!isLenient || lossFile.test(table.name)) return [];
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
      if (matching >= maxRows * rows && length > Math.max(1, best.length)) {
        best = columns.slice(start, end + 1);
      }
      if (beyond > (1 - maxRows) * rows) break;
    }
  }
  return best;
}

/** A file to be paired. */
interface PairingFile {
  /** Its index among the files. */
  readonly index: number;
  readonly name: string;
  readonly kind: 'mixtures' | 'losses' | 'wide';
  readonly rows: number;
  /** The ids of its first rows. */
  readonly ids: ReadonlySet<string>;
}

const kindPattern =
  /^(?:mixtures?|mix|ratios?|weights?|proportions?|loss|losses|metrics?|evals?|results?|scores?|domains?|runs?|data|csv|tsv|txt|proxy|proxies|pile|val)$/;
const testPattern = /^(?:test.*|held.*|unseen|holdout|ood)$/;
const validationPattern = /^valid.*$/;
const scale = /^\d+(?:p\d+)?[kmbt]$/;

function tokens(name: string): string[] {
  return name
    .toLowerCase()
    .replace(/\.(?:csv|tsv|txt)$/, '')
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== '');
}

function distinctiveWords(name: string): string[] {
  return tokens(name).filter((token) => !kindPattern.test(token));
}

/** Shared members over all members, 0..1; 0 when both are empty. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const member of a) if (b.has(member)) shared++;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

interface Pair {
  readonly mixtures: PairingFile;
  readonly losses: PairingFile;
}

/**
 * Which files belong together: mixtures and losses whose names share the most words and whose runs
 * share the most ids, the surest pair first; every wide file is a set of its own.
 */
function pairFiles(files: readonly PairingFile[]): Pair[] {
  const wide = files.filter(({ kind }) => kind === 'wide');
  const mixtures = files.filter(({ kind }) => kind === 'mixtures');
  const losses = files.filter(({ kind }) => kind === 'losses');
  const only = mixtures.length === 1 && losses.length === 1;
  const candidates = mixtures.flatMap((mixture) =>
    losses.map((loss) => {
      const names = overlap(
        new Set(distinctiveWords(mixture.name)),
        new Set(distinctiveWords(loss.name)),
      );
      const ids = overlap(mixture.ids, loss.ids);
      return { mixtures: mixture, losses: loss, score: names + ids };
    }),
  );
  candidates.sort((a, b) => b.score - a.score);
  const taken = new Set<number>();
  const pairs: Pair[] = wide.map((file) => ({ mixtures: file, losses: file }));
  for (const pair of candidates) {
    if (taken.has(pair.mixtures.index) || taken.has(pair.losses.index)) continue;
    if (pair.score === 0 && !only) continue;
    taken.add(pair.mixtures.index);
    taken.add(pair.losses.index);
    pairs.push(pair);
  }
  return pairs.sort((a, b) => a.mixtures.index - b.mixtures.index);
}

function isTest({ mixtures, losses }: Pair): boolean {
  const words = tokens(mixtures.name);
  return (
    words.some((word) => testPattern.test(word) || validationPattern.test(word)) ||
    // In the name of a file of losses, `valid` more likely describes the losses.
    tokens(losses.name).some((word) => testPattern.test(word))
  );
}

/**
 * Groups files into run sets. A single set is the training set. Of several, those named like test sets are
 * test sets; of the rest, the one named `train`, or else the largest, is the training set, and the others are
 * test sets too. When all are named like test sets, there is no training set. Test sets are named by the
 * words that distinguish them.
 * @param joinsStudy whether the files join an existing study: then none is a training set
 */
function pairIntoSets(files: readonly PairingFile[], joinsStudy: boolean): RunSet[] {
  const pairs = pairFiles(files);
  const training = joinsStudy ? null : pickTraining(pairs);
  const shared = sharedWords(pairs.map(({ mixtures }) => distinctiveWords(mixtures.name)));
  const used = new Set<string>();
  return pairs.map((pair) => {
    const role: SetRole = pair === training ? 'training' : 'test';
    const name = unused(pair === training ? 'training' : testName(pair, shared), used);
    return { name, role, mixtures: pair.mixtures.index, losses: pair.losses.index };
  });
}

/** Words that all of several names have; empty for a single name. */
function sharedWords([first = [], ...others]: readonly (readonly string[])[]): Set<string> {
  if (others.length === 0) return new Set();
  return new Set(first.filter((word) => others.every((words) => words.includes(word))));
}

function pickTraining(pairs: readonly Pair[]): Pair | null {
  const candidates = pairs.length === 1 ? pairs.slice() : pairs.filter((pair) => !isTest(pair));
  const saysTrain = ({ mixtures }: Pair) =>
    Number(tokens(mixtures.name).some((word) => word.startsWith('train')));
  candidates.sort((a, b) => saysTrain(b) - saysTrain(a) || b.mixtures.rows - a.mixtures.rows);
  return candidates[0] ?? null;
}

function testName(pair: Pair, shared: ReadonlySet<string>): string {
  const words = distinctiveWords(pair.mixtures.name);
  const scales = words.filter((word) => scale.test(word)).map((word) => word.toUpperCase());
  const others = words.filter(
    (word) => !scale.test(word) && !shared.has(word) && !/^(?:test|train)(?:ing)?$/.test(word),
  );
  return [...scales, ...others, 'test'].join(' ').slice(0, 60);
}

function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let count = 2; used.has(free); count++) free = `${name} ${count}`;
  used.add(free);
  return free;
}
