import type { Job } from '../../job';
import type { Matrix } from '../../matrix';
import { createRandomStream } from '../../random/numpy';
import { pickRows } from '../folds';
import { standardDeviation } from '../importance';
import { predictModel } from '../predict';
import { sampleOf } from '../sample';
import type { ExponentialModel, FitOptions, LawModel, PowersModel, Sample } from '../types';
import type { Curve, CurveOf, ScaledValues } from './curve';
import { effectiveDataCurve, lawModelOf, lawParametersOf } from './effective-data';
import { exponentialCurve, exponentialModelOf, exponentialParametersOf } from './exponential';
import { fitCurve, leaveOneOutCurve } from './least-squares';
import {
  autoscaleCurve,
  autoscaleModelOf,
  autoscaleParametersOf,
  bimixCurve,
  bimixModelOf,
  bimixParametersOf,
} from './powers';
import { scaleValues } from './scale';

/**
 * The prior counts as much as this many runs at the noise that is expected (0.06 of the values'
 * spread) times three: 0.18 was best of 0.09 to 0.25 by cross-validation on the published training runs.
 */
const priorWeight = 0.18;
/** Random starts beside the prior mean: from a single start a few fits in a hundred end in a poor optimum. */
const randomStarts = 2;
/** How far from the prior mean random starts lie, in prior standard deviations. */
const startSpread = 0.5;
/** Multiplications that one step may take, about a tenth of a second: bounds the rows of a fit. */
const mostWork = 200_000_000;
const mostRows = 20_000;

/** A family of laws: its curve, and the way between parameters and the model in the target's unit. */
interface Family<Law> {
  readonly curve: CurveOf;
  model(parameters: Float64Array, scaled: ScaledValues): Law;
  parameters(model: Law, scaled: ScaledValues): Float64Array;
}

/** A law as the regressors use it. */
export interface LawFit<Law> {
  fit(sample: Sample, options: FitOptions): Job<Law>;
  refit(sample: Sample, model: Law, options: FitOptions): Job<Law>;
  leaveOneOut(sample: Sample, model: Law, options: FitOptions): Job<Float64Array>;
}

/** The effective-data law. A step of its fit grows as N (2 D + 3)^2. */
export const effectiveData = lawFit<LawModel>({
  curve: effectiveDataCurve,
  model: lawModelOf,
  parameters: lawParametersOf,
});

/** Data Mixing Laws' exponential law. */
export const exponential = lawFit<ExponentialModel>({
  curve: exponentialCurve,
  model: exponentialModelOf,
  parameters: exponentialParametersOf,
});

/** AutoScale's sum of powers. */
export const autoscale = lawFit<PowersModel>({
  curve: autoscaleCurve,
  model: autoscaleModelOf,
  parameters: autoscaleParametersOf,
});

/** BiMix's sum of powers. */
export const bimix = lawFit<PowersModel>({
  curve: bimixCurve,
  model: bimixModelOf,
  parameters: bimixParametersOf,
});

function lawFit<Law extends LawModel | ExponentialModel | PowersModel>(
  family: Family<Law>,
): LawFit<Law> {
  function prepare(sample: Sample, { direction }: FitOptions) {
    const scaled = scaleValues(sample.values, direction);
    const curve = family.curve(sample.features, scaled);
    const penalty = priorWeight * standardDeviation(scaled.values);
    return { scaled, curve, penalty };
  }
  return {
    *fit(whole, options) {
      const sample = boundedSample(whole, options.seed);
      const { scaled, curve, penalty } = prepare(sample, options);
      const starts = [curve.priorMean, ...drawStarts(curve, options.seed)];
      const { parameters } = yield* fitCurve(curve, scaled.values, penalty, starts);
      return family.model(parameters, scaled);
    },
    *refit(whole, model, options) {
      const sample = boundedSample(whole, options.seed);
      const { scaled, curve, penalty } = prepare(sample, options);
      const starts = [family.parameters(model, scaled)];
      const { parameters } = yield* fitCurve(curve, scaled.values, penalty, starts);
      return family.model(parameters, scaled);
    },
    *leaveOneOut(whole, model, options) {
      const rows = boundedRows(whole.features, options.seed);
      const out = yield* predictModel(model, whole.features);
      const sample = rows ? sampleOf(whole, rows) : whole;
      const { scaled, curve, penalty } = prepare(sample, options);
      const parameters = family.parameters(model, scaled);
      const left = yield* leaveOneOutCurve(curve, scaled.values, penalty, parameters);
      const { sign, shift, unit } = scaled;
      left.forEach((value, place) => {
        out[rows ? rows[place] : place] = shift + sign * unit * value;
      });
      return out;
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

/** A seeded part of the rows of a table that is too large to fit as a whole; null when it is not. */
function boundedRows({ rows, columns }: Matrix, seed: number): Int32Array | null {
  const parameters = 2 * columns + 3;
  const most = Math.max(
    4 * parameters,
    Math.min(mostRows, Math.floor(mostWork / (parameters * parameters))),
  );
  return rows <= most ? null : pickRows(rows, most, seed);
}
