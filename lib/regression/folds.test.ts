import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complementOf, splitFolds } from './folds';

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
