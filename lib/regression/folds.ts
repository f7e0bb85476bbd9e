import { mersenne } from 'pure-rand/generator/mersenne';

/**
 * Splits n rows into folds whose sizes differ by at most one, at random.
 *
 * @param seed an integer; the same seed gives the same folds
 * @returns per fold its row indices, ascending
 */
export function splitFolds(n: number, folds: number, seed: number): Int32Array[] {
  const random = mersenne(seed | 0);
  const order = Int32Array.from({ length: n }, (_, row) => row);
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(((random.next() >>> 0) / 4294967296) * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return Array.from({ length: folds }, (_, fold) =>
    order.filter((_, place) => place % folds === fold).sort(),
  );
}

/** The rows of 0..n-1 that are not in the fold, ascending. */
export function complementOf(fold: Int32Array, n: number): Int32Array {
  const inFold = new Set(fold);
  return Int32Array.from(
    Array.from({ length: n }, (_, row) => row).filter((row) => !inFold.has(row)),
  );
}
