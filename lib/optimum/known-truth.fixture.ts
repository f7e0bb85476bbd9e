/** Truths that are known: surrogates of the published runs, whose values are drawn again with noise. */
import { runJob } from '../model/job';
import type { Bounds } from '../model/limits';
import { columnOf, type Matrix, selectRows } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Direction, Sample, SmoothModel } from '../model/regressor';
import { standardDeviation } from '../model/statistics';
import { fitGaussianProcess } from '../regression/gp/fit';
import { effectiveDataCurve, lawModelOf } from '../regression/law/laws';
import { fitCurve, scaleValues } from '../regression/law/least-squares';
import { predictModel } from '../regression/predict';
import type { PublishedRuns } from '../regression/published.fixture';
import { pickRows } from '../regression/sample';

/** A law with a process on its residuals, or a process alone: neither is of the default's form. */
export type TruthKind = 'law+gp' | 'gp';

/** One target of the published runs with a truth fitted to all of its 768 runs. */
export interface KnownTruth {
  readonly model: SmoothModel;
  /** 768 x D. */
  readonly mixtures: Matrix;
  /** Draws the values of n of the 512 training runs anew; the same seed draws the same. */
  sample(n: number, seed: number): Sample;
}

/** @param target a place among the targets of the runs */
export function knownTruth(
  { training, test }: PublishedRuns,
  target: number,
  kind: TruthKind,
): KnownTruth {
  const [a, b] = [training, test];
  const mixtures: Matrix = {
    rows: a.mixtures.rows + b.mixtures.rows,
    columns: a.mixtures.columns,
    values: Float64Array.of(...a.mixtures.values, ...b.mixtures.values),
  };
  const values = Float64Array.of(...columnOf(a.losses, target), ...columnOf(b.losses, target));
  const whole: Sample = { features: mixtures, values };
  const process = runJob(fitGaussianProcess(whole, { seed: 1 }));
  const model = kind === 'gp' ? process : lawAndProcess(whole);
  const clean = runJob(predictModel(model, mixtures));
  const noise = Math.sqrt(process.noise);
  return {
    model,
    mixtures,
    sample(n, seed) {
      const rows = pickRows(a.mixtures.rows, n, 100 * target + seed);
      const random = createRandomStream(1000 * target + seed + n);
      const noisy = clean.map((value) => value + noise * random.normal());
      return {
        features: selectRows(mixtures, rows),
        values: Float64Array.from(rows, (row) => noisy[row]),
      };
    },
  };
}

/** A plain fit of the law, without what the default does to bound it, and a process on what it leaves. */
function lawAndProcess({ features, values }: Sample, direction: Direction = 'lower'): SmoothModel {
  const scaled = scaleValues(values, direction);
  const curve = effectiveDataCurve(features, scaled);
  const penalty = 0.18 * standardDeviation(scaled.values);
  const random = createRandomStream(1);
  // From one start two of the thirteen targets end in a poor optimum.
  const starts = [
    curve.priorMean,
    ...[1, 2].map(() =>
      curve.priorMean.map((mean, place) => mean + 0.5 * curve.priorSd[place] * random.normal()),
    ),
  ];
  const { parameters } = runJob(fitCurve(curve, scaled.values, penalty, starts));
  const law = lawModelOf(parameters, scaled);
  const byLaw = runJob(predictModel(law, features));
  const left = values.map((value, row) => value - byLaw[row]);
  const process = runJob(fitGaussianProcess({ features, values: left }, { seed: 1 }));
  return { kind: 'sum', weights: [1, 1], models: [law, process] };
}

/** Caps of so many times the prior. */
export function capsOf(prior: Float64Array, times: number): Bounds {
  return {
    lower: new Float64Array(prior.length),
    upper: prior.map((share) => Math.min(1, times * share)),
    source: Array.from(prior, () => 'max' as const),
  };
}
