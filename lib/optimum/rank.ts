import type { Job } from '../job';

/** Runs of this length are sorted in one go: about a millisecond. */
const runLength = 4_096;
/** Indices merged between two reports: about a millisecond. */
const mergedPerReport = 16_384;

/**
 * The indices of scores, lowest score first; equal scores keep their order. A merge sort, so that
 * ranking a million mixtures can be cancelled on the way.
 *
 * @param scores finite values
 */
export function* rankByScore(scores: Float64Array): Job<Uint32Array> {
  const count = scores.length;
  const levels = 1 + Math.max(0, Math.ceil(Math.log2(count / runLength)));
  const total = levels * count;
  let order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let start = 0; start < count; start += runLength) {
    order.subarray(start, start + runLength).sort((a, b) => scores[a] - scores[b] || a - b);
    yield { done: start, total, unit: 'comparisons' };
  }
  let merged = new Uint32Array(count);
  let done = count;
  for (let width = runLength; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(count, start + width);
      const end = Math.min(count, start + 2 * width);
      let left = start;
      let right = middle;
      for (let place = start; place < end; place++) {
        const takesLeft =
          right >= end || (left < middle && scores[order[left]] <= scores[order[right]]);
        merged[place] = order[takesLeft ? left++ : right++];
        if (++done % mergedPerReport === 0) yield { done, total, unit: 'comparisons' };
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}
