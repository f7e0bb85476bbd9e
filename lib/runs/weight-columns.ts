/** Which columns of a file are the weights of the mixtures, by their names and by what their rows sum to. */
import { namesSetting, namesText, namesWeights } from './column-names';
import { RunsError } from './errors';
import { hasTargetPrefix } from './identify';
import { numbersOf } from './join-set';
import { namesMeasure, splitMeasure } from './measures';
import { idForm, idHeaders } from './read-table';
import type { WeightGroup } from './recognition';
import { type CsvColumn, type CsvTable, rowNumber } from './table';

/** Columns of a file that are or could be its weights. */
export interface FoundWeights {
  /** The weights, in file order; empty where none were found or several groups could be. */
  readonly domains: readonly number[];
  /** Two or more groups that could each be the weights, else empty. */
  readonly groups: readonly WeightGroup[];
  /** Columns that look like weights and are none: copies in another unit, zeros that no name says to be a domain. */
  readonly ignored: readonly number[];
}

/** Columns that could be weights, and the first row whose sum says that they are not. */
export interface RefusedWeights {
  readonly headers: readonly string[];
  /** The row as a spreadsheet counts. */
  readonly row: number;
  readonly sum: number;
  /** The smallest and the largest sum of all rows. */
  readonly range: readonly [number, number];
}

/** Rows sampled to see what columns sum to. */
const sampledRows = 100;
/** Share of the rows with any weight that must sum to about the same. */
const maxRows = 0.8;
const about = 0.03;
/** Token counts of a run sum to this at least. */
const fewestTokens = 200;
/** Columns that a subset is looked for in: its cost grows with their cube. */
const maxSolved = 120;
/** Sums this close to their total, as a share of it, are no chance. */
const surely = 0.002;
/** What is no whole number counts tokens only above this share of the total in some run. */
const leastAmount = 1e-3;
/** Sums must vary less than this share of what their parts vary together; unrelated numbers do not. */
const maxVariation = 0.34;

interface Candidate {
  readonly index: number;
  readonly header: string;
  /** Of the sampled rows; NaN = blank. */
  readonly values: Float64Array;
  /** Mean distance of the values from their mean. */
  readonly spread: number;
  readonly isConstant: boolean;
  readonly isZero: boolean;
  /** Whether it holds whole numbers only. */
  readonly isWhole: boolean;
  /** Whether its name is that of an id, a setting or a measure: weights only where sums need it. */
  readonly isSuspect: boolean;
  readonly isSetting: boolean;
}

/** Columns whose rows sum to about the same. */
interface Fit {
  readonly name: string;
  readonly members: readonly Candidate[];
  /** Shares sum to 1, percent to 100, counts to anything more. */
  readonly kind: 'share' | 'percent' | 'count';
  readonly total: number;
  /** Mean distance of the sums from the total, as a share of it. */
  readonly deviation: number;
  readonly varies: boolean;
}

const order = { share: 0, percent: 1, count: 2 } as const;

/**
 * Finds the weights among some columns: those under a common beginning or end of their names, or anywhere in the
 * file, whose rows sum to 1, to 100, or to about one count of tokens. Settings and constant columns beside them
 * are told apart by their names, by deeper beginnings, and by sums.
 * @param columns indices of the columns that nothing else is known of
 * @param hasResults whether other columns are named like results, so that zeros need a name to be domains
 */
export function findWeights(
  table: CsvTable,
  columns: readonly number[],
  hasResults: boolean,
): FoundWeights {
  const candidates = candidatesOf(table, columns);
  const whole = { name: '', members: candidates.filter(({ isWhole }) => isWhole) };
  const named = [...groupsByName(candidates), whole].flatMap(({ name, members }) =>
    fitsOf(name, members),
  );
  const fits = bestFits(named, candidates);
  if (fits.length > 1) {
    const groups = fits
      .map(({ name, members }) => ({
        name: name === '' ? listOf(members) : name,
        columns: indicesOf(members),
      }))
      .sort((a, b) => a.columns[0] - b.columns[0]);
    return { domains: [], groups, ignored: [] };
  }
  const [fit] = fits;
  if (fit === undefined) return { domains: [], groups: [], ignored: [] };
  const measured = table.columns.map(({ header }) => splitMeasure(header));
  const subjects = new Set(
    measured.flatMap(({ subject, measure }) => (measure ? [subject.toLowerCase()] : [])),
  );
  const { kept, empty } = withoutIdle(fit, ({ header, isZero }) => {
    if (namesText(header) || subjects.has(header.toLowerCase())) return true;
    return isZero && !hasResults;
  });
  const others = apartFrom(fits, named).flatMap(({ members }) => members);
  const ignored = new Set([...empty, ...others]);
  return { domains: indicesOf(kept), groups: [], ignored: indicesOf([...ignored]) };
}

