/** Fits of the laws, and the laws as regressors. */
import type { Job } from '../../model/job';
import { type Matrix, zeros } from '../../model/matrix';
import { createRandomStream } from '../../model/random';
import type {
  ExponentialModel,
  FitOptions,
  LawModel,
  PowersModel,
  PredictionRange,
  Regressor,
  RegressorId,
  RowModel,
  Sample,
} from '../../model/regressor';
import { robustDeviation, standardDeviation } from '../../model/statistics';
import { regressorInfo } from '../catalogue';
import { predictModel } from '../predict';
import { pickRows, sampleOf } from '../sample';
import {
  autoscaleCurve,
  autoscaleModelOf,
  autoscaleParametersOf,
  bimixCurve,
  bimixModelOf,
  bimixParametersOf,
  effectiveDataCurve,
  exponentialCurve,
  exponentialModelOf,
  exponentialParametersOf,
  lawModelOf,
  lawParametersOf,
} from './laws';
import {
  type Curve,
  type CurveOf,
  fitCurve,
  leaveOneOutCurve,
  leveragesOf,
  type ScaledValues,
  scaleValues,
} from './least-squares';

/**
 * The prior counts as one run at the noise that the fit leaves, but never as less than this share of the
 * values' spread: 0.18 was best of 0.09 to 0.25 by cross-validation on the published training runs.
 */
const minPenalty = 0.18;
/**
 * Beside the runs stands a pseudo-run of every domain alone, at the mean of the runs, give or take this many
 * of their spreads. Where runs are few or weak it bounds what the law says of mixtures far from them.
 */
const vertexSpreads = 3;
/** Runs farther from the fit than this many robust standard deviations weigh less (Huber 1964). */
const huberDeviations = 6;
/** Rounds of fitting and weighing; most fits settle in two or three. */
const maxRounds = 6;
/** Relative change of the penalty, and change of a weight, below which weighing has settled. */
const settled = { penalty: 0.03, weight: 0.02 };
/** Random starts beside the prior mean: from a single start a few fits in a hundred end in a poor optimum. */
const randomStarts = 2;
/** How far from the prior mean random starts lie, in prior standard deviations. */
const startSpread = 0.5;
/** Multiplications that one step may take, about a tenth of a second: bounds the rows of a fit. */
const maxWork = 200_000_000;
const maxRows = 20_000;

/** A family of laws: its curve, and the way between parameters and the model in the target's unit. */
interface Family<Law> {
  readonly curve: CurveOf;
  model(parameters: Float64Array, scaled: ScaledValues): Law;
  parameters(model: Law, scaled: ScaledValues): Float64Array;
}

/** A law as the regressors use it. */
interface LawFit<Law> {
  fit(sample: Sample, options: FitOptions): Job<Fitted<Law>>;
  refit(sample: Sample, model: Law, options: FitOptions): Job<Fitted<Law>>;
  leaveOneOut(sample: Sample, model: Law, options: FitOptions): Job<Float64Array>;
}

interface Fitted<Law> {
  readonly law: Law;
  /** How many parameters the runs determine; the prior has the rest. */
  readonly effective: number;
}

/** The effective-data law. A step of its fit grows as N (2 D + 3)^2. */
export const effectiveData = lawFit<LawModel>({
  curve: effectiveDataCurve,
  model: lawModelOf,
  parameters: lawParametersOf,
});

/** Data Mixing Laws' exponential law. */
const exponential = lawFit<ExponentialModel>({
  curve: exponentialCurve,
  model: exponentialModelOf,
  parameters: exponentialParametersOf,
});

/** AutoScale's sum of powers. */
const autoscale = lawFit<PowersModel>({
  curve: autoscaleCurve,
  model: autoscaleModelOf,
  parameters: autoscaleParametersOf,
});

/** BiMix's sum of powers. */
const bimix = lawFit<PowersModel>({
  curve: bimixCurve,
  model: bimixModelOf,
  parameters: bimixParametersOf,
});

