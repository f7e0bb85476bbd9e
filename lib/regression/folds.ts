import { mersenne } from 'pure-rand/generator/mersenne';
import type { Job } from '../job';
import type { Matrix } from '../matrix';
import { numberMixtures } from './same-mixtures';

/** The rows 0..n-1 in random order; the same seed gives the same order. */
function shuffledRows(n: number, seed: number): Int32Array {
  const random = mersenne(seed | 0);
  const order = Int32Array.from({ length: n }, (_, row) => row);
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(((random.next() >>> 0) / 4294967296) * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** At most so many of n rows, at random, ascending. @param seed an integer */
export function pickRows(n: number, most: number, seed: number): Int32Array {
  return shuffledRows(n, seed).slice(0, most).sort();
}

/**
 * Splits n rows into folds whose sizes differ by at most one, at random.
 *
 * @param seed an integer; the same seed gives the same folds
 * @returns per fold its row indices, ascending
 */
export function splitFolds(n: number, folds: number, seed: number): Int32Array[] {
  const order = shuffledRows(n, seed);
  return Array.from({ length: folds }, (_, fold) =>
    order.filter((_, place) => place % folds === fold).sort(),
  );
}

/**
 * Splits runs into folds at random, with all runs of one mixture in the same fold: a fit that has seen a
 * mixture with another seed has seen it. Without repeated mixtures these are the folds of {@link splitFolds}.
 *
 * @param mixtures N x D, N >= 2
 * @param seed an integer; the same seed gives the same folds
 * @returns per fold its row indices, ascending; none is empty, and there are two at least
 */
export function* splitMixtures(mixtures: Matrix, folds: number, seed: number): Job<Int32Array[]> {
  const n = mixtures.rows;
  const parts = splitFolds(n, Math.min(folds, n), seed);
  const [numbers] = yield* numberMixtures([mixtures]);
  const foldOfRow = new Int32Array(n);
  parts.forEach((rows, fold) => {
    for (const row of rows) foldOfRow[row] = fold;
  });
  const foldOfMixture = new Map<number, number>();
  numbers.forEach((mixture, row) => {
    if (!foldOfMixture.has(mixture)) foldOfMixture.set(mixture, foldOfRow[row]);
  });
  const rows = Array.from({ length: n }, (_, row) => row);
  const together = parts
    .map((_, fold) =>
      Int32Array.from(rows.filter((row) => foldOfMixture.get(numbers[row]) === fold)),
    )
    .filter((part) => part.length > 0);
  // One mixture over and over cannot be kept apart from itself.
  return together.length > 1 ? together : parts;
}

/** The rows of 0..n-1 that are not in the fold, ascending. */
export function complementOf(fold: Int32Array, n: number): Int32Array {
  const inFold = new Set(fold);
  return Int32Array.from(
    Array.from({ length: n }, (_, row) => row).filter((row) => !inFold.has(row)),
  );
}