/**
 * The best fits of columns that share a name, or else of columns anywhere; and of the rest where it is as good, since
 * one of two phases may go without a name. Counts come last: settings beside shares can sum to anything.
 */
function bestFits(named: readonly Fit[], candidates: readonly Candidate[]): readonly Fit[] {
  const fits = strongest(named);
  const plain = (from: readonly Candidate[]) => from.filter(({ isSuspect }) => !isSuspect);
  const isSound = ({ varies, kind }: Fit) => varies && kind !== 'count';
  if (!fits.some(isSound)) {
    const unnamed = subsetFit(plain(candidates)) ?? subsetFit(candidates);
    return unnamed && (unnamed.varies || fits.length === 0) ? [unnamed] : fits;
  }
  const known = apartFrom(fits, named);
  const taken = new Set([...fits, ...known].flatMap(({ members }) => members));
  const another = subsetFit(plain(candidates.filter((one) => !taken.has(one))));
  const isAnother = another?.kind === fits[0].kind && another.deviation < surely;
  return another && isAnother && another.varies ? [...fits, another] : fits;
}

/** Fits that have no column in common with the best ones: the same weights in another unit, a fixed mixture. */
function apartFrom(best: readonly Fit[], fits: readonly Fit[]): Fit[] {
  const taken = new Set(best.flatMap(({ members }) => members));
  return fits.filter(({ members }) => !members.some((one) => taken.has(one)));
}

/**
 * Whole numbers from 0 that could be tokens per domain though runs differ in their length; empty if there are
 * fewer than two such columns.
 */
export function countColumns(table: CsvTable, columns: readonly number[]): readonly number[] {
  const found = candidatesOf(table, columns).filter(
    ({ isSuspect, isWhole }) => !isSuspect && isWhole,
  );
  const large = found.filter(({ values }) => values.some((value) => value >= fewestTokens));
  return large.length > 1 && large.some(({ isConstant }) => !isConstant) ? indicesOf(large) : [];
}

/** What speaks against the likeliest weights of a file without any; null where nothing looks like weights. */
export function whyNoWeights(table: CsvTable, columns: readonly number[]): RefusedWeights | null {
  const candidates = candidatesOf(table, columns).filter(
    ({ isSuspect, isConstant, values }) =>
      !isSuspect && !isConstant && values.every((value) => !(value > 100)),
  );
  const groups = groupsByName(candidates).filter(({ name }) => name === '' || namesWeights(name));
  const [looked] = groups.sort(
    (a, b) => Number(b.name !== '') - Number(a.name !== '') || b.members.length - a.members.length,
  );
  if (looked === undefined) return null;
  const headers = looked.members.map(({ header }) => header);
  const values = looked.members.map(({ index }) => valuesOf(table, table.columns[index]));
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  let first: { row: number; sum: number } | null = null;
  for (let row = 0; row < table.rows; row++) {
    const sum = values.reduce((total, column) => total + (column?.[row] || 0), 0);
    if (sum === 0) continue;
    least = Math.min(least, sum);
    most = Math.max(most, sum);
    if (first === null && Math.abs(sum - 1) > about) first = { row: rowNumber(table, row), sum };
  }
  return first && { headers, ...first, range: [least, most] };
}

function listOf(members: readonly Candidate[]): string {
  const names = members.map(({ header }) => header);
  return names.length > 3 ? `${names.slice(0, 2).join(', ')}, …` : names.join(', ');
}

