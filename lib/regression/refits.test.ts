import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Regressor, RowModel, Sample } from '../model/regressor';
import { predictRow } from './predict';
import { simulatedRefits } from './refits';
import { findRegressor } from './regressors';

const features = runJob(sampleDirichlet(Float64Array.of(1, 1, 1), 40, 3));
const random = createRandomStream(5);
const values = Float64Array.from(
  { length: 40 },
  (_, row) => 3 - rowOf(features, row)[0] + 0.1 * random.normal(),
);
const sample: Sample = { features, values };
const ols = findRegressor('ols');
const options = { seed: 1 };
const model = runJob(ols.fit(sample, options));

/** What every refit was given. */
function drawn(seed: number): Float64Array[] {
  const seen: Float64Array[] = [];
  const watched: Regressor = {
    ...ols,
    // biome-ignore lint/correctness/useYield: nothing of it takes time
    *refit(given): Generator<never, RowModel> {
      seen.push(given.values);
      return model;
    },
  };
  runJob(simulatedRefits(watched, sample, model, { seed }, 3));
  return seen;
}

describe('refits to simulated values', () => {
  it('are given the predictions of the fit with residuals of its own as noise', () => {
    const predicted = values.map((_, row) => predictRow(model, rowOf(features, row)));
    const spread = Math.sqrt(
      values.reduce((sum, value, row) => sum + (value - predicted[row]) ** 2 / values.length, 0),
    );
    for (const given of drawn(1)) {
      const noise = given.map((value, row) => value - predicted[row]);
      const sd = Math.sqrt(noise.reduce((sum, one) => sum + one ** 2 / noise.length, 0));
      expect(sd / spread).toBeGreaterThan(0.6);
      expect(sd / spread).toBeLessThan(1.5);
    }
  });

  it('have noise without a trend where the fit is drawn to its mean', () => {
    const predicted = values.map((_, row) => predictRow(model, rowOf(features, row)));
    const centre = predicted.reduce((sum, value) => sum + value / predicted.length, 0);
    // What the fit holds back: half of each difference to the mean.
    const steep = predicted.map((value) => value + 0.5 * (value - centre));
    let trend = 0;
    let all = 0;
    const watched: Regressor = {
      ...ols,
      *refit(given): Generator<never, RowModel> {
        given.values.forEach((value, row) => {
          trend += (value - predicted[row]) * (predicted[row] - centre);
          all += (predicted[row] - centre) ** 2;
        });
        return model;
      },
    };
    runJob(simulatedRefits(watched, { features, values: steep }, model, { seed: 1 }, 200));
    // Drawn as they are, residuals would put most of it back: a slope near 0.5.
    expect(trend / all).toBeLessThan(0.2);
    expect(trend / all).toBeGreaterThan(-0.2);
  });

  it('have the noise of runs that are predicted alike', () => {
    const random = createRandomStream(8);
    const order = Array.from(values.keys());
    const predicted = values.map((_, row) => predictRow(model, rowOf(features, row)));
    const middle = [...predicted].sort((a, b) => a - b)[predicted.length >> 1];
    const noisy = predicted.map((value) => value + (value > middle ? 5 : 0.01) * random.normal());
    const watched: Regressor = {
      ...ols,
      *refit(given): Generator<never, RowModel> {
        const quiet = order.filter((row) => predicted[row] < middle - 0.1);
        expect(quiet.length).toBeGreaterThan(3);
        quietest = quiet.map((row) => Math.abs(given.values[row] - predicted[row]));
        return model;
      },
    };
    let quietest: number[] = [];
    runJob(simulatedRefits(watched, { features, values: noisy }, model, { seed: 1 }, 1));
    quietest.sort((a, b) => a - b);
    // Without regard to the prediction half of them would have noise of 5.
    expect(quietest[quietest.length >> 2]).toBeLessThan(1);
  });

  it('are the same for the same seed, and differ from each other', () => {
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    const [first, second] = drawn(1);
    expect(first).not.toEqual(second);
  });

  it('scatter round the fit by the standard error of least squares', () => {
    const at = Float64Array.of(1, 0, 0);
    const refits = runJob(simulatedRefits(ols, sample, model, options, 400));
    const told = refits.map((refit) => predictRow(refit, at));
    const mean = told.reduce((sum, value) => sum + value / told.length, 0);
    const sd = Math.sqrt(told.reduce((sum, value) => sum + (value - mean) ** 2 / told.length, 0));
    // The leverage of a vertex of the triangle that a uniform Dirichlet fills: 1 / n plus
    // d' S^-1 d / n with d the way from its centre and S the covariance, 8 for the uniform Dirichlet.
    const error = 0.1 * Math.sqrt(9 / 40);
    expect(mean).toBeCloseTo(predictRow(model, at), 1);
    expect(sd / error).toBeGreaterThan(0.6);
    expect(sd / error).toBeLessThan(1.5);
  });
});
