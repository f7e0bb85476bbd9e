import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows } from '../model/matrix';
import { complementOf, splitFolds, splitMixtures } from './sample';

describe('splitFolds', () => {
  it('deals every row to one fold, of sizes that differ by at most one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 200 }),
        fc.integer({ min: 2, max: 5 }),
        fc.nat(),
        (n, folds, seed) => {
          const parts = splitFolds(n, folds, seed);
          expect(parts).toHaveLength(folds);
          const sizes = parts.map((part) => part.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          const dealt = parts.flatMap((part) => Array.from(part)).sort((a, b) => a - b);
          expect(dealt).toEqual(Array.from({ length: n }, (_, row) => row));
          const both = [...parts[0], ...complementOf(parts[0], n)].sort((a, b) => a - b);
          expect(both).toEqual(dealt);
        },
      ),
    );
  });

  it('shuffles: as the seed says, and each row as often into each fold', () => {
    expect(splitFolds(50, 5, 3)).toEqual(splitFolds(50, 5, 3));
    expect(splitFolds(50, 5, 3)).not.toEqual(splitFolds(50, 5, 4));
    const trials = 2000;
    let together = 0;
    for (let seed = 0; seed < trials; seed++) {
      if (splitFolds(20, 5, seed).some((part) => part.includes(0) && part.includes(1))) together++;
    }
    // Row 1 takes one of 19 places, 3 of them beside row 0; six standard errors.
    const expected = 3 / 19;
    const error = Math.sqrt((expected * (1 - expected)) / trials);
    expect(Math.abs(together / trials - expected)).toBeLessThan(6 * error);
  });
});

describe('splitMixtures', () => {
  const distinct = (count: number) =>
    Array.from({ length: count }, (_, row) => Float64Array.of(row / count, 1 - row / count));

  it('keeps all runs of a mixture in one fold, and loses none', () => {
    const kinds = Array.from({ length: 24 }, (_, row) => row % 12);
    const rows = distinct(12);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(kinds, { minLength: 24, maxLength: 24 }),
        fc.nat(),
        (order, seed) => {
          const parts = runJob(splitMixtures(fromRows(order.map((kind) => rows[kind])), 5, seed));
          const dealt = parts.flatMap((part) => [...part]).sort((a, b) => a - b);
          expect(dealt).toEqual(order.map((_, row) => row));
          const kindsOf = parts.flatMap((part) => [
            ...new Set(Array.from(part, (row) => order[row])),
          ]);
          expect(kindsOf).toHaveLength(12);
        },
      ),
    );
  });

  it('still splits runs of a single mixture', () => {
    const same = fromRows(Array.from({ length: 7 }, () => Float64Array.of(0.4, 0.6)));
    expect(runJob(splitMixtures(same, 5, 1))).toEqual(splitFolds(7, 5, 1));
  });

  it('is the split of rows where no mixture repeats', () => {
    expect(runJob(splitMixtures(fromRows(distinct(37)), 5, 3))).toEqual(splitFolds(37, 5, 3));
  });
});
