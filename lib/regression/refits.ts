/** Refits on fewer or resampled runs: the learning curve, and models for whiskers. */

import { mersenne } from 'pure-rand/generator/mersenne';
import { formatNumber } from '../model/format';
import type { Job } from '../model/job';
import type { FitOptions, Model, Regressor, RowModel, Sample } from '../model/regressor';
import { spearman } from '../model/statistics';
import { studentCritical } from '../model/student';
import { predictModel } from './predict';
import {
  complementOf,
  fittedRows,
  pickRows,
  sampleOf,
  splitMixtures,
  type TargetRows,
} from './sample';

/** One run in five is held out of a split to measure on; none of its fits sees it. */
const heldOutShare = 5;
/** Splits are whole rounds of cross-validation: each run is held out equally often. */
const roundsOfSplits = { least: 1, most: 8 };
const minSize = 16;
/** Rows fitted in total: as many splits as this leaves. It bounds the time for slow regressors. */
const rowsFitted = 2500;
/** The same where even one round takes more: larger subsets are left out. */
const maxRowsFitted = 10_240;
/** Gains of rho by twice the runs: a surer gain than `some` is worth naming, one above `clear` worth runs. */
const gains = { some: 0.003, clear: 0.01 };
/** Of the interval round the gain. */
const level = 0.9;

/** How well fits to n runs rank unseen runs. */
interface CurvePoint {
  /** Runs fitted. */
  readonly n: number;
  /** Spearman's rho over splits. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface LearningCurve {
  /** By n, ascending. */
  readonly points: readonly CurvePoint[];
  /** Sentence on whether more proxies would help, judged by the last doubling, or that it cannot be told. */
  readonly answer: string;
}

/**
 * Fits a regressor to ever more runs and measures each fit on runs held out from all of its split. Splits are
 * repeated with other runs held out: on the few that one split holds out, luck decides. Runs of one mixture
 * are on one side of a split.
 *
 * @param rows the training runs
 */
export function* learningCurve(
  regressor: Regressor,
  rows: TargetRows,
  options: FitOptions,
): Job<LearningCurve> {
  const whole = sampleOf(rows, fittedRows(rows, options.direction));
  const n = whole.values.length;
  if (n < 2) return { points: [], answer: answerFrom([], [], n) };
  const first = yield* splitMixtures(whole.features, heldOutShare, options.seed);
  const least = n - Math.max(...first.map(({ length }) => length));
  const sizes = sizesUpTo(
    least,
    regressor.minimumRows(whole.features.columns),
    maxRowsFitted / first.length,
  );
  const rowsPerRound = first.length * sizes.reduce((sum, size) => sum + size, 0);
  const rounds = Math.max(
    roundsOfSplits.least,
    Math.min(roundsOfSplits.most, Math.floor(rowsFitted / Math.max(1, rowsPerRound))),
  );
  /** By size: rho of each split, NaN where it has none. */
  const rhos = sizes.map((): number[] => []);
  const total = rounds * first.length * sizes.length;
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    const seed = options.seed + round;
    const folds = round === 0 ? first : yield* splitMixtures(whole.features, heldOutShare, seed);
    for (const heldOut of folds) {
      const unseen = sampleOf(whole, heldOut);
      const pool = complementOf(heldOut, n);
      for (const [place, size] of sizes.entries()) {
        yield { done: done++, total, unit: 'fits' };
        // With one seed smaller subsets are parts of larger ones: their difference is of what was added.
        const picked = pickRows(pool.length, size, seed).map((at) => pool[at]);
        rhos[place].push(yield* rhoOf(regressor, sampleOf(whole, picked), unseen, options));
      }
    }
  }
  return {
    points: sizes.flatMap((size, place) => pointOf(size, rhos[place])),
    answer: answerFrom(sizes, rhos, n),
  };
}

function* rhoOf(
  regressor: Regressor,
  sample: Sample,
  unseen: Sample,
  options: FitOptions,
): Job<number> {
  if (sample.values.every((value) => value === sample.values[0])) return Number.NaN;
  const model = regressor.fitRanks
    ? yield* regressor.fitRanks(sample, options)
    : yield* regressor.fit(sample, options);
  return spearman(yield* predictModel(model, unseen.features), unseen.values);
}

/** Doublings from 16, or from the minimum that can be fitted, and the total, while they sum to at most `sum`. */
function sizesUpTo(max: number, min: number, sum: number): number[] {
  const sizes: number[] = [];
  for (let size = minSize; size < 0.9 * max; size *= 2) if (size >= min) sizes.push(size);
  if (max >= min) sizes.push(max);
  let left = sum;
  return sizes.filter((size) => {
    left -= size;
    return left >= 0;
  });
}

function pointOf(n: number, rhos: readonly number[]): CurvePoint[] {
  const known = rhos.filter(Number.isFinite);
  if (known.length === 0) return [];
  return [{ n, mean: meanOf(known), low: Math.min(...known), high: Math.max(...known) }];
}

/**
 * Judges the gain of the last doubling by its difference within splits. Splits share most of their runs, so
 * the variance of the mean is (1 / J + held out / fitted) times that of J splits, and the interval Student's
 * with J - 1 degrees of freedom (Nadeau and Bengio 2003, section 3, "corrected resampled t-test").
 *
 * @param rhos by size and split
 * @param runs that there are
 */
