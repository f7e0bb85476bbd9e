/** Refits on fewer or resampled runs: the learning curve, and models for whiskers. */

import { mersenne } from 'pure-rand/generator/mersenne';
import { formatNumber } from '../model/format';
import type { Job } from '../model/job';
import type { FitOptions, Regressor, RowModel, Sample } from '../model/regressor';
import { spearman } from '../model/statistics';
import { predictModel } from './predict';
import { fittedRows, pickRows, sampleOf, splitMixtures, type TargetRows } from './sample';

/** Random subsets fitted at each size. */
const subsets = 5;
/** One run in five is held out to measure on; no fit sees it. */
const heldOutShare = 5;
const minSize = 16;
/** Maximum number of rows fitted in total: bounds the time for slow regressors. */
const maxRowsFitted = 20_000;

/** How well fits to n runs rank unseen runs. */
interface CurvePoint {
  /** Runs fitted. */
  readonly n: number;
  /** Spearman's rho over subsets. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface LearningCurve {
  /** By n, ascending. */
  readonly points: readonly CurvePoint[];
  /** Sentence on whether more proxies would help, judged by the last doubling. */
  readonly answer: string;
}

/**
 * Fits a regressor to ever more runs and measures each fit on runs held out from all of them.
 *
 * @param rows the training runs
 */
export function* learningCurve(
  regressor: Regressor,
  rows: TargetRows,
  options: FitOptions,
): Job<LearningCurve> {
  const measured = fittedRows(rows);
  const whole = sampleOf(rows, measured);
  const [heldOut, ...others] = yield* splitMixtures(whole.features, heldOutShare, options.seed);
  const unseen = sampleOf(whole, heldOut);
  const pool = Int32Array.from(others.flatMap((fold) => [...fold]));
  const sizes = sizesUpTo(pool.length, regressor.minimumRows(whole.features.columns));
  const points: CurvePoint[] = [];
  const total = sizes.length * subsets;
  for (const [place, size] of sizes.entries()) {
    // All runs together make only one subset.
    const count = size === pool.length ? 1 : Math.max(1, Math.min(subsets, maxRowsFitted / size));
    const rhos: number[] = [];
    for (let subset = 0; subset < count; subset++) {
      yield { done: place * subsets + subset, total, unit: 'fits' };
      const places = pickRows(pool.length, size, options.seed + 1 + subset);
      const picked = places.map((at) => pool[at]);
      const rho = yield* rhoOf(regressor, sampleOf(whole, picked), unseen, options);
      if (Number.isFinite(rho)) rhos.push(rho);
    }
    if (rhos.length === 0) continue;
    const mean = rhos.reduce((sum, rho) => sum + rho / rhos.length, 0);
    points.push({ n: size, mean, low: Math.min(...rhos), high: Math.max(...rhos) });
  }
  return { points, answer: answerFrom(points) };
}

function* rhoOf(
  regressor: Regressor,
  sample: Sample,
  unseen: Sample,
  options: FitOptions,
): Job<number> {
  if (sample.values.every((value) => value === sample.values[0])) return Number.NaN;
  const model = yield* regressor.fit(sample, options);
  return spearman(yield* predictModel(model, unseen.features), unseen.values);
}

/** Doublings from 16, or from the minimum that can be fitted, and the total. */
function sizesUpTo(max: number, min: number): number[] {
  const sizes: number[] = [];
  for (let size = minSize; size < 0.9 * max; size *= 2) if (size >= min) sizes.push(size);
  if (max >= min) sizes.push(max);
  return sizes;
}

/** Compares the gain of the last doubling with the variation between subsets. */
function answerFrom(points: readonly CurvePoint[]): string {
  const last = points.at(-1);
  const before = points.findLast(({ n }) => last && n <= 0.7 * last.n);
  if (!last || !before) return 'There are too few runs to tell whether more would help.';
  const gain = last.mean - before.mean;
  const spread = before.high - before.low;
  const doubling = gain / Math.log2(last.n / before.n);
  const what = `From ${before.n} to ${last.n} proxies rho went from ${formatNumber(before.mean, 3)} to ${formatNumber(last.mean, 3)}`;
  if (doubling > 0.01) return `${what}: more proxies would still help clearly.`;
  if (doubling > 0.003 || doubling > spread) return `${what}: more proxies would help a little.`;
  return `${what}, no more than the luck of which proxies were drawn (${formatNumber(spread, 3)}): more of the same would change little.`;
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
  const random = mersenne((options.seed + 1) | 0);
  const models: RowModel[] = [];
  for (let replicate = 0; replicate < count; replicate++) {
    yield { done: replicate, total: count, unit: 'refits' };
    const rows = Int32Array.from({ length: n }, () => ((random.next() >>> 0) / 4294967296) * n);
    const drawn = sampleOf(sample, rows);
    models.push(
      regressor.refit
        ? yield* regressor.refit(drawn, model, options)
        : yield* regressor.fit(drawn, options),
    );
  }
  return models;
}

/**
 * Refits to simulated values: what the model predicts for the rows, plus residuals of its own drawn with
 * replacement (the bootstrap of residuals of Efron and Tibshirani 1993, section 9.4). Residuals of rows that
 * the fit has seen are of the noise's size; those of unseen rows hold the fit's own error, too, which few
 * runs make several times as large. With equal seeds samples of equally many rows draw the same rows.
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
  const mean = values.reduce((sum, value, row) => sum + (value - predicted[row]) / n, 0);
  const residuals = values.map((value, row) => value - predicted[row] - mean);
  const random = mersenne((options.seed + 1) | 0);
  const models: RowModel[] = [];
  for (let replicate = 0; replicate < count; replicate++) {
    yield { done: replicate, total: count, unit: 'refits' };
    const simulated = predicted.map(
      (value) => value + residuals[Math.floor(((random.next() >>> 0) / 4294967296) * n)],
    );
    const drawn = { features, values: simulated };
    models.push(
      regressor.refit
        ? yield* regressor.refit(drawn, model, options)
        : yield* regressor.fit(drawn, options),
    );
  }
  return models;
}