function indicesOf(candidates: readonly Candidate[]): number[] {
  return candidates.map(({ index }) => index).sort((a, b) => a - b);
}

/** Whether a name can only be a result's: `web_loss`, but not `mix_loss`, of a domain that is called so. */
function namesResult(header: string): boolean {
  return splitMeasure(header).measure !== null && !isUnderWeights.test(header);
}

/** Beginnings that no result has. */
const isUnderWeights =
  /^(?:.*[/.])?(?:weights?|mixtures?|mix|mixing|ratios?|proportions?|shares?|sampling)[_/.: -]/i;
/** Whether a name is more likely a result's, so that its sums must be no chance: `eval/web`, not `eval_share`. */
function looksLikeResult(header: string): boolean {
  return hasTargetPrefix(header) && !namesWeights(header.replace(/^.*(?=[_/.: -])/, ''));
}

function candidatesOf(table: CsvTable, columns: readonly number[]): Candidate[] {
  const count = Math.min(table.rows, sampledRows);
  const rows = Array.from({ length: count }, (_, place) =>
    Math.floor((place * table.rows) / Math.max(1, count)),
  );
  return columns.flatMap((index): Candidate[] => {
    const { header } = table.columns[index];
    if (namesResult(header)) return [];
    const all = valuesOf(table, table.columns[index]);
    if (all === null) return [];
    let first = Number.NaN;
    let isConstant = true;
    let isWhole = true;
    for (const value of all) {
      if (value < 0) return [];
      // A blank is 0 where others are not.
      const filled = Number.isNaN(value) ? 0 : value;
      if (Number.isNaN(first)) first = filled;
      else if (filled !== first) isConstant = false;
      if (filled % 1 !== 0) isWhole = false;
    }
    const isSetting = namesSetting(header);
    const values = Float64Array.from(rows, (row) => all[row]);
    return [
      {
        index,
        header,
        values,
        spread: meanDeviation(values),
        isConstant,
        isZero: isConstant && first === 0,
        isWhole,
        isSetting,
        isSuspect:
          isSetting ||
          namesMeasure(header) ||
          hasTargetPrefix(header) ||
          idHeaders.includes(idForm(header)),
      },
    ];
  });
}

/** The numbers of a column, NaN where there is none, shares of 100 as shares of 1; null if it holds text or nothing. */
function valuesOf(table: CsvTable, column: CsvColumn): Float64Array | null {
  const numbers = column.numbers ?? numbersIn(table, column);
  if (numbers === null || numbers.every(Number.isNaN)) return null;
  return column.isPercent ? numbers.map((value) => value / 100) : numbers;
}

function numbersIn(table: CsvTable, column: CsvColumn): Float64Array | null {
  try {
    return numbersOf(table, column, '', '');
  } catch (error) {
    if (error instanceof RunsError) return null;
    throw error;
  }
}

interface NamedGroup {
  readonly name: string;
  readonly members: readonly Candidate[];
}

const separator = /[_/.: -]/;

/** Columns that share a beginning or an end of their names, up to a separator, and all of them. */
function groupsByName(candidates: readonly Candidate[]): NamedGroup[] {
  const groups = new Map<string, Candidate[]>();
  const join = (name: string, candidate: Candidate) => {
    const group = groups.get(name);
    if (group) group.push(candidate);
    else groups.set(name, [candidate]);
  };
  for (const candidate of candidates) {
    const { header } = candidate;
    join('', candidate);
    for (let at = 0; at < header.length; at++) {
      if (!separator.test(header[at])) continue;
      if (at < header.length - 1) join(`${header.slice(0, at + 1)}*`, candidate);
      if (at > 0) join(`*${header.slice(at)}`, candidate);
    }
  }
  // Of names that the same columns share, the longest says most.
  const bySize = new Map<string, NamedGroup>();
  for (const [name, members] of groups) {
    if (members.length < 2) continue;
    const key = members.map(({ index }) => index).join();
    const other = bySize.get(key);
    if (other === undefined || name.length > other.name.length) bySize.set(key, { name, members });
  }
  return [...bySize.values()];
}

