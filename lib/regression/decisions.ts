import type { Target } from '../study/types';

/**
 * Decision accuracy: of all pairs of runs whose measured values differ, the share that the predictions
 * put in the same order; a tied prediction counts a half (Somers 1962 counts pairs alike). Pairs are
 * counted while sorting, in O(n log n).
 *
 * @param predicted n finite values
 * @param measured n finite values
 * @returns 0..1; NaN when all measured values are equal
 */
export function pairsRight(predicted: Float64Array, measured: Float64Array): number {
  const n = measured.length;
  const order = Uint32Array.from({ length: n }, (_, row) => row).sort(
    (a, b) => measured[a] - measured[b] || predicted[a] - predicted[b],
  );
  const values = Float64Array.from(order, (row) => predicted[row]);
  const tiedMeasured = tiesOf(Float64Array.from(order, (row) => measured[row]));
  const pairs = (n * (n - 1)) / 2 - tiedMeasured;
  if (pairs === 0) return Number.NaN;
  // Runs of equal measured value are in order among themselves: only pairs that differ are inverted.
  const tiedPredicted = tiesOf(Float64Array.from(predicted).sort());
  const tiedBoth = tiesWithin(values, order, measured);
  const wrong = countInversions(values);
  const undecided = tiedPredicted - tiedBoth;
  return (pairs - wrong - undecided / 2) / pairs;
}

/** Pairs of equal values in a sorted column. */
function tiesOf(sorted: Float64Array): number {
  let ties = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    ties += ((end - start) * (end - start - 1)) / 2;
    start = end;
  }
  return ties;
}

/** Pairs that are tied in both columns: they lie side by side. */
function tiesWithin(values: Float64Array, order: Uint32Array, measured: Float64Array): number {
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (
      end < order.length &&
      measured[order[end]] === measured[order[start]] &&
      values[end] === values[start]
    ) {
      end++;
    }
    ties += ((end - start) * (end - start - 1)) / 2;
    start = end;
  }
  return ties;
}

/** Pairs out of order, counted by merging; the values end up sorted. */
function countInversions(values: Float64Array): number {
  let from: Float64Array = values;
  let into: Float64Array = new Float64Array(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        if (left < middle && (right >= end || from[left] <= from[right])) {
          into[at] = from[left++];
        } else {
          inversions += middle - left;
          into[at] = from[right++];
        }
      }
    }
    [from, into] = [into, from];
  }
  return inversions;
}

/**
 * What choosing by prediction would have cost: the measured value of the run predicted best, against
 * the best one measured.
 *
 * @returns >= 0, in the target's unit; NaN without rows
 */
export function topRegret(
  predicted: Float64Array,
  measured: Float64Array,
  direction: Target['direction'],
): number {
  const sign = direction === 'lower' ? 1 : -1;
  let chosen = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let row = 0; row < measured.length; row++) {
    if (sign * predicted[row] < sign * predicted[chosen]) chosen = row;
    best = Math.min(best, sign * measured[row]);
  }
  return measured.length === 0 ? Number.NaN : sign * measured[chosen] - best;
}
