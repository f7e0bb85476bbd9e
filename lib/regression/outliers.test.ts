import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { rowOf, selectRows } from '../model/matrix';
import type { Sample } from '../model/regressor';
import { spearman } from '../model/statistics';
import { assess } from './assess';
import { farRuns, outliersOf, suspectsOf } from './outliers';
import { predictModel } from './predict';
import { findRegimes } from './regimes';
import { syntheticSample } from './synthetic.fixture';

const target = { name: 'Loss' };
const level = { centre: 0, spread: 1, slope: 0 };
const rows = 64;
const all = syntheticSample(264, 8, { seed: 3, noise: 0.01 });
const from = (sample: Sample, first: number, end: number): Sample => ({
  features: selectRows(
    sample.features,
    Int32Array.from({ length: end - first }, (_, place) => first + place),
  ),
  values: sample.values.slice(first, end),
});
const clean = from(all, 0, rows);
const unseen = from(all, rows, 264);

function fitWith(added: number) {
  const values = Float64Array.from(clean.values);
  values[7] += added;
  const options = { seed: 1, direction: 'lower' } as const;
  const training = { ...clean, values };
  const fit = runJob(assess({ regressor: 'law+gp', target: 'loss', training, tests: [], options }));
  return { fit, values };
}

describe('one diverged run among 64', () => {
  const usual = runJob(predictModel(fitWith(0).fit.model, unseen.features));
  test.each([20, 1])('of a loss %s too high is named and hardly moves the fit', (added) => {
    const { fit, values } = fitWith(added);
    const ids = Array.from(values, (_, row) => `${row}`);
    const named = farRuns({ ids }, target, values, fit);
    expect(named.map(({ id }) => id)).toEqual(['7']);
    expect(named[0].text).toMatch(/^Run 7: Loss/);
    const predicted = runJob(predictModel(fit.model, unseen.features));
    expect(spearman(predicted, unseen.values)).toBeGreaterThanOrEqual(0.98);
    expect(spearman(predicted, usual)).toBeGreaterThanOrEqual(0.99);
    if (fit.outliers.length > 0) {
      expect(fit.crossValidation.n).toBe(rows - 1);
      expect(Number.isFinite(fit.outOfFold[7])).toBe(true);
    }
  });

  test('is beyond five interquartile ranges; none of the others is named', () => {
    expect(fitWith(20).fit.outliers).toEqual([7]);
    const { fit } = fitWith(0);
    expect([fit.outliers, fit.suspects]).toEqual([[], []]);
  });
});

test('what is far by its value is so only while it is rare', () => {
  const values = (far: number) =>
    Float64Array.from({ length: 40 }, (_, row) => (row < far ? 50 : row / 10));
  expect(outliersOf(values(3), 'lower')).toEqual([0, 1, 2]);
  expect(outliersOf(values(4), 'lower')).toEqual([]);
  expect(outliersOf(values(1).slice(0, 7), 'lower')).toEqual([]);
});

test('what is far better than the rest is fitted: it is what is sought', () => {
  const scores = Float64Array.from({ length: 40 }, (_, row) => (row < 2 ? 50 : row / 10));
  expect(outliersOf(scores, 'higher')).toEqual([]);
  expect(
    outliersOf(
      scores.map((score) => -score),
      'lower',
    ),
  ).toEqual([]);
  expect(
    outliersOf(
      scores.map((score) => -score),
      'higher',
    ),
  ).toEqual([0, 1]);
  expect(outliersOf(scores, null)).toEqual([0, 1]);
});

test('what is far from its prediction must stand apart from all others', () => {
  const predicted = new Float64Array(40);
  const values = Float64Array.from({ length: 40 }, (_, row) => ((row % 7) - 3) / 10);
  expect(suspectsOf(values, predicted, level)).toEqual([]);
  const far = (...places: readonly (readonly [number, number])[]) => {
    const changed = Float64Array.from(values);
    for (const [row, value] of places) changed[row] = value;
    return suspectsOf(changed, predicted, level);
  };
  expect(far([5, 4])).toEqual([5]);
  // A long tail: each a little further than the next.
  expect(far([1, 1], [2, 1.4], [3, 2], [4, 2.8], [5, 4])).toEqual([]);
  expect(suspectsOf(values.slice(0, 15).fill(9, 0, 1), predicted.slice(0, 15), level)).toEqual([]);
});

describe('two regimes', () => {
  /** Losses that jump by `jump` where a mixture has nothing of the third domain. */
  function jumping(jump: number, isWithout: (row: number) => boolean) {
    const features = { ...clean.features, values: Float64Array.from(clean.features.values) };
    const values = Float64Array.from(clean.values);
    for (let row = 0; row < rows; row++) {
      features.values[row * 8 + 2] = isWithout(row) ? 0 : 0.1 + rowOf(clean.features, row)[2];
      if (isWithout(row)) values[row] += jump;
    }
    return { features, values };
  }

  test('are found by a clear gap that one domain explains, and by nothing less', () => {
    expect(runJob(findRegimes(clean, 1))).toBeNull();
    expect(
      runJob(
        findRegimes(
          jumping(15, (row) => row % 3 === 0),
          1,
        ),
      ),
    ).toEqual({ domain: 2, least: 0 });
    expect(
      runJob(
        findRegimes(
          jumping(0.2, (row) => row % 3 === 0),
          1,
        ),
      ),
    ).toBeNull();
    // Too few to be a regime.
    expect(
      runJob(
        findRegimes(
          jumping(15, (row) => row < 5),
          1,
        ),
      ),
    ).toBeNull();
    // A gap that no domain explains.
    const values = clean.values.map((value, row) => (row % 3 === 0 ? value + 15 : value));
    const features = { ...clean.features, values: clean.features.values.map((w) => w + 0.02) };
    expect(runJob(findRegimes({ features, values }, 1))).toBeNull();
  });

  test('are judged apart, of the training runs and of test sets', () => {
    const training = jumping(15, (row) => row % 3 === 0);
    const tests = [{ name: 'again', ...training }];
    const options = { seed: 1 };
    const fit = runJob(assess({ regressor: 'law', target: 'loss', training, tests, options }));
    const sizes = fit.regimes?.rows.map(({ test: name, without, with: others }) => [
      name,
      without.n,
      others.n,
    ]);
    expect(sizes).toEqual([
      [null, 22, 42],
      ['again', 22, 42],
    ]);
  });
});
