/** Ranks, correlations and quantiles, and statistics of a fit on rows that it has not seen. */
import { mersenne } from 'pure-rand/generator/mersenne';
import type { FitStatistics } from './regressor';
import type { Target } from './study';

/** Ranks from 1; equal values share the average of their ranks. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = ascendingOrder(values);
  const ranks = new Float64Array(n);
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && values[order[end]] === values[order[start]]) end++;
    const rank = (start + 1 + end) / 2;
    for (let place = start; place < end; place++) ranks[order[place]] = rank;
    start = end;
  }
  return ranks;
}

/** Indices of the values, smallest first. */
function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let index = 0; index < order.length; index++) order[index] = index;
  return order.sort((a, b) => values[a] - values[b]);
}

/** Pearson's r of two columns of the same length, -1..1; NaN when one is constant or n < 2. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (isConstant(a) || isConstant(b)) return Number.NaN;
  return productMoment(a, b, meanOf(a), meanOf(b));
}

/** Checked directly: the rounding of a mean can give a constant column a tiny variance. */
function isConstant(values: ArrayLike<number>): boolean {
  for (let row = 1; row < values.length; row++) if (values[row] !== values[0]) return false;
  return true;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row];
  return sum / values.length;
}

/** Pearson's r of columns whose means are known; NaN when one is constant. */
function productMoment(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  meanA: number,
  meanB: number,
): number {
  let covariance = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let row = 0; row < a.length; row++) {
    const x = a[row] - meanA;
    const y = b[row] - meanB;
    covariance += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const r = covariance / (Math.sqrt(squaresA) * Math.sqrt(squaresB));
  return Math.max(-1, Math.min(1, r));
}

/** Spearman's rho, -1..1: Pearson's r of average ranks. NaN when a side is constant or n < 3. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length < 3) return Number.NaN;
  return pearson(averageRanks(a), averageRanks(b));
}

/** Rows resampled in all; bounds the time of a bootstrap to a fraction of a second whatever n is. */
const bootstrapWork = 1_000_000;
const maxResamples = 1000;
const minResamples = 50;

/**
 * Percentile bootstrap 95% interval of Spearman's rho, resampling mixtures with all of their runs (Davison and
 * Hinkley 1997, section 3.8): runs of one mixture share what it does. Ranks are taken anew in each resample,
 * by counting, so that a resample costs O(n). 1,000 resamples (Efron and Tibshirani 1993, section 13.3), fewer
 * above 1,000 rows.
 *
 * @param seed an integer
 * @param mixtures number of each row's mixture; absent = each row has its own
 * @returns low and high; NaN with fewer than 3 mixtures or where a side is constant
 */
export function bootstrapInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  seed: number,
  mixtures?: Int32Array,
): readonly [number, number] {
  const n = a.length;
  const groups = rowsByMixture(n, mixtures);
  if (groups.length < 3) return [Number.NaN, Number.NaN];
  const levelsA = denseLevels(a);
  const levelsB = denseLevels(b);
  const resamples = Math.max(minResamples, Math.min(maxResamples, Math.floor(bootstrapWork / n)));
  const random = mersenne(seed | 0);
  const most = groups.length * groups.reduce((max, { length }) => Math.max(max, length), 0);
  const picks = new Uint32Array(most);
  const counts = new Uint32Array(n);
  const rankOfLevel = new Float64Array(n);
  const ranks = [new Float64Array(most), new Float64Array(most)];
  const rhos: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    let count = 0;
    for (let draw = 0; draw < groups.length; draw++) {
      const group = groups[Math.floor(((random.next() >>> 0) * groups.length) / 4294967296)];
      for (const row of group) picks[count++] = row;
    }
    const picked = picks.subarray(0, count);
    const [ranksA, ranksB] = ranks.map((whole) => whole.subarray(0, count));
    rankPicked(levelsA, picked, counts, rankOfLevel, ranksA);
    rankPicked(levelsB, picked, counts, rankOfLevel, ranksB);
    // Average ranks have the mean of 1..count whatever the ties, exactly.
    const mean = (count + 1) / 2;
    const rho = productMoment(ranksA, ranksB, mean, mean);
    if (Number.isFinite(rho)) rhos.push(rho);
  }
  if (rhos.length === 0) return [Number.NaN, Number.NaN];
  const sorted = Float64Array.from(rhos).sort();
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** The rows of each mixture, mixtures in the order of their first rows. */
function rowsByMixture(n: number, mixtures: Int32Array | undefined): number[][] {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < n; row++) {
    const mixture = mixtures ? mixtures[row] : row;
    const group = groups.get(mixture);
    if (group) group.push(row);
    else groups.set(mixture, [row]);
  }
  return [...groups.values()];
}

