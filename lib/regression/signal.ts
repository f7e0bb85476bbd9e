/** Whether the runs of a target tell mixtures apart at all: a permutation test. */
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Job } from '../model/job';
import type { Matrix } from '../model/matrix';
import type { Direction, Signal } from '../model/regressor';
import { averageRanks } from '../model/statistics';
import { fittedRows, numberMixtures, pickRows, type TargetRows } from './sample';

/** Added to weights before the logarithm. */
const offset = 0.006;
/** Rows tested at most, chosen at random. */
const maxRows = 4096;
const maxPermutations = 999;
const minPermutations = 99;
/** Multiplications in all: bounds permutations of large tables. */
const maxWork = 30_000_000;
/** Multiplications between two reports: a few milliseconds of work. */
const workPerReport = 2_000_000;

/** Tests made for a table: several regressors are assessed on the same values. */
const made = new WeakMap<
  Matrix,
  { values: Float64Array; seed: number; direction: Direction; signal: Signal }[]
>();

/**
 * Tests whether values depend on mixtures, by the sum over domains of the fourth power of the correlation
 * between the logarithm of the weight and the rank of the value (SPU(4) of Pan et al. 2014): it finds one
 * domain that matters as well as several that matter little. Its distribution without dependence is that over
 * permutations of the values (Good 2005, section 3.2), whatever their unit, direction or distribution. Runs of
 * one mixture are permuted as one, by their mean: they share what it does, and are not exchangeable with
 * others. The same seed gives the same permutations.
 */
export function* testSignal(
  rows: TargetRows,
  seed: number,
  direction: Direction = 'lower',
): Job<Signal> {
  const known = made.get(rows.features) ?? [];
  made.set(rows.features, known);
  const before = known.find(
    (one) =>
      one.seed === seed &&
      one.direction === direction &&
      one.values.every((value, row) => Object.is(value, rows.values[row])),
  );
  if (before) return before.signal;
  const signal = yield* permute(rows, seed, direction);
  known.push({ values: rows.values, seed, direction, signal });
  return signal;
}

function* permute(rows: TargetRows, seed: number, direction: Direction): Job<Signal> {
  const measured = fittedRows(rows, direction);
  const picked = pickRows(measured.length, maxRows, seed).map((place) => measured[place]);
  const { firsts, means } = yield* byMixture(rows, picked);
  const n = firsts.length;
  const ranks = standardised(averageRanks(means));
  const logarithms = logarithmsOf(rows.features, firsts);
  const work = n * Math.max(1, logarithms.length);
  const permutations = Math.min(
    maxPermutations,
    Math.max(minPermutations, Math.floor(maxWork / work)),
  );
  const perReport = Math.max(1, Math.floor(workPerReport / work));
  const random = mersenne(seed | 0);
  // Sums in another order differ by rounding.
  const least = dependence(logarithms, ranks) * (1 - 1e-9);
  let exceeding = 0;
  for (let drawn = 0; drawn < permutations; drawn++) {
    if (drawn % perReport === 0) yield { done: drawn, total: permutations, unit: 'permutations' };
    for (let last = n - 1; last > 0; last--) {
      const other = Math.floor(((random.next() >>> 0) / 4294967296) * (last + 1));
      [ranks[last], ranks[other]] = [ranks[other], ranks[last]];
    }
    if (dependence(logarithms, ranks) >= least) exceeding++;
  }
  return { p: (1 + exceeding) / (1 + permutations), permutations };
}

/** The first row of each mixture among those picked, and the mean value of its rows. */
function* byMixture({ features, values }: TargetRows, picked: Int32Array) {
  const [numbers] = yield* numberMixtures([features]);
  const sums = new Map<number, { first: number; sum: number; runs: number }>();
  for (const row of picked) {
    const known = sums.get(numbers[row]) ?? { first: row, sum: 0, runs: 0 };
    known.sum += values[row];
    known.runs++;
    sums.set(numbers[row], known);
  }
  const mixtures = [...sums.values()];
  return {
    firsts: Int32Array.from(mixtures, ({ first }) => first),
    means: Float64Array.from(mixtures, ({ sum, runs }) => sum / runs),
  };
}

/** Per domain, the standardised logarithms of its weights in the given rows. */
function logarithmsOf({ columns, values }: Matrix, rows: Int32Array): Float64Array[] {
  return Array.from({ length: columns }, (_, domain) =>
    standardised(
      Float64Array.from(rows, (row) =>
        Math.log(Math.max(0, values[row * columns + domain]) + offset),
      ),
    ),
  );
}

/** Values minus their mean, over their standard deviation; zeros where they are all the same. */
function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const centred = values.map((value) => value - mean);
  const variance = centred.reduce((sum, value) => sum + (value * value) / values.length, 0);
  const spread = Math.sqrt(variance);
  return centred.map((value) => (spread > 1e-12 ? value / spread : 0));
}

/** Sum of the fourth powers of the correlations, up to a factor. */
function dependence(logarithms: readonly Float64Array[], ranks: Float64Array): number {
  let sum = 0;
  for (const logarithm of logarithms) {
    let product = 0;
    for (let place = 0; place < ranks.length; place++) product += logarithm[place] * ranks[place];
    sum += product ** 4;
  }
  return sum;
}
