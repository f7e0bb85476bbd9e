/** What each file of a set is: runs, mixtures or losses, which column plays which role, and which files belong together. */
import { formatList, plural } from '../model/format';
import { cleanId, cleanLabel } from '../model/labels';
import { namesNoRun, namesSetting, namesTrainingLoss, namesUncertainty } from './column-names';
import { quoted, RunsError } from './errors';
import { hasDomainPrefix, hasTargetPrefix } from './identify';
import { decideDirections, namesMeasure, splitMeasure } from './measures';
import { idForm, idHeaders } from './read-table';
import type {
  ColumnRole,
  FileKind,
  Note,
  RecognisedFile,
  Recognition,
  RunSet,
  SetRole,
  WeightGroup,
} from './recognition';
import { holdsRounds } from './rounds';
import { findStep, idAlongSteps } from './steps';
import { type CsvColumn, type CsvTable, cellText } from './table';
import { countColumns, findWeights, whyNoWeights } from './weight-columns';

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
  const guesses = guessesOf(tables);
  const roles = guesses.map((guess) => [...guess.roles]);
  const files = tables.flatMap((table, index): PairingFile[] => {
    const kind = kindOf(guesses[index]);
    if (kind === 'unknown') return [];
    const id = roles[index].indexOf('id');
    const ids = id < 0 ? new Set<string>() : idsOf(table.columns[id], table.rows);
    return [{ index, name: table.name, kind, rows: table.rows, ids }];
  });
  const sets = pairIntoSets(files, joinsStudy);
  for (const { mixtures, losses } of sets) {
    if (mixtures === losses) continue;
    agreeOnIds(tables, roles, mixtures, losses);
    takeLossesOfDomains(tables, roles, mixtures, losses);
  }
  const domains = tables.flatMap(({ columns }, file) => {
    // Groups are phases of the same domains: one names them.
    const grouped = new Set(guesses[file].groups[0]?.columns);
    return columns.flatMap(({ header }, index) =>
      roles[file][index] === 'domain' || grouped.has(index) ? [header] : [],
    );
  });
  return {
    files: tables.map((table, index) =>
      described(table, roles[index], guesses[index].groups, domains),
    ),
    sets,
    notes: guesses.flatMap(({ notes }) => notes),
  };
}

function guessesOf(tables: readonly CsvTable[]): Guess[] {
  const strict = tables.map((table) => guessRoles(table, false));
  const found = strict.some(hasWeights);
  const guesses = found ? strict : tables.map((table) => guessRoles(table, true));
  const results = guesses.some((guess) => kindOf(guess) === 'losses');
  // Unnamed numbers beside the weights count as results only without a file of results.
  return guesses.map((guess) =>
    results && guess.weakTargets
      ? { ...guess, roles: guess.roles.map((role) => (role === 'target' ? 'ignored' : role)) }
      : guess,
  );
}

function hasWeights({ roles, groups }: Guess): boolean {
  return roles.includes('domain') || groups.length > 0;
}

/** What a file holds, though it may not be decided which of several groups are its weights. */
function kindOf(guess: Guess): FileKind {
  const hasTarget = guess.roles.includes('target');
  if (hasWeights(guess)) return hasTarget ? 'wide' : 'mixtures';
  return hasTarget ? 'losses' : 'unknown';
}

