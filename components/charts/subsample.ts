import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Indices 0..n-1 when there are at most `limit`, else `limit` of them drawn without replacement, in
 * ascending order. The same seed draws the same indices.
 */
export function subsample(n: number, limit: number, seed: number): number[] {
  const indices = Array.from({ length: n }, (_, index) => index);
  if (n <= limit) return indices;
  const random = xoroshiro128plus(seed);
  for (let place = 0; place < limit; place++) {
    const other = uniformInt(random, place, n - 1);
    [indices[place], indices[other]] = [indices[other], indices[place]];
  }
  return indices.slice(0, limit).sort((a, b) => a - b);
}
