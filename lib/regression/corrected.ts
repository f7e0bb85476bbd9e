/**
 * The default regressor: the effective-data law, corrected by Gaussian processes on what it misses.
 *
 * The optimum lies at the edge of what was sampled. There a process returns to its mean, and a law that is
 * right on average is wrong in detail. So the processes are fitted to the logarithm of how much of the
 * reducible loss the law misses: near the runs they correct it, far from them the law remains. What both say
 * is shrunk to the mean of the runs by as much as fits to other runs prove wrong, so that runs that tell
 * little are told of as little. Constants were chosen on training rows of the published runs alone.
 */
import { type Job, type Progress, withProgress } from '../model/job';
import type {
  CorrectedLawModel,
  CrossFit,
  FitOptions,
  GaussianProcessModel,
  LawModel,
  Regressor,
  RowModel,
  Sample,
} from '../model/regressor';
import { quantile, robustDeviation, standardDeviation } from '../model/statistics';
import { regressorInfo } from './catalogue';
import {
  fitGaussianProcess,
  type Medians,
  refitGaussianProcess,
  subsetRows,
  usualMedians,
} from './gp/fit';
import { effectiveData, rangeOf } from './law/fit';
import { predictModel } from './predict';
import { complementOf, sampleOf, splitMixtures } from './sample';

/** Spreads that the asymptote lies beyond the best run, at least: the logarithm stays tame. */
const asymptoteSpreads = 0.5;
/** Corrections farther from their median than this many robust standard deviations are brought back. */
const huberDeviations = 6;
/** What the law leaves is mostly noise until the runs show otherwise. */
const medians: Medians = { signal: 1, linear: 0.1, noise: 0.5 };
/** From so many runs on the search starts at little noise: from the prior it may end explaining too little. */
const manyRuns = 128;
/** A slope is trusted as far as it exceeds this many of its own standard errors. */
const trustedErrors = 2;

/** The law and its correction, before shrinking. */
interface Core {
  readonly law: LawModel;
  readonly processes: readonly GaussianProcessModel[];
  readonly asymptote: number;
}

/** The law, corrected by Gaussian processes and shrunk to the mean. */
export const correctedLaw: Regressor = {
  ...regressorInfo('law+gp'),
  *fit(sample, options) {
    return (yield* crossFit(sample, options)).model;
  },
  crossFit,
  // Shrinking keeps the order, and it alone needs the folds.
  *fitRanks(sample, options) {
    return unshrunk(yield* fitCore(sample, options, null), sample.values);
  },
  *refit(sample, model, options) {
    const before = asCorrected(model);
    return {
      ...before,
      ...(yield* fitCore(sample, options, before)),
      centre: meanOf(sample.values),
    };
  },
};

function* crossFit(sample: Sample, options: FitOptions): Job<CrossFit> {
  const { features, values } = sample;
  const n = values.length;
  // Hyperparameters of many runs hardly change with a fifth of them; those of few are found anew.
  const count = n < manyRuns ? 10 : 5;
  const folds = yield* splitMixtures(features, count, options.seed);
  const total = folds.length + (n < manyRuns ? 1 : 3);
  const step = (done: number) => (): Progress => ({ done, total, unit: 'fits' });
  const core = yield* withProgress(fitCore(sample, options, null), step(0));
  const range = rangeOf(values);
  const guesses: Guesses = {
    predicted: new Float64Array(n),
    centres: new Float64Array(n),
    foldOf: new Int32Array(n),
  };
  for (const [fold, rows] of folds.entries()) {
    const rest = sampleOf(sample, complementOf(rows, n));
    const part = yield* withProgress(
      fitCore(rest, options, n < manyRuns ? null : core),
      step(total - folds.length + fold),
    );
    const plain = unshrunk(part, rest.values);
    const predicted = yield* predictModel(plain, sampleOf(sample, rows).features);
    rows.forEach((row, place) => {
      guesses.predicted[row] = predicted[place];
      guesses.centres[row] = plain.centre;
      guesses.foldOf[row] = fold;
    });
  }
  const share = shareOf(guesses, values, null);
  // No fold is judged by a share that it alone raised, nor by one that the model itself does not have.
  const shares = folds.map((_, fold) => Math.min(share, shareOf(guesses, values, fold)));
  const outOfFold = values.map((_, row) => {
    const centre = guesses.centres[row];
    return centre + shares[guesses.foldOf[row]] * (guesses.predicted[row] - centre);
  });
  const model: CorrectedLawModel = {
    kind: 'corrected',
    ...core,
    centre: meanOf(values),
    share,
    range,
  };
  return { model, outOfFold };
}

