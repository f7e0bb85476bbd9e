/** RegMix's own search: many mixtures drawn and ranked, the best of them averaged. */

import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds } from '../mixture/simplex';
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import type { Bounds } from '../model/limits';
import { fromRows, type Matrix, rowOf } from '../model/matrix';
import { maxDrawnWeights } from '../model/settings';

/** Draws that are moved onto tight bounds when too few lie within them. */
const movedDraws = 512;
/** Draws examined between two reports: a few milliseconds of work. */
const drawsPerReport = 65_536;

/** Simulated mixtures with their scores. */
export interface Pool {
  /** count x D. */
  readonly mixtures: Matrix;
  /** count scores, lower is better. */
  readonly scores: Float64Array;
  /** Indices of the mixtures, best score first. */
  readonly order: Uint32Array;
  /** Per place in `order`: the draw's largest weight. */
  readonly largest: Float64Array;
  /** Per place in `order`: the domain of the draw's largest weight. */
  readonly largestDomain: Uint16Array;
}

/** The best of a pool under bounds. */
export interface PoolBest {
  /** D: the mean of the averaged mixtures. */
  readonly weights: Float64Array;
  /** Mixtures averaged: topK, or fewer when the pool has no more. */
  readonly averaged: number;
  /** How many of those are draws moved onto the bounds; 0 when topK draws met them as drawn. */
  readonly moved: number;
  /** Draws found to meet the bounds; counting stops at topK. */
  readonly within: number;
}

/**
 * Draws RegMix's simulated mixtures, Dirichlet with the prior as its concentration.
 *
 * @throws StageError when count x D weights would not fit in memory
 */
export function* drawPool(prior: Float64Array, count: number, seed: number): Job<Matrix> {
  if (count * prior.length > maxDrawnWeights) {
    const most = Math.floor(maxDrawnWeights / prior.length);
    throw new StageError(
      'optimum',
      `${count.toLocaleString('en')} mixtures of ${prior.length} domains do not fit in memory.`,
      `Draw at most ${most.toLocaleString('en')}.`,
    );
  }
  return yield* sampleDirichlet(prior, count, seed);
}

/** Sorts a pool by its scores, best first. */
export function* rankPool(mixtures: Matrix, scores: Float64Array): Job<Pool> {
  const order = yield* rankByScore(scores);
  const largest = new Float64Array(order.length);
  const largestDomain = new Uint16Array(order.length);
  const { columns, values } = mixtures;
  for (let place = 0; place < order.length; place++) {
    const start = order[place] * columns;
    for (let domain = 0; domain < columns; domain++) {
      if (values[start + domain] <= largest[place]) continue;
      largest[place] = values[start + domain];
      largestDomain[place] = domain;
    }
    if (place % drawsPerReport === 0) yield { done: place, total: order.length, unit: 'mixtures' };
  }
  return { mixtures, scores, order, largest, largestDomain };
}

/**
 * RegMix's optimum: the mean of the topK best draws that meet the bounds (its regression notebook).
 * Bounds are convex, so the mean meets them too. Under tight bounds hardly a draw does; then the
 * best draws are also moved to the nearest mixture within the bounds and scored again, and the topK
 * best of both kinds are averaged.
 *
 * @param bounds feasible
 * @param scoreAll scores of many mixtures, lower is better, comparable with the pool's
 */
export function* bestOfPool(
  pool: Pool,
  bounds: Bounds,
  topK: number,
  scoreAll: (mixtures: Matrix) => Job<Float64Array>,
): Job<PoolBest> {
  const { mixtures, scores, order, largest, largestDomain } = pool;
  const found: Candidate[] = [];
  for (let place = 0; place < order.length && found.length < topK; place++) {
    if (place % drawsPerReport === drawsPerReport - 1) {
      yield { done: place, total: order.length, unit: 'mixtures' };
    }
    // Most draws violate tight bounds in their largest weight: checking it first is ten times as fast on a
    // million draws.
    if (largest[place] > bounds.upper[largestDomain[place]]) continue;
    const mixture = rowOf(mixtures, order[place]);
    if (meets(mixture, bounds)) found.push({ mixture, score: scores[order[place]], moved: false });
  }
  const within = found.length;
  if (within < topK) {
    const most = Math.min(movedDraws, order.length);
    const moved: Float64Array[] = [];
    for (let place = 0; place < most; place++) {
      const draw = rowOf(mixtures, order[place]);
      if (meets(draw, bounds)) continue;
      moved.push(projectToBounds(draw, bounds.lower, bounds.upper));
      if (place % 64 === 0) yield { done: place, total: most, unit: 'mixtures' };
    }
    const movedScores = yield* scoreAll(fromRows(moved));
    moved.forEach((mixture, place) => {
      found.push({ mixture, score: movedScores[place], moved: true });
    });
    found.sort((a, b) => a.score - b.score);
  }
  const best = found.slice(0, topK);
  return {
    weights: meanOf(best, mixtures.columns),
    averaged: best.length,
    moved: best.filter(({ moved }) => moved).length,
    within,
  };
}

interface Candidate {
  readonly mixture: Float64Array;
  readonly score: number;
  readonly moved: boolean;
}

function meets(mixture: Float64Array, { lower, upper }: Bounds): boolean {
  for (let domain = 0; domain < mixture.length; domain++) {
    if (mixture[domain] > upper[domain] || mixture[domain] < lower[domain]) return false;
  }
  return true;
}

function meanOf(candidates: readonly Candidate[], columns: number): Float64Array {
  const mean = new Float64Array(columns);
  for (const { mixture } of candidates) {
    for (let domain = 0; domain < columns; domain++) mean[domain] += mixture[domain];
  }
  const total = mean.reduce((sum, weight) => sum + weight, 0);
  return mean.map((weight) => weight / total);
}

/** Runs of this length are sorted in one go: about a millisecond. */
const runLength = 4_096;
/** Indices merged between two reports: about a millisecond. */
const mergedPerReport = 16_384;

/**
 * The indices of scores, lowest score first; equal scores keep their order. A merge sort, so that ranking a
 * million mixtures can be cancelled.
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

/** Runs from which an optimum is looked for. */
export const startingRuns = 4;

/**
 * The best runs that lie within bounds.
 *
 * @param order of the runs, best first
 * @returns `most` mixtures, fewer where fewer lie within
 */
export function bestWithin(
  runs: Matrix,
  order: Uint32Array,
  { lower, upper }: Bounds,
  most: number,
): Float64Array[] {
  const found: Float64Array[] = [];
  for (let place = 0; place < order.length && found.length < most; place++) {
    const run = rowOf(runs, order[place]);
    if (isWithin(run, lower, upper)) found.push(run);
  }
  return found;
}

/**
 * Mixtures from which a descent is to start: the best runs within bounds and, as tight bounds contain hardly
 * any, the best of all moved to the nearest mixture within them.
 *
 * @param order of the runs, best first
 */
export function startsWithin(runs: Matrix, order: Uint32Array, bounds: Bounds): Float64Array[] {
  const within = bestWithin(runs, order, bounds, startingRuns);
  const moved = Array.from(order.subarray(0, startingRuns - within.length), (row) =>
    projectToBounds(rowOf(runs, row), bounds.lower, bounds.upper),
  );
  return [...within, ...moved];
}