function lawFit<Law extends LawModel | ExponentialModel | PowersModel>(
  family: Family<Law>,
): LawFit<Law> {
  /** Starts from a law in hand, or from the prior. */
  function* search(whole: Sample, options: FitOptions, model: Law | null): Job<Fitted<Law>> {
    const sample = boundedSample(whole, options.seed);
    const problem = boundedProblem(family, sample, options);
    const { curve, scaled, spread } = problem;
    let weighing: Weighing = { penalty: spread, weights: problem.weightsOf(null, 0, spread) };
    let parameters = model ? family.parameters(model, scaled) : curve.priorMean;
    let starts = model ? [parameters] : [parameters, ...drawStarts(curve, options.seed)];
    if (model) weighing = (yield* problem.weigh(parameters, weighing)).weighing;
    let effective = 0;
    for (let round = 0; round < maxRounds; round++) {
      const { penalty, weights } = weighing;
      const target = problem.values.map((value, row) => value * weights[row]);
      const weighted = withWeights(curve, weights);
      ({ parameters } = yield* fitCurve(weighted, target, penalty, starts));
      starts = [parameters];
      const next = yield* problem.weigh(parameters, weighing);
      effective = next.effective;
      if (isSettled(weighing, next.weighing)) break;
      weighing = next.weighing;
    }
    return { law: family.model(parameters, scaled), effective };
  }

  return {
    fit: (sample, options) => search(sample, options, null),
    refit: (sample, model, options) => search(sample, options, model),

    *leaveOneOut(whole, model, options) {
      const rows = boundedRows(whole.features, options.seed);
      const out = yield* predictModel(model, whole.features);
      const sample = rows ? sampleOf(whole, rows) : whole;
      const problem = boundedProblem(family, sample, options);
      const { curve, scaled, spread } = problem;
      const parameters = family.parameters(model, scaled);
      const start = { penalty: spread, weights: problem.weightsOf(null, 0, spread) };
      const { weighing } = yield* problem.weigh(parameters, start);
      const { penalty, weights } = (yield* problem.weigh(parameters, weighing)).weighing;
      const target = problem.values.map((value, row) => value * weights[row]);
      const weighted = withWeights(curve, weights);
      const left = yield* leaveOneOutCurve(weighted, target, penalty, parameters);
      const { sign, shift, unit } = scaled;
      for (let place = 0; place < sample.values.length; place++) {
        const value = shift + (sign * unit * left[place]) / weights[place];
        out[rows ? rows[place] : place] = value;
      }
      return out;
    },
  };
}

/** How much the prior and each row count in a fit. */
interface Weighing {
  readonly penalty: number;
  /** N runs, then D pseudo-runs, > 0: residuals are multiplied by them. */
  readonly weights: Float64Array;
}

function isSettled(before: Weighing, after: Weighing): boolean {
  return (
    Math.abs(after.penalty - before.penalty) < settled.penalty * before.penalty &&
    after.weights.every((weight, row) => Math.abs(weight - before.weights[row]) < settled.weight)
  );
}

/** Curve and values of the runs and, below them, of the pseudo-runs. */
interface BoundedProblem {
  readonly curve: Curve;
  readonly scaled: ScaledValues;
  /** N + D, scaled. */
  readonly values: Float64Array;
  /** Standard deviation of the scaled values of the runs, > 0. */
  readonly spread: number;
  /** @param residuals N + D, scaled; null = none yet: no run weighs less than another */
  weightsOf(residuals: Float64Array | null, effective: number, penalty: number): Float64Array;
  /** The weights and the penalty that the residuals at these parameters ask for. */
  weigh(
    parameters: Float64Array,
    before: Weighing,
  ): Job<{ readonly weighing: Weighing; readonly effective: number }>;
}

