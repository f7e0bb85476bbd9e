import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { type Matrix, zeros } from '../model/matrix';
import type { Model } from '../model/regressor';
import { predictModel } from '../regression/predict';
import { openPredictor } from './predictor';
import type { OnnxRuntime } from './runtime';

/** The difference between an ONNX file and our model on the same mixtures. */
export interface Agreement {
  /** Mixtures compared. */
  readonly mixtures: number;
  /** Largest |difference|, in the target's unit; both were given weights rounded to float32. */
  readonly largest: number;
  /** The same as a share of the prediction, or of the mean |prediction| where that is larger. */
  readonly relative: number;
  /** Mixtures on which rounding the weights to float32 alone moves our own prediction by more than {@link agreed}. */
  readonly rounded: number;
}

/** Relative difference up to which two predictions count as the same. */
export const agreed = 1e-5;
const compared = 10_000;

/**
 * Compares a file with a model on 10,000 mixtures: half drawn round the prior, half over the whole simplex.
 *
 * @param prior D weights of which none is negative
 */
export async function compareWithRuntime(
  runtime: OnnxRuntime,
  file: Uint8Array,
  model: Model,
  prior: Float64Array,
  seed: number,
): Promise<Agreement> {
  const exact = drawMixtures(prior, seed);
  const columns = Array.from(prior.keys());
  const predictor = await openPredictor(runtime, { bytes: Uint8Array.from(file), columns });
  const theirs = await predictor.predict(exact).finally(() => predictor.close());
  const rounded32 = { ...exact, values: Float64Array.from(exact.values, Math.fround) };
  const ours = runJob(predictModel(model, rounded32));
  const unrounded = runJob(predictModel(model, exact));
  let mean = 0;
  for (const value of ours) mean += Math.abs(value) / ours.length;
  let largest = 0;
  let relative = 0;
  let rounded = 0;
  for (let row = 0; row < ours.length; row++) {
    const size = Math.max(Math.abs(ours[row]), mean, Number.MIN_VALUE);
    const difference = Math.abs(theirs[row] - ours[row]);
    largest = Math.max(largest, difference);
    relative = Math.max(relative, difference / size);
    if (Math.abs(unrounded[row] - ours[row]) / size > agreed) rounded++;
  }
  return { mixtures: exact.rows, largest, relative, rounded };
}

/** 10,000 mixtures: half drawn round the prior, half over the whole simplex. */
export function drawMixtures(prior: Float64Array, seed: number): Matrix {
  const half = compared / 2;
  const domains = prior.length;
  const likely = prior.map((weight) => Math.max(weight, 1 / (100 * domains)));
  const near = runJob(sampleDirichlet(likely, half, seed));
  const wide = runJob(sampleDirichlet(new Float64Array(domains).fill(1), half, seed + 1));
  const all = zeros(compared, domains);
  all.values.set(near.values);
  all.values.set(wide.values, near.values.length);
  return all;
}
