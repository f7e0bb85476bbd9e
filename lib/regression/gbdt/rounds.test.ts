import { describe, expect, it } from 'vitest';
import { runJob } from '../../model/job';
import { rowOf, zeros } from '../../model/matrix';
import type { Sample } from '../../model/regressor';
import { walkTrees } from '../predict';
import { complementOf, sampleOf, splitFolds } from '../sample';
import { syntheticSample } from '../synthetic.fixture';
import { boost, chooseRoundsByFolds, stopEarly } from './boosting';

/** Per round the mean over rows of `errorOf(residual)` on rows that a fit watches. */
function errorsByRound(
  sample: Sample,
  held: Sample,
  rounds: number,
  minRowsPerLeaf: number,
  errorOf: (residual: number) => number,
): number[] {
  const errors: number[] = [];
  runJob(
    boost(sample, {
      rounds,
      minRowsPerLeaf,
      watch: held.features,
      onRound: ({ watched }) => {
        errors.push(
          watched.reduce((sum, value, row) => sum + errorOf(value - held.values[row]), 0),
        );
        return true;
      },
    }),
  );
  return errors;
}

const indexOfLeast = (values: readonly number[]) => values.indexOf(Math.min(...values));

describe('chooseRoundsByFolds', () => {
  it('takes the round of least squared error over the folds, and predicts by the other folds’ round', () => {
    const sample = syntheticSample(60, 4, { noise: 0.15 });
    const n = 60;
    const parts = splitFolds(n, 5, 3);
    const curves = parts.map((rows) =>
      errorsByRound(
        sampleOf(sample, complementOf(rows, n)),
        sampleOf(sample, rows),
        1000,
        4,
        (residual) => residual * residual,
      ),
    );
    const sumOf = (lists: readonly number[][]) =>
      lists[0].map((_, round) => lists.reduce((sum, list) => sum + list[round], 0));
    const { rounds, outOfFold } = runJob(chooseRoundsByFolds(sample, 4, 3));
    expect(rounds).toBe(indexOfLeast(sumOf(curves)) + 1);
    expect(rounds).toBeLessThan(1000);
    parts.forEach((rows, fold) => {
      const others = indexOfLeast(sumOf(curves.filter((_, other) => other !== fold))) + 1;
      const model = runJob(
        boost(sampleOf(sample, complementOf(rows, n)), { rounds: others, minRowsPerLeaf: 4 }),
      );
      for (const row of rows) {
        expect(outOfFold[row]).toBe(walkTrees(model, rowOf(sample.features, row)));
      }
    });
  });

  it('predicts means out of fold when no fit can split', () => {
    const values = Float64Array.from({ length: 20 }, (_, row) => 10 + row);
    const sample = { features: zeros(20, 3), values };
    const { rounds, outOfFold } = runJob(chooseRoundsByFolds(sample, 1, 1));
    expect(rounds).toBe(1);
    for (const rows of splitFolds(20, 5, 1)) {
      const others = Array.from(complementOf(rows, 20), (row) => values[row]);
      const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
      for (const row of rows) expect(outOfFold[row]).toBeCloseTo(mean, 12);
    }
  });
});

describe('stopEarly', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'keeps the trees up to the best round of the metric that first fails to improve thrice, seed %d',
    (seed) => {
      const sample = syntheticSample(80, 4, { seed, noise: 0.3 });
      const stopping = syntheticSample(40, 4, { seed: seed + 50, noise: 0.3 });
      const stopOf = (errors: readonly number[]) => {
        let best = 0;
        for (let round = 1; round < errors.length; round++) {
          if (errors[round] < errors[best]) best = round;
          else if (round - best >= 3) return { stopped: round, rounds: best + 1 };
        }
        return { stopped: errors.length, rounds: errors.length };
      };
      const errorsOf = (errorOf: (residual: number) => number) =>
        errorsByRound(sample, stopping, 1000, 5, errorOf);
      const absolute = stopOf(errorsOf(Math.abs));
      const squared = stopOf(errorsOf((residual) => residual ** 2));
      const expected = absolute.stopped <= squared.stopped ? absolute.rounds : squared.rounds;
      expect(expected).toBeLessThan(1000);
      const model = runJob(stopEarly(sample, stopping, { rounds: 1000, minRowsPerLeaf: 5 }));
      expect(model.rounds).toBe(expected);
    },
  );
});