function boundedProblem<Law>(
  family: Family<Law>,
  { features, values }: Sample,
  { direction }: FitOptions,
): BoundedProblem {
  const n = values.length;
  const domains = features.columns;
  const scaled = scaleValues(values, direction);
  const spread = standardDeviation(scaled.values) || 0.5;
  const mean = scaled.values.reduce((sum, value) => sum + value / n, 0);
  const rows = { rows: n + domains, columns: domains, values: zeros(n + domains, domains).values };
  rows.values.set(features.values);
  for (let domain = 0; domain < domains; domain++) rows.values[(n + domain) * domains + domain] = 1;
  const all = new Float64Array(n + domains).fill(mean);
  all.set(scaled.values);
  const curve = family.curve(rows, scaled);

  function weightsOf(
    residuals: Float64Array | null,
    effective: number,
    penalty: number,
  ): Float64Array {
    const weights = new Float64Array(n + domains).fill(1);
    weights.fill(penalty / (vertexSpreads * spread), n);
    if (!residuals) return weights;
    const sizes = residuals.subarray(0, n).map(Math.abs);
    const shrinkage = Math.sqrt(n / Math.max(1, n - effective));
    const bound = huberDeviations * robustDeviation(sizes, 0) * shrinkage;
    if (bound > 0)
      sizes.forEach((size, row) => {
        if (size > bound) weights[row] = Math.sqrt(bound / size);
      });
    return weights;
  }

  return {
    curve,
    scaled,
    values: all,
    spread,
    weightsOf,
    *weigh(parameters, { penalty, weights }) {
      const predicted = new Float64Array(n + domains);
      curve.fill(parameters, predicted, null);
      const residuals = all.map((value, row) => value - predicted[row]);
      const target = all.map((value, row) => value * weights[row]);
      const leverages = yield* leveragesOf(
        withWeights(curve, weights),
        target,
        penalty,
        parameters,
      );
      let effective = 0;
      let squares = 0;
      for (let row = 0; row < n; row++) {
        effective += leverages[row];
        squares += (weights[row] * residuals[row]) ** 2;
      }
      const noise = Math.sqrt(squares / Math.max(1, n - effective));
      const next = Math.min(spread, Math.max(minPenalty * spread, noise));
      return {
        weighing: { penalty: next, weights: weightsOf(residuals, effective, next) },
        effective,
      };
    },
  };
}

/** The curve whose rows are multiplied by weights. */
function withWeights(curve: Curve, weights: Float64Array): Curve {
  const count = curve.priorMean.length;
  return {
    ...curve,
    fill(parameters, values, jacobian) {
      curve.fill(parameters, values, jacobian);
      for (let row = 0; row < weights.length; row++) {
        const weight = weights[row];
        if (weight === 1) continue;
        values[row] *= weight;
        if (!jacobian) continue;
        for (let at = row * count; at < (row + 1) * count; at++) jacobian[at] *= weight;
      }
    },
  };
}

function drawStarts({ priorMean, priorSd }: Curve, seed: number): Float64Array[] {
  const random = createRandomStream(seed);
  return Array.from({ length: randomStarts }, () =>
    priorMean.map((mean, index) => mean + startSpread * priorSd[index] * random.normal()),
  );
}

function boundedSample(sample: Sample, seed: number): Sample {
  const rows = boundedRows(sample.features, seed);
  return rows ? sampleOf(sample, rows) : sample;
}

/** A seeded subset of the rows of a table that is too large to fit completely; null otherwise. */
function boundedRows({ rows, columns }: Matrix, seed: number): Int32Array | null {
  const parameters = 2 * columns + 3;
  const most = Math.max(
    4 * parameters,
    Math.min(maxRows, Math.floor(maxWork / (parameters * parameters))),
  );
  return rows <= most ? null : pickRows(rows, most, seed);
}

/** Predictions of the effective-data law alone end one spread beyond the runs: see {@link rangeOf}. */
function inRange<Law extends RowModel>(law: Law, { values }: Sample): Law {
  return law.kind === 'law' ? { ...law, range: rangeOf(values) } : law;
}

/**
 * What a model may predict: a spread beyond the runs on either side, bent from half a spread on.
 *
 * @param values measured values of the runs, at least one
 */
export function rangeOf(values: Float64Array): PredictionRange {
  const spread = standardDeviation(values);
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return { low: low - spread, high: high + spread, slack: spread / 2 };
}

/** A law as a regressor; passing a model of another kind is a defect of the caller. */
function regressorOf<Law extends RowModel>(
  id: RegressorId,
  kind: Law['kind'],
  law: LawFit<Law>,
): Regressor {
  function isLaw(model: RowModel): model is Law {
    return model.kind === kind;
  }
  function checked(model: RowModel): Law {
    if (!isLaw(model)) throw new RangeError(`${id} was handed a model of kind ${model.kind}`);
    return model;
  }
  return {
    ...regressorInfo(id),
    *fit(sample, options) {
      return inRange((yield* law.fit(sample, options)).law, sample);
    },
    *refit(sample, model, options) {
      return inRange((yield* law.refit(sample, checked(model), options)).law, sample);
    },
    leaveOneOut: (sample, model, options) => law.leaveOneOut(sample, checked(model), options),
  };
}

/** The effective-data law, and laws that other teams have published, as olmix fits them. */
export const lawRegressors: readonly Regressor[] = [
  regressorOf('law', 'law', effectiveData),
  regressorOf('mixing-law', 'exponential', exponential),
  regressorOf('autoscale', 'powers', autoscale),
  regressorOf('bimix', 'powers', bimix),
];