/** What fits without a row say about it. */
interface Guesses {
  /** N. */
  readonly predicted: Float64Array;
  /** N: mean of the runs that were fitted. */
  readonly centres: Float64Array;
  readonly foldOf: Int32Array;
}

/**
 * How much of the predicted difference to the mean holds: the slope b of measured on predicted differences,
 * at most 1, times (1 - 4 / t^2)+ with t = b / its standard error (the positive-part rule of James and Stein
 * 1961, so that a slope that may be luck counts for nothing).
 *
 * @param without a fold whose rows are left out
 * @returns 0..1
 */
function shareOf(
  { predicted, centres, foldOf }: Guesses,
  values: Float64Array,
  without: number | null,
): number {
  let products = 0;
  let squares = 0;
  let total = 0;
  let n = 0;
  for (let row = 0; row < values.length; row++) {
    if (foldOf[row] === without) continue;
    const guess = predicted[row] - centres[row];
    const measured = values[row] - centres[row];
    products += guess * measured;
    squares += guess * guess;
    total += measured * measured;
    n++;
  }
  if (!(squares > 0) || !(products > 0)) return 0;
  const slope = products / squares;
  const variance = Math.max(0, total - slope * products) / Math.max(1, n - 1) / squares;
  const doubt = (trustedErrors * trustedErrors * variance) / (slope * slope);
  return Math.min(1, slope) * Math.max(0, 1 - doubt);
}

/** A law and processes on what it misses, by a search or from those in hand. */
function* fitCore(sample: Sample, options: FitOptions, before: Core | null): Job<Core> {
  const { features, values } = sample;
  const n = values.length;
  const { law, effective } = before
    ? yield* effectiveData.refit(sample, before.law, options)
    : yield* effectiveData.fit(sample, options);
  const { sign } = law;
  const best = values.reduce(
    (least, value) => Math.min(least, sign * value),
    Number.POSITIVE_INFINITY,
  );
  const beyond = best - asymptoteSpreads * standardDeviation(values);
  const asymptote = sign * Math.min(sign * law.constant, beyond);
  const byLaw = yield* predictModel(law, features);
  const missed = values.map((value, row) =>
    Math.log((value - asymptote) / (byLaw[row] - asymptote)),
  );
  const corrections = { features, values: broughtBack(missed, effective) };
  const processes: GaussianProcessModel[] = [];
  // Hyperparameters come from a subset of many runs: the mean of two depends less on which.
  const count = before ? before.processes.length : n > subsetRows ? 2 : 1;
  for (let place = 0; place < count; place++) {
    const seeded = { ...options, seed: options.seed + place };
    processes.push(
      before
        ? yield* refitGaussianProcess(corrections, before.processes[place], seeded)
        : yield* fitGaussianProcess(
            corrections,
            seeded,
            medians,
            n < manyRuns ? medians : usualMedians,
          ),
    );
  }
  return { law, processes, asymptote };
}

/** Values with those far from the median moved to the edge of the usual (Huber 1964). */
function broughtBack(values: Float64Array, effective: number): Float64Array {
  const n = values.length;
  const middle = quantile(Float64Array.from(values).sort(), 0.5);
  const bound =
    huberDeviations * robustDeviation(values, middle) * Math.sqrt(n / Math.max(1, n - effective));
  if (!(bound > 0)) return values;
  return values.map((value) => Math.max(middle - bound, Math.min(middle + bound, value)));
}

function unshrunk(core: Core, values: Float64Array): CorrectedLawModel {
  return { kind: 'corrected', ...core, centre: meanOf(values), share: 1, range: rangeOf(values) };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Passing a model of another kind is a defect of the caller. */
function asCorrected(model: RowModel): CorrectedLawModel {
  if (model.kind === 'corrected') return model;
  throw new RangeError(`a corrected law was expected, not ${model.kind}`);
}