function answerFrom(
  sizes: readonly number[],
  rhos: readonly (readonly number[])[],
  runs: number,
): string {
  const last = sizes.length - 1;
  const before = sizes.findLastIndex((size) => size <= 0.7 * sizes[last]);
  const pairs = (rhos[last] ?? []).flatMap((rho, split) => {
    const smaller = rhos[before]?.[split] ?? Number.NaN;
    return Number.isFinite(rho - smaller) ? [{ rho, smaller }] : [];
  });
  if (before < 0) return 'Too few runs to tell whether more would help.';
  if (pairs.length < 2) {
    return 'The fits predict the same for all mixtures, so it is unknown whether more proxies would help.';
  }
  const doublings = Math.log2(sizes[last] / sizes[before]);
  const gained = pairs.map(({ rho, smaller }) => (rho - smaller) / doublings);
  const gain = meanOf(gained);
  const variance = gained.reduce((sum, each) => sum + (each - gain) ** 2, 0) / (pairs.length - 1);
  const error = Math.sqrt(variance * (1 / pairs.length + 1 / (heldOutShare - 1)));
  const half = studentCritical(level, pairs.length - 1) * error;
  const reached = formatNumber(meanOf(pairs.map(({ rho }) => rho)), 3);
  const from = formatNumber(meanOf(pairs.map(({ smaller }) => smaller)), 3);
  const of = sizes[last] < 0.7 * runs ? ` of ${runs}` : '';
  const what = `From ${sizes[before]} to ${sizes[last]}${of} proxies, rho went from ${from} to ${reached}: ${formatNumber(gain, 3)} ± ${formatNumber(half, 3)} per doubling`;
  if (gain - half > 0 && gain > gains.some) {
    const much = gain > gains.clear ? 'clearly' : 'a little';
    return `${what}. More proxies would still help ${much}.`;
  }
  if (gain + half < gains.clear) return `${what}. More proxies would change little.`;
  return `${what}. These runs do not show whether more would help.`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Bootstrap models: each fitted to as many rows, drawn with replacement (Efron and Tibshirani 1993, section
 * 6.2).
 *
 * @param model the fit to all rows, from which refits start
 */
export function* bootstrapModels(
  regressor: Regressor,
  sample: Sample,
  model: RowModel,
  options: FitOptions,
  count: number,
): Job<RowModel[]> {
  const n = sample.values.length;
  return yield* refitsTo(regressor, model, options, count, (draw) =>
    sampleOf(
      sample,
      Int32Array.from({ length: n }, () => draw(n)),
    ),
  );
}

/** @param draws makes the sample of a refit; its argument draws a whole number below another */
function* refitsTo(
  regressor: Regressor,
  model: RowModel,
  options: FitOptions,
  count: number,
  draws: (draw: (below: number) => number) => Sample,
): Job<RowModel[]> {
  const random = mersenne((options.seed + 1) | 0);
  const draw = (below: number) => Math.floor(((random.next() >>> 0) / 4294967296) * below);
  const models: RowModel[] = [];
  for (let replicate = 0; replicate < count; replicate++) {
    yield { done: replicate, total: count, unit: 'refits' };
    const drawn = draws(draw);
    models.push(
      regressor.refit
        ? yield* regressor.refit(drawn, model, options)
        : yield* regressor.fit(drawn, options),
    );
  }
  return models;
}

/** Refits of several terms, equally many of each: per refit one model per term. */
export function byRefit(byTerm: readonly (readonly Model[])[]): Model[][] {
  return byTerm[0].map((_, refit) => byTerm.map((models) => models[refit]));
}

/** Simulated noise comes from this many runs at least, and from this part of all. */
const leastAlike = 12;
const alikeParts = 5;

/**
 * Refits to simulated values: what the model predicts for the rows, plus residuals of its own drawn with
 * replacement (the bootstrap of residuals of Efron and Tibshirani 1993, section 9.4). Residuals of rows that
 * the fit has seen are of the noise's size; those of unseen rows hold the fit's own error, too, which few
 * runs make several times as large. Noise has mean 0 wherever it is drawn: the mean of residuals of runs
 * predicted alike is how far the fit is drawn to its own mean, not noise, and is taken off. With equal seeds
 * samples of equally many rows draw the same rows.
 *
 * @param model the fit to the sample, from which refits start
 */
export function* simulatedRefits(
  regressor: Regressor,
  sample: Sample,
  model: RowModel,
  options: FitOptions,
  count: number,
): Job<RowModel[]> {
  const { features, values } = sample;
  const n = values.length;
  const predicted = yield* predictModel(model, features);
  const residuals = values.map((value, row) => value - predicted[row]);
  // Noise differs between good and bad mixtures: each run draws from those predicted most alike.
  const order = Int32Array.from(predicted.keys()).sort((a, b) => predicted[a] - predicted[b]);
  const placeOf = new Int32Array(n);
  order.forEach((row, place) => {
    placeOf[row] = place;
  });
  const alike = Math.min(n, Math.max(leastAlike, Math.ceil(n / alikeParts)));
  /** Sums of the residuals of the runs predicted lowest, by how many. */
  const sums = new Float64Array(n + 1);
  for (let place = 0; place < n; place++) sums[place + 1] = sums[place] + residuals[order[place]];
  return yield* refitsTo(regressor, model, options, count, (draw) => ({
    features,
    values: predicted.map((value, row) => {
      const first = Math.max(0, Math.min(n - alike, placeOf[row] - (alike >> 1)));
      const mean = (sums[first + alike] - sums[first]) / alike;
      return value + residuals[order[first + draw(alike)]] - mean;
    }),
  }));
}
