import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../../mixture/sampling';
import { runJob } from '../../model/job';
import { type Matrix, rowOf, selectRows } from '../../model/matrix';
import { createRandomStream } from '../../model/random';
import type { GaussianProcessModel, Sample } from '../../model/regressor';
import { evaluateSmooth, predictRow } from '../predict';
import { factorise, inverseOf, logDeterminant, solveLower, solveUpper } from './cholesky';
import {
  covarianceOf,
  fitGaussianProcess,
  hyperparameterPrior,
  leaveOneOutGaussianProcess,
  lengthsOf,
  negativeLogPosterior,
  refitGaussianProcess,
  variancesOf,
} from './fit';

function sampleOf(count: number, domains: number, seed: number): Sample {
  const features = runJob(sampleDirichlet(new Float64Array(domains).fill(0.6), count, seed));
  const random = createRandomStream(seed + 1);
  const values = Float64Array.from({ length: count }, (_, row) => {
    const mixture = rowOf(features, row);
    const curve = mixture.reduce((sum, weight, at) => sum + Math.sqrt(weight + 0.01) / (at + 1), 0);
    return 4 - curve + 0.02 * random.normal();
  });
  return { features, values };
}

/** Solves a x = b by Gaussian elimination with pivoting: nothing is shared with what is tested. */
function eliminate(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const table = a.map((row, index) => [...row, b[index]]);
  const n = b.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column; row < n; row++) {
      if (Math.abs(table[row][column]) > Math.abs(table[pivot][column])) pivot = row;
    }
    [table[column], table[pivot]] = [table[pivot], table[column]];
    for (let row = column + 1; row < n; row++) {
      const factor = table[row][column] / table[column][column];
      for (let k = column; k <= n; k++) table[row][k] -= factor * table[column][k];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let sum = table[row][n];
    for (let k = row + 1; k < n; k++) sum -= table[row][k] * x[k];
    x[row] = sum / table[row][row];
  }
  return x;
}

/** The kernel as the textbook writes it. */
function kernel(model: GaussianProcessModel, a: Float64Array, b: Float64Array): number {
  const feature = (mixture: Float64Array) =>
    Array.from(mixture, (weight, j) => Math.log(weight + model.offset) - model.centre[j]);
  const [x, y] = [feature(a), feature(b)];
  const r = Math.sqrt(
    x.reduce((sum, value, j) => sum + ((value - y[j]) / model.lengths[j]) ** 2, 0),
  );
  const matern =
    model.variance * (1 + Math.sqrt(5) * r + (5 / 3) * r * r) * Math.exp(-Math.sqrt(5) * r);
  return matern + model.linearVariance * x.reduce((sum, value, j) => sum + value * y[j], 0);
}

function denseMean(model: GaussianProcessModel, sample: Sample, at: Float64Array): number {
  const rows = Array.from({ length: sample.values.length }, (_, row) =>
    rowOf(sample.features, row),
  );
  const covariance = rows.map((a, i) =>
    rows.map((b, j) => kernel(model, a, b) + (i === j ? model.noise : 0)),
  );
  const weights = eliminate(
    covariance,
    Array.from(sample.values, (value) => value - model.mean),
  );
  return (
    model.mean + weights.reduce((sum, weight, i) => sum + weight * kernel(model, at, rows[i]), 0)
  );
}