/** Each value as the number of distinct values below it. */
function denseLevels(values: ArrayLike<number>): Uint32Array {
  const order = ascendingOrder(values);
  const levels = new Uint32Array(values.length);
  let level = 0;
  for (let place = 1; place < order.length; place++) {
    if (values[order[place]] !== values[order[place - 1]]) level++;
    levels[order[place]] = level;
  }
  return levels;
}

/** Average ranks of the picked rows by counting; `counts` and `rankOfLevel` are scratch, an entry per level. */
function rankPicked(
  levels: Uint32Array,
  picked: Uint32Array,
  counts: Uint32Array,
  rankOfLevel: Float64Array,
  ranks: Float64Array,
): void {
  const n = picked.length;
  counts.fill(0);
  for (let row = 0; row < n; row++) counts[levels[picked[row]]]++;
  let below = 0;
  for (let level = 0; level < counts.length; level++) {
    rankOfLevel[level] = below + (counts[level] + 1) / 2;
    below += counts[level];
  }
  for (let row = 0; row < n; row++) ranks[row] = rankOfLevel[levels[picked[row]]];
}

/**
 * Statistics over the rows where both sides are finite.
 *
 * @param mixtures number of each row's mixture; absent = each row has its own
 */
export function fitStatistics(
  predicted: ArrayLike<number>,
  measured: ArrayLike<number>,
  seed: number,
  direction: Target['direction'] = 'lower',
  mixtures?: Int32Array,
): FitStatistics {
  const rows: number[] = [];
  for (let row = 0; row < measured.length; row++) {
    if (Number.isFinite(predicted[row]) && Number.isFinite(measured[row])) rows.push(row);
  }
  const n = rows.length;
  const a = Float64Array.from(rows, (row) => predicted[row]);
  const b = Float64Array.from(rows, (row) => measured[row]);
  const numbers = mixtures && Int32Array.from(rows, (row) => mixtures[row]);
  let squares = 0;
  let absolutes = 0;
  for (let row = 0; row < n; row++) {
    squares += (a[row] - b[row]) ** 2 / n;
    absolutes += Math.abs(a[row] - b[row]) / n;
  }
  return {
    n,
    mixtures: numbers ? new Set(numbers).size : n,
    spearman: spearman(a, b),
    interval: bootstrapInterval(a, b, seed, numbers),
    pearson: n < 2 ? Number.NaN : pearson(a, b),
    rmse: n === 0 ? Number.NaN : Math.sqrt(squares),
    mae: n === 0 ? Number.NaN : absolutes,
    pairsRight: pairsRight(a, b),
    topRegret: topRegret(a, b, direction),
  };
}

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
 * The cost of choosing by prediction: the measured value of the run predicted best, minus the best one
 * measured.
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

/**
 * A quantile of values, linear between neighbours: definition 7 of Hyndman and Fan (1996), numpy's
 * default.
 *
 * @param sorted ascending, at least one
 * @param share 0..1
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}
/** Standard deviation of a normal distribution in median absolute deviations (Hampel 1974). */
const perMedianDeviation = 1.4826;

/** Robust standard deviation round a middle, by the median absolute deviation. @param values at least one */
export function robustDeviation(values: Float64Array, middle: number): number {
  return perMedianDeviation * quantile(values.map((value) => Math.abs(value - middle)).sort(), 0.5);
}

/** Population standard deviation; 0 for a constant column exactly, whatever its mean rounds to. */
export function standardDeviation(values: Float64Array): number {
  if (values.every((value) => value === values[0])) return 0;
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return Math.sqrt(sum / values.length);
}