/** What the columns of a group sum to, with and without those whose names speak against them. */
function fitsOf(name: string, members: readonly Candidate[]): Fit[] {
  const plain = members.filter(({ isSuspect }) => !isSuspect);
  const noSettings = members.filter(({ isSetting }) => !isSetting);
  const sizes = new Set<number>();
  return [plain, noSettings, members].flatMap((part) => {
    if (sizes.has(part.length)) return [];
    sizes.add(part.length);
    const fit = fitOf(name, part);
    return fit ? [fit] : [];
  });
}

function fitOf(name: string, members: readonly Candidate[]): Fit | null {
  if (members.length < 2) return null;
  const sums = sumsOf(members);
  if (sums.length === 0) return null;
  const varies = members.some(({ isConstant }) => !isConstant);
  const spread = members.reduce((sum, member) => sum + member.spread, 0);
  const close = (total: number, kind: Fit['kind']): Fit | null => {
    const near = sums.filter((sum) => Math.abs(sum - total) <= about * total);
    if (near.length < maxRows * sums.length) return null;
    const off = near.reduce((sum, each) => sum + Math.abs(each - total), 0) / near.length;
    if (varies && near.length > 1 && off > maxVariation * spread) return null;
    if (off > surely * total && members.some(({ header }) => looksLikeResult(header))) return null;
    return { name, members, kind, total, deviation: off / total, varies };
  };
  const known = close(1, 'share') ?? close(100, 'percent');
  if (known) return known;
  const total = [...sums].sort((a, b) => a - b)[sums.length >> 1];
  if (!varies || total < fewestTokens) return null;
  const isNamed = namesWeights(name) || /token/i.test(name);
  if (!isNamed && members.every(({ isSetting }) => isSetting)) return null;
  const counts = close(total, 'count');
  const isAmount = ({ isWhole, values }: Candidate) =>
    isWhole || values.some((value) => value > total * leastAmount);
  const isWhole = members.every((member) => member.isWhole);
  const isCount = isWhole || (counts && counts.deviation < surely && members.every(isAmount));
  return isCount ? counts : null;
}

/** The sum of every sampled row that has any of the columns; a blank is 0. */
function sumsOf(members: readonly Candidate[]): number[] {
  const sums: number[] = [];
  for (let row = 0; row < members[0].values.length; row++) {
    let sum = 0;
    let filled = false;
    for (const { values } of members) {
      if (Number.isNaN(values[row])) continue;
      sum += values[row];
      filled = true;
    }
    if (filled) sums.push(sum);
  }
  return sums;
}

/** Mean distance from the mean; a blank is 0. */
function meanDeviation(values: Float64Array): number {
  const filled = values.map((value) => value || 0);
  const mean = filled.reduce((sum, value) => sum + value, 0) / filled.length;
  return filled.reduce((sum, value) => sum + Math.abs(value - mean), 0) / filled.length;
}

/** Sums that are the better ones must be so by this factor for fewer columns. */
const clearly = 0.7;
const rounding = 1e-9;

/** The groups that fit best: of those that overlap one, and only shares where there are any. */
function strongest(fits: readonly Fit[]): Fit[] {
  const varying = fits.filter(({ varies }) => varies);
  const open = varying.length > 0 ? varying : fits;
  const best = Math.min(...open.map(({ kind }) => order[kind]));
  const kept: Fit[] = [];
  const ranked = open
    .filter(({ kind }) => order[kind] === best)
    .sort((a, b) => b.members.length - a.members.length);
  for (const fit of ranked) {
    const own = new Set(fit.members);
    const rival = kept.findIndex(({ members }) => members.some((one) => own.has(one)));
    if (rival < 0) kept.push(fit);
    else if (fit.deviation + rounding < clearly * kept[rival].deviation) kept[rival] = fit;
  }
  return kept.filter((fit, place) => !kept.slice(0, place).some((other) => isCopy(fit, other)));
}