describe('Cholesky', () => {
  const matrices = fc.integer({ min: 1, max: 90 }).chain((count) =>
    fc.integer({ min: 0, max: 1000 }).map((seed) => {
      const random = createRandomStream(seed);
      const half = Float64Array.from({ length: count * count }, () => random.normal());
      const matrix = new Float64Array(count * count);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) {
          for (let k = 0; k < count; k++)
            matrix[i * count + j] += half[i * count + k] * half[j * count + k];
        }
        matrix[i * count + i] += 0.5;
      }
      return { count, matrix };
    }),
  );

  it('multiplied with itself gives the matrix; solves, inverse and determinant agree', () => {
    fc.assert(
      fc.property(matrices, ({ count, matrix }) => {
        const factor = Float64Array.from(matrix);
        expect(factorise(factor, count)).toBe(true);
        const inverse = inverseOf(factor, count);
        let logProduct = 0;
        for (let i = 0; i < count; i++) {
          logProduct += 2 * Math.log(factor[i * count + i]);
          for (let j = 0; j <= i; j++) {
            let sum = 0;
            for (let k = 0; k <= j; k++) sum += factor[i * count + k] * factor[j * count + k];
            expect(Math.abs(sum - matrix[i * count + j])).toBeLessThan(1e-8 * count);
          }
        }
        expect(logDeterminant(factor, count)).toBeCloseTo(logProduct, 8);
        const right = Float64Array.from({ length: count }, (_, i) => Math.cos(i));
        const solved = Float64Array.from(right);
        solveLower(factor, count, solved);
        solveUpper(factor, count, solved);
        for (let i = 0; i < count; i++) {
          let back = 0;
          let byInverse = 0;
          for (let j = 0; j < count; j++) {
            back += matrix[i * count + j] * solved[j];
            byInverse += inverse[i * count + j] * right[j];
          }
          expect(Math.abs(back - right[i])).toBeLessThan(1e-6);
          expect(Math.abs(byInverse - solved[i])).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(factorise(Float64Array.of(1, 0, 2, 1), 2)).toBe(false);
  });
});

describe('the likelihood', () => {
  it('has the gradient that finite differences give', () => {
    const { features, values } = sampleOf(14, 3, 2);
    const inputs: Matrix = {
      ...features,
      values: features.values.map((w) => Math.log(w + 0.01) + 2),
    };
    const { mean } = hyperparameterPrior(3);
    const start = mean.map((log, index) => log + 0.3 * Math.sin(index));
    const gradient = new Float64Array(6);
    const unused = new Float64Array(6);
    negativeLogPosterior(inputs, values, start, gradient);
    gradient.forEach((slope, index) => {
      const at = (moved: number) =>
        negativeLogPosterior(
          inputs,
          values,
          start.map((log, k) => log + (k === index ? moved : 0)),
          unused,
        );
      const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(slope - difference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
    });
  });

  it('is the density of a normal with that covariance, times the prior', () => {
    const { features, values } = sampleOf(6, 2, 5);
    const { mean, sd } = hyperparameterPrior(2);
    const point = mean.map((log) => log + 0.5);
    const covariance = covarianceOf(features, lengthsOf(point, 2), variancesOf(point, 2));
    const rows = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => covariance[Math.max(i, j) * 6 + Math.min(i, j)]),
    );
    const weights = eliminate(rows, [...values]);
    const factor = Float64Array.from(covariance);
    factorise(factor, 6);
    const fit = weights.reduce((sum, weight, i) => sum + 0.5 * weight * values[i], 0);
    const penalty = mean.reduce((sum, _, k) => sum + 0.5 * (0.5 / sd[k]) ** 2, 0);
    const expected = fit + 0.5 * logDeterminant(factor, 6) + penalty;
    const found = negativeLogPosterior(features, values, point, new Float64Array(5));
    expect(found).toBeCloseTo(expected, 8);
  });
});

describe('a fitted Gaussian process', () => {
  const sample = sampleOf(12, 3, 7);
  const model = runJob(fitGaussianProcess(sample, { seed: 1 }));

  it('predicts what a dense reference predicts', () => {
    const unseen = sampleOf(8, 3, 30).features;
    for (let row = 0; row < 8; row++) {
      const mixture = rowOf(unseen, row);
      expect(predictRow(model, mixture)).toBeCloseTo(denseMean(model, sample, mixture), 8);
    }
  });

  it('has the gradient that finite differences give', () => {
    const mixture = Float64Array.of(0.5, 0.3, 0.2);
    const gradient = new Float64Array(3);
    evaluateSmooth(model, mixture, gradient);
    gradient.forEach((slope, domain) => {
      const at = (moved: number) =>
        predictRow(
          model,
          mixture.map((weight, index) => weight + (index === domain ? moved : 0)),
        );
      expect(slope).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 5);
    });
  });

  it('leaves one run out exactly as conditioning without it does', () => {
    const left = runJob(leaveOneOutGaussianProcess(sample, model, { seed: 1 }));
    for (let row = 0; row < 12; row++) {
      const rest = Int32Array.from({ length: 11 }, (_, place) => (place < row ? place : place + 1));
      const without = {
        features: selectRows(sample.features, rest),
        values: Float64Array.from(rest, (index) => sample.values[index]),
      };
      const predicted = denseMean(model, without, rowOf(sample.features, row));
      expect(left[row]).toBeCloseTo(predicted, 7);
    }
  });

  it('refitted to its own rows is the same model', () => {
    const again = runJob(refitGaussianProcess(sample, model, { seed: 1 }));
    const mixture = Float64Array.of(0.2, 0.2, 0.6);
    expect(predictRow(again, mixture)).toBeCloseTo(predictRow(model, mixture), 5);
  });

  it('depends on nothing but its rows and its seed', () => {
    expect(runJob(fitGaussianProcess(sample, { seed: 1 }))).toEqual(model);
  });

  it('is finite for repeated rows, absent domains and values of any size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (seed, domains, unit) => {
          const random = createRandomStream(seed);
          const features = runJob(sampleDirichlet(new Float64Array(domains).fill(0.1), 10, seed));
          features.values.copyWithin(domains, 0, domains);
          const values = Float64Array.from({ length: 10 }, () => 1e5 + unit * random.normal());
          const fitted = runJob(fitGaussianProcess({ features, values }, { seed }));
          const corner = new Float64Array(domains);
          corner[0] = 1;
          const gradient = new Float64Array(domains);
          expect(Number.isFinite(evaluateSmooth(fitted, corner, gradient))).toBe(true);
          expect(gradient.every(Number.isFinite)).toBe(true);
          const left = runJob(leaveOneOutGaussianProcess({ features, values }, fitted, { seed }));
          expect(left.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });
});