function described(
  table: CsvTable,
  roles: readonly ColumnRole[],
  groups: readonly WeightGroup[],
  domains: readonly string[],
): RecognisedFile {
  const rows = Math.min(table.rows, sampleCells);
  const directions = decideDirections(table, roles, domains);
  const columns = table.columns.map((column, index) => ({
    header: column.header,
    role: roles[index],
    ...directions[index],
    samples: Array.from({ length: rows }, (_, row) =>
      cleanLabel(cellText(column, row)).slice(0, longestSample),
    ),
  }));
  return { name: table.name, rows: table.rows, columns, groups };
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

/** In a file of losses, a number under the name of a domain is its loss, though settings are called so too. */
function takeLossesOfDomains(
  tables: readonly CsvTable[],
  roles: ColumnRole[][],
  mixtures: number,
  losses: number,
): void {
  const domains = new Set(
    tables[mixtures].columns.flatMap(({ header }, index) =>
      roles[mixtures][index] === 'domain' ? [header] : [],
    ),
  );
  for (const [index, column] of tables[losses].columns.entries()) {
    const isOpen = roles[losses][index] === 'ignored' && column.numbers !== null;
    if (isOpen && column.filled > 0 && domains.has(column.header)) roles[losses][index] = 'target';
  }
}

/** Rows whose ids are compared to tell ids from other columns, and which files belong together. */
const comparedRows = 20_000;

const mixtureFile = /mix|ratio|weight|proportion/i;
const lossFile = /loss|metric|eval|result|score|bench|accurac|downstream/i;

/** What a file seems to hold. */
interface Guess {
  /** One per column. */
  readonly roles: readonly ColumnRole[];
  /** Two or more where several groups of columns could be the weights: then no column is a domain. */
  readonly groups: readonly WeightGroup[];
  /** True when targets beside domains are only guessed, without names that mark them as results. */
  readonly weakTargets: boolean;
  readonly notes: readonly Note[];
}

/**
 * Guesses what each column of a file is for, by its name, its values and what the columns sum to.
 * @param isLenient whether unnamed numbers from 0 to 1 count as weights: only while no other file has any,
 *   since accuracies look the same
 */
function guessRoles(table: CsvTable, isLenient: boolean): Guess {
  const { columns } = table;
  const id = guessIdColumn(table);
  const roles = columns.map((_, index): ColumnRole => (index === id ? 'id' : 'ignored'));
  const open = openColumns(table, id);
  const named = open.filter((index) => namesResult(columns[index]));
  const possible = columns.flatMap((_, index) => (index === id ? [] : [index]));
  const found = findWeights(table, possible, named.length > 0);
  const domains =
    found.domains.length > 0 || found.groups.length > 0
      ? found.domains
      : likelyWeights(table, open, named, isLenient);
  for (const index of domains) roles[index] = 'domain';
  const hasDomains = domains.length > 0 || found.groups.length > 0;
  const round = hasDomains ? guessRoundColumn(columns) : -1;
  if (round >= 0 && round !== id && roles[round] === 'ignored') roles[round] = 'round';

  const step = findStep(table);
  if (step >= 0 && roles[step] !== 'domain') roles[step] = 'step';

  const grouped = new Set(found.groups.flatMap((group) => group.columns));
  const rest = open.filter((index) => roles[index] === 'ignored' && !grouped.has(index));
  const results = rest.filter((index) => named.includes(index));
  const evaluated = results.filter((index) => !namesTrainingLoss(columns[index].header));
  for (const index of evaluated.length > 0 ? evaluated : results) roles[index] = 'target';
  const numbers = rest.filter((index) => isUnnamedNumber(columns[index]));
  const varies = domains.some((index) => !isConstant(columns[index]));
  const doubtful = numbers.filter(
    (index) =>
      found.ignored.includes(index) ||
      (varies && isConstant(columns[index])) ||
      (results.length > 0 && looksLikeSetting(columns[index])),
  );
  const unnamed = numbers.filter((index) => !doubtful.includes(index));
  for (const index of unnamed) roles[index] = 'target';
  return {
    roles,
    groups: found.groups,
    weakTargets: hasDomains && results.length === 0 && unnamed.length > 0,
    notes: hasDomains && doubtful.length > 0 ? [ignoredNote(table, doubtful)] : [],
  };
}

function ignoredNote(table: CsvTable, indices: readonly number[]): Note {
  const names = indices.map((index) => quoted(table.columns[index].header));
  const listed = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return {
    kind: 'ignored',
    subject: table.name,
    count: indices.length,
    text: `${plural(indices.length, 'column')} of ${table.name} ${indices.length === 1 ? 'is' : 'are'} ignored, being neither weights nor results: ${formatList(listed)}.`,
  };
}

/** Columns that are neither the id nor like one, and hold something. */
function openColumns({ columns }: CsvTable, id: number): number[] {
  return columns.flatMap((column, index) => {
    const isId = idHeaders.includes(idForm(column.header)) && !hasFractions(column);
    return index === id || isId ? [] : [index];
  });
}

/** Whether a name says that the column is a result: a loss, a score, or anything of an evaluation. */
function namesResult(column: CsvColumn): boolean {
  const { header, filled } = column;
  if (namesUncertainty(header) || !mayHoldNumbers(column)) return false;
  if (splitMeasure(header).measure !== null) return true;
  const isNamed = namesMeasure(header) || hasTargetPrefix(header);
  return isNamed && !namesSetting(header) && filled > 0;
}

/** A number, with more behind it: `2.94 ± 0.01`, and neither a time nor a name. */
const numberFirst = /^[-+~≈<>−]?\s*\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?:[\s%±(]|$)/i;

/** Whether a column holds numbers, or text that is meant as numbers: then the cell is refused, not the column. */
function mayHoldNumbers({ numbers, text, filled }: CsvColumn): boolean {
  if (numbers !== null || text === null || filled === 0) return true;
  return text.slice(0, comparedRows).some((cell) => numberFirst.test(cell.trim()));
}

/** Numbers without a name that says what they are. */
function isUnnamedNumber(column: CsvColumn): boolean {
  const { header, numbers, filled } = column;
  if (numbers === null || filled === 0 || namesResult(column)) return false;
  return !namesSetting(header) && !namesUncertainty(header) && !namesTrainingLoss(header);
}

function isConstant({ numbers }: CsvColumn): boolean {
  const known = numbers?.filter((value) => !Number.isNaN(value));
  return known?.every((value) => value === known[0]) ?? true;
}

/** Rows from which on a few distinct values are settings. */
const enoughRows = 12;
const fewValues = 4;
const largestResult = 1000;

/** Whether numbers without a name are more likely settings than results: whole, large, or of few values. */
function looksLikeSetting({ numbers }: CsvColumn): boolean {
  const known = numbers?.filter((value) => !Number.isNaN(value)) ?? [];
  if (known.every((value) => value % 1 === 0)) return true;
  if (known.some((value) => Math.abs(value) > largestResult)) return true;
  return known.length >= enoughRows && new Set(known).size <= fewValues;
}

/** Columns that are likely weights by their names alone, though their rows do not sum up. */
function likelyWeights(
  table: CsvTable,
  open: readonly number[],
  named: readonly number[],
  isLenient: boolean,
): readonly number[] {
  const { columns } = table;
  const prefixed = open.filter((index) => {
    const { header, filled } = columns[index];
    return filled > 0 && hasDomainPrefix(header) && !isNamedOtherwise(header);
  });
  if (prefixed.length > 1) return prefixed;
  const unnamed = open.filter((index) => {
    const { header, numbers, filled } = columns[index];
    return numbers !== null && filled > 0 && !isNamedOtherwise(header);
  });
  if (unnamed.length < 2) return [];
  const isResults = lossFile.test(table.name);
  if (mixtureFile.test(table.name) && !isResults) return unnamed;
  if (named.length > 0) return countColumns(table, unnamed);
  if (!isLenient || isResults) return [];
  const shares = unnamed.filter((index) => !columns[index].numbers?.some((value) => value > 1));
  return shares.length === unnamed.length ? shares : [];
}

function isNamedOtherwise(header: string): boolean {
  return namesMeasure(header) || hasTargetPrefix(header) || namesSetting(header);
}

/**
 * Why no file of a recognition has weights: the columns that were looked at, and the first row that speaks
 * against them; null where one has, and where nothing looks like weights.
 */
export function weightsRefusal(
  tables: readonly CsvTable[],
  { files }: Recognition,
): RunsError | null {
  if (files.some(({ columns }) => columns.some(({ role }) => role === 'domain'))) return null;
  for (const table of tables) {
    const looked = whyNoWeights(table, openColumns(table, guessIdColumn(table)));
    if (looked === null) continue;
    const { headers, row, sum, range } = looked;
    const names = headers.map(quoted);
    const listed = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
    const [least, most] = range.map((value) => Number(value.toPrecision(4)));
    return new RunsError(
      {
        file: table.name,
        row,
        problem: 'no weights were found',
        found: `${formatList(listed)}, which sum to ${Number(sum.toPrecision(6))} here and to ${least} to ${most} in all rows`,
        expected: 'weights that sum to 1, or to 100 in percent, in every row',
        option: '--weights-columns',
      },
      'Choose the weight columns, or add those that are missing.',
    );
  }
  return null;
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
    if (text !== null && numbers === null)
      return namesNoRun(header) ? Number.POSITIVE_INFINITY : 100;
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