/** Whether two groups hold the same weights, as in a table with a configuration and its summary. */
function isCopy(a: Fit, b: Fit): boolean {
  return (
    a.members.length === b.members.length &&
    a.members.every(({ values }, place) => {
      const other = b.members[place].values;
      return values.every(
        (value, row) => Math.abs((value || 0) / a.total - (other[row] || 0) / b.total) < rounding,
      );
    })
  );
}

/** Columns anywhere in the file that sum to about 1 or 100: neighbours, or what a regression on 1 takes. */
function subsetFit(candidates: readonly Candidate[]): Fit | null {
  const fits = ([1, 100] as const).flatMap((total) => {
    const within = candidates.filter(({ values }) =>
      values.every((value) => !(value > total * (1 + about))),
    );
    const found = [stretch(within, total), solved(within, total)];
    return found.flatMap((members) => {
      const fit = members.length > 1 ? fitOf('', members) : null;
      return fit && fit.total === total ? [fit] : [];
    });
  });
  return strongest(fits)[0] ?? null;
}

/** The longest stretch of neighbours whose rows sum to about `total`; empty if there is none. */
function stretch(candidates: readonly Candidate[], total: number): readonly Candidate[] {
  if (candidates.length < 2) return [];
  const rows = candidates[0].values.length;
  const sums = new Float64Array(rows);
  let best: readonly Candidate[] = [];
  for (let start = 0; start + best.length < candidates.length; start++) {
    sums.fill(0);
    for (let end = start; end < candidates.length; end++) {
      let matching = 0;
      let beyond = 0;
      for (let row = 0; row < rows; row++) {
        sums[row] += candidates[end].values[row] || 0;
        if (Math.abs(sums[row] - total) <= about * total) matching++;
        else if (sums[row] > total) beyond++;
      }
      const length = end - start + 1;
      if (matching >= maxRows * rows && length > Math.max(1, best.length)) {
        best = candidates.slice(start, end + 1);
      }
      if (beyond > (1 - maxRows) * rows) break;
    }
  }
  return best;
}

/**
 * The columns that least squares of 1 on all of them takes: where the weights are among columns that have nothing
 * to do with them, their coefficients are equal and all others 0. Constant columns are added where sums need them.
 */
function solved(candidates: readonly Candidate[], total: number): readonly Candidate[] {
  const varying = candidates.filter(({ isConstant }) => !isConstant);
  if (varying.length < 2 || varying.length > maxSolved) return [];
  const coefficients = leastSquares(varying.map(({ values }) => values.map((value) => value || 0)));
  // As shares of the total: 1 for weights, more where constant columns hold a part of it.
  const taken = varying.filter((_, place) => coefficients[place] * total > 0.5);
  if (taken.length < 2) return [];
  const sums = sumsOf(taken);
  const mean = sums.reduce((sum, each) => sum + each, 0) / sums.length;
  const missing = total - mean;
  if (missing <= about * total) return taken;
  const constants = candidates.filter(({ isConstant, isZero }) => isConstant && !isZero);
  const all = constants.reduce((sum, { values }) => sum + values[0], 0);
  if (Math.abs(all - missing) <= about * total) return [...taken, ...constants];
  const one = constants.find(({ values }) => Math.abs(values[0] - missing) <= about * total);
  return one ? [...taken, one] : [];
}

/** Coefficients w with sum of w x close to 1 in every row, by normal equations with a trace of ridge. */
function leastSquares(columns: readonly Float64Array[]): Float64Array {
  const size = columns.length;
  const scales = columns.map(
    (column) => Math.sqrt(column.reduce((sum, value) => sum + value * value, 0)) || 1,
  );
  const rows = columns.map((column, i) => {
    const row = new Float64Array(size + 1);
    columns.forEach((other, j) => {
      let sum = 0;
      for (let at = 0; at < column.length; at++) sum += column[at] * other[at];
      row[j] = sum / (scales[i] * scales[j]) + (i === j ? 1e-8 : 0);
    });
    row[size] = column.reduce((sum, value) => sum + value, 0) / scales[i];
    return row;
  });
  // Gauss without pivots: the matrix is positive definite.
  for (let pivot = 0; pivot < size; pivot++) {
    for (let below = pivot + 1; below < size; below++) {
      const factor = rows[below][pivot] / rows[pivot][pivot];
      for (let at = pivot; at <= size; at++) rows[below][at] -= factor * rows[pivot][at];
    }
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let value = rows[row][size];
    for (let at = row + 1; at < size; at++) value -= rows[row][at] * solution[at];
    solution[row] = value / rows[row][row];
  }
  return solution.map((value, at) => value / scales[at]);
}

