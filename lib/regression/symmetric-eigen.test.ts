import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { eigenOfSymmetric } from './linear';

describe('eigenOfSymmetric', () => {
  it('solves a matrix with known eigenvalues', () => {
    const { values } = runJob(eigenOfSymmetric(Float64Array.of(2, 1, 1, 2), 2));
    expect(Array.from(values).sort()).toEqual([expect.closeTo(1, 14), expect.closeTo(3, 14)]);
  });

  it('gives unit, orthogonal vectors that rebuild the matrix', () => {
    const entries = fc.integer({ min: 1, max: 6 }).chain((n) =>
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
        minLength: n * n,
        maxLength: n * n,
      }),
    );
    fc.assert(
      fc.property(entries, (list) => {
        const n = Math.sqrt(list.length);
        const matrix = Float64Array.from(list, (_, at) => {
          const row = Math.floor(at / n);
          const column = at % n;
          return list[row * n + column] + list[column * n + row];
        });
        const { values, vectors } = runJob(eigenOfSymmetric(matrix, n));
        for (let row = 0; row < n; row++) {
          for (let column = 0; column < n; column++) {
            let rebuilt = 0;
            let product = 0;
            for (let k = 0; k < n; k++) {
              rebuilt += values[k] * vectors[k * n + row] * vectors[k * n + column];
              product += vectors[row * n + k] * vectors[column * n + k];
            }
            expect(rebuilt).toBeCloseTo(matrix[row * n + column], 9);
            expect(product).toBeCloseTo(row === column ? 1 : 0, 9);
          }
        }
      }),
    );
  });
});
