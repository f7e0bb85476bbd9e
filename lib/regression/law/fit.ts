/** Fits of the laws, and the laws as regressors. */
import type { Job } from '../../model/job';
import type { Matrix } from '../../model/matrix';
import { createRandomStream } from '../../model/random';
import type {
  ExponentialModel,
  FitOptions,
  LawModel,
  PowersModel,
  Regressor,
  RegressorId,
  RowModel,
  Sample,
} from '../../model/regressor';
import { standardDeviation } from '../../model/statistics';
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
  type ScaledValues,
  scaleValues,
} from './least-squares';

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

/** A seeded subset of the rows of a table that is too large to fit completely; null otherwise. */
function boundedRows({ rows, columns }: Matrix, seed: number): Int32Array | null {
  const parameters = 2 * columns + 3;
  const most = Math.max(
    4 * parameters,
    Math.min(maxRows, Math.floor(maxWork / (parameters * parameters))),
  );
  return rows <= most ? null : pickRows(rows, most, seed);
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
    fit: (sample, options) => law.fit(sample, options),
    refit: (sample, model, options) => law.refit(sample, checked(model), options),
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