/**
 * A fit without columns that its sums do not need: settings, constants that make the sums worse or change
 * nothing, but for zeros that are a domain by what they are called.
 */
function withoutIdle(
  fit: Fit,
  isDomain: (candidate: Candidate) => boolean,
): { kept: readonly Candidate[]; empty: readonly Candidate[] } {
  if (!fit.varies) return { kept: fit.members, empty: [] };
  const dropped = new Set<Candidate>();
  const certain = fit.members.filter(({ isConstant, isSuspect }) => !isConstant && !isSuspect);
  const names = certain.map(({ header }) => header);
  const beginning = commonBeginning(names);
  const end = reversed(commonBeginning(names.map(reversed)));
  // Those that are least likely weights first.
  const doubt = ({ isSetting, isConstant }: Candidate) =>
    2 * Number(isSetting) + Number(isConstant);
  const trials = [...fit.members].sort((a, b) => doubt(b) - doubt(a));
  let sums = Float64Array.from(fit.members[0].values, (_, row) =>
    fit.members.reduce((sum, { values }) => sum + (values[row] || 0), 0),
  );
  let deviation = deviationOf(sums, fit);
  for (const trial of trials) {
    if (fit.members.length - dropped.size <= 2) break;
    const isDoubtful = doubt(trial) > 0;
    if (!isDoubtful && deviation <= rounding) break;
    const rest = sums.map((sum, row) => sum - (trial.values[row] || 0));
    const without = deviationOf(rest, fit);
    const most = isDoubtful ? deviation * 1.05 + rounding : deviation * clearly;
    if (without > most) continue;
    const shared = sharedBeginning(trial.header, beginning);
    const isNamed = namesWeights(shared) || (namesWeights(end) && trial.header.endsWith(end));
    // What all weights begin with may be no more than what all settings do.
    const isAlike =
      shared !== '' &&
      shared === beginning &&
      (trial.isZero || without > deviation * (1 - clearly));
    const isKnown = (trial.isZero || !trial.isConstant) && isDomain(trial);
    if (!trial.isSetting && (isNamed || isAlike || isKnown)) continue;
    dropped.add(trial);
    sums = rest;
    deviation = without;
  }
  return {
    kept: fit.members.filter((member) => !dropped.has(member)),
    empty: [...dropped].filter(({ isZero, isSetting }) => isZero && !isSetting),
  };
}

/** Mean distance of sums from the total of a fit, as a share of it; Infinity where they are of no such fit. */
function deviationOf(sums: Float64Array, { kind, total: whole }: Fit): number {
  const filled = sums.filter((sum) => sum > 0);
  const total = kind === 'count' ? (filled.slice().sort()[filled.length >> 1] ?? whole) : whole;
  const near = filled.filter((sum) => Math.abs(sum - total) <= about * total);
  if (near.length < maxRows * filled.length || near.length === 0) return Number.POSITIVE_INFINITY;
  return near.reduce((sum, each) => sum + Math.abs(each - total), 0) / near.length / total;
}

/** What all names begin with, up to a separator; empty for a single name. */
function commonBeginning([first = '', ...others]: readonly string[]): string {
  let length = others.length === 0 ? 0 : first.length;
  while (!others.every((header) => header.startsWith(first.slice(0, length)))) length--;
  while (length > 0 && !separator.test(first[length - 1])) length--;
  return first.slice(0, length);
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}

/** The longest part of what all weights begin with, up to a separator, that a name begins with too. */
function sharedBeginning(header: string, beginning: string): string {
  let length = beginning.length;
  while (!header.startsWith(beginning.slice(0, length))) length--;
  while (length > 0 && !separator.test(beginning[length - 1])) length--;
  return beginning.slice(0, length);
}
