import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows, type Matrix, rowOf, selectRows } from '../model/matrix';
import type { LinearModel, Sample } from '../model/regressor';
import { fitOrdinaryLeastSquares, fitRidge } from './linear';
import { predictRow } from './predict';
import { sampleOf } from './sample';
import { syntheticSample } from './synthetic.fixture';

const leastSquares = (sample: Sample) => runJob(fitOrdinaryLeastSquares(sample));
const ridge = (sample: Sample, penalty: number | null) => runJob(fitRidge(sample, penalty));

function residualsOf(model: LinearModel, { features, values }: Sample): Float64Array {
  return values.map((value, row) => value - predictRow(model, rowOf(features, row)));
}

/** Any small table, with duplicate, constant and empty columns as likely as not. */
const samples = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }))
  .chain(([n, d]) =>
    fc.record({
      rows: fc.array(
        fc.array(fc.constantFrom(0, 0.1, 0.25, 0.5, 1), { minLength: d, maxLength: d }),
        { minLength: n, maxLength: n },
      ),
      values: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: n, maxLength: n }),
    }),
  )
  .map(({ rows, values }) => ({ features: fromRows(rows), values: Float64Array.from(values) }));

describe('ordinary least squares', () => {
  it('recovers a line over two domains, shared evenly between their coefficients', () => {
    const features = fromRows([0, 0.2, 0.5, 0.9].map((weight) => [weight, 1 - weight]));
    const values = Float64Array.from([0, 0.2, 0.5, 0.9], (weight) => 2 + 3 * weight);
    const model = leastSquares({ features, values });
    expect(model.coefficients[0]).toBeCloseTo(1.5, 12);
    expect(model.coefficients[1]).toBeCloseTo(-1.5, 12);
    expect(predictRow(model, Float64Array.of(0.7, 0.3))).toBeCloseTo(4.1, 12);
  });

  it('leaves residuals that are orthogonal to every feature, also of deficient tables', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const { rows, columns, values } = sample.features;
        const residuals = residualsOf(leastSquares(sample), sample);
        const sum = residuals.reduce((total, residual) => total + residual, 0);
        expect(Math.abs(sum)).toBeLessThan(1e-8);
        for (let column = 0; column < columns; column++) {
          let product = 0;
          for (let row = 0; row < rows; row++) {
            product += values[row * columns + column] * residuals[row];
          }
          expect(Math.abs(product)).toBeLessThan(1e-8);
        }
      }),
    );
  });

  it('has coefficients that sum to 0 on mixtures: the solution of least norm', () => {
    const { coefficients } = leastSquares(syntheticSample(60, 7));
    expect(coefficients.reduce((sum, coefficient) => sum + coefficient, 0)).toBeCloseTo(0, 9);
  });

  it('follows a reordering of domains and ignores one of runs', () => {
    const sample = syntheticSample(40, 5);
    const { coefficients, intercept } = leastSquares(sample);
    const reversedRows = Int32Array.from({ length: 40 }, (_, row) => 39 - row);
    const shuffled = leastSquares(sampleOf(sample, reversedRows));
    expect(shuffled.intercept).toBeCloseTo(intercept, 10);
    const mirrored = leastSquares({ ...sample, features: mirrorColumns(sample.features) });
    coefficients.forEach((coefficient, domain) => {
      expect(shuffled.coefficients[domain]).toBeCloseTo(coefficient, 10);
      expect(mirrored.coefficients[4 - domain]).toBeCloseTo(coefficient, 10);
    });
  });

  it('interpolates when there are fewer runs than domains', () => {
    const sample = syntheticSample(6, 20);
    for (const residual of residualsOf(leastSquares(sample), sample)) {
      expect(Math.abs(residual)).toBeLessThan(1e-9);
    }
  });
});

describe('ridge', () => {
  it('shrinks a single slope to sxy / (sxx + penalty)', () => {
    const x = [0, 0.1, 0.4, 0.9];
    const y = [1, 3, 2, 7];
    const meanX = 0.35;
    const meanY = 3.25;
    const sxx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
    const sxy = x.reduce((sum, value, row) => sum + (value - meanX) * (y[row] - meanY), 0);
    const sample = { features: fromRows(x.map((value) => [value])), values: Float64Array.from(y) };
    const model = ridge(sample, 0.3);
    expect(model.coefficients[0]).toBeCloseTo(sxy / (sxx + 0.3), 12);
    expect(model.intercept).toBeCloseTo(meanY - (meanX * sxy) / (sxx + 0.3), 12);
  });

  it('is least squares without a penalty, and the mean with an endless one', () => {
    const sample = syntheticSample(50, 6);
    const mixture = rowOf(sample.features, 0);
    expect(predictRow(ridge(sample, 0), mixture)).toBeCloseTo(
      predictRow(leastSquares(sample), mixture),
      10,
    );
    const mean = sample.values.reduce((sum, value) => sum + value / 50, 0);
    expect(predictRow(ridge(sample, 1e15), mixture)).toBeCloseTo(mean, 10);
  });

  it.each([1, 2, 3, 4, 5])(
    'chooses the penalty that leaving out each run in turn finds best, seed %d',
    (seed) => {
      const n = 16;
      const sample = syntheticSample(n, 9, { seed, noise: 0.15 });
      const leaveOneOut = (penalty: number) => {
        let sum = 0;
        for (let out = 0; out < n; out++) {
          const others = Int32Array.from({ length: n - 1 }, (_, row) =>
            row < out ? row : row + 1,
          );
          const model = ridge(sampleOf(sample, others), penalty);
          sum += (sample.values[out] - predictRow(model, rowOf(sample.features, out))) ** 2;
        }
        return sum;
      };
      const { penalty } = ridge(sample, null);
      const chosen = leaveOneOut(penalty);
      // In steps of the grid, and beyond its ends.
      for (let step = 1; step <= 32; step++) {
        for (const other of [penalty * 10 ** (0.375 * step), penalty / 10 ** (0.375 * step)]) {
          expect(chosen).toBeLessThan(leaveOneOut(other) * (1 + 1e-9));
        }
      }
    },
  );
});

function mirrorColumns(features: Matrix): Matrix {
  const all = Int32Array.from({ length: features.rows }, (_, row) => row);
  const mirrored = selectRows(features, all);
  for (let row = 0; row < features.rows; row++) rowOf(mirrored, row).reverse();
  return mirrored;
}

describe('with fewer runs than domains', () => {
  it('ridge is that of the same rows taken often enough to be more', () => {
    const { features, values } = syntheticSample(12, 40);
    const rows = Array.from({ length: 48 }, (_, row) => row % 12);
    const often = {
      features: selectRows(features, Int32Array.from(rows)),
      values: Float64Array.from(rows, (row) => values[row]),
    };
    const few = ridge({ features, values }, 0.01);
    const many = ridge(often, 0.04);
    few.coefficients.forEach((each, domain) => {
      expect(each).toBeCloseTo(many.coefficients[domain], 8);
    });
    expect(few.intercept).toBeCloseTo(many.intercept, 8);
  });

  it('a table of thousands of domains is fitted', () => {
    const { features, values } = syntheticSample(24, 2_000);
    const model = ridge({ features, values }, null);
    expect(model.coefficients.every(Number.isFinite)).toBe(true);
  });
});
