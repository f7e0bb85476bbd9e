import { StageError } from '../errors';
import type { Job } from '../job';
import { type Matrix, rowOf } from '../matrix';
import { sampleDirichlet } from '../mixture/dirichlet';
import { projectToBounds } from '../mixture/simplex';
import type { Bounds } from './types';

/** Weights a pool may hold: 200 MB. */
const mostWeights = 25_000_000;
/** Draws that are moved onto tight bounds when too few lie within them. */
const movedDraws = 512;

/** Simulated mixtures with what a model says of them. */
export interface Pool {
  /** count x D. */
  readonly mixtures: Matrix;
  /** count scores, lower is better. */
  readonly scores: Float64Array;
  /** Indices of the mixtures, best score first. */
  readonly order: Uint32Array;
}

/** The best of a pool under bounds. */
export interface PoolBest {
  /** D: the mean of the best draws. */
  readonly weights: Float64Array;
  /** Draws that met the bounds, as far as they were looked for: topK means at least so many. */
  readonly within: number;
  /** Draws that had to be moved onto the bounds to make up topK. */
  readonly moved: number;
}

/**
 * Draws RegMix's simulated mixtures, Dirichlet with the prior as its concentration.
 *
 * @throws StageError when count x D weights would not fit in memory
 */
export function* drawPool(prior: Float64Array, count: number, seed: number): Job<Matrix> {
  if (count * prior.length > mostWeights) {
    const most = Math.floor(mostWeights / prior.length);
    throw new StageError(
      'optimum',
      `${count.toLocaleString('en')} mixtures of ${prior.length} domains do not fit in memory.`,
      `Draw at most ${most.toLocaleString('en')}.`,
    );
  }
  return yield* sampleDirichlet(prior, count, seed);
}

/** Sorts a pool by its scores, best first. */
export function rankPool(mixtures: Matrix, scores: Float64Array): Pool {
  const order = Uint32Array.from({ length: mixtures.rows }, (_, row) => row);
  order.sort((a, b) => scores[a] - scores[b] || a - b);
  return { mixtures, scores, order };
}

/**
 * RegMix's optimum: the mean of the topK best draws that meet the bounds (its regression notebook).
 * Bounds are convex, so the mean meets them too. Under tight bounds hardly a draw does; then the
 * best draws are moved to the nearest mixture within the bounds, scored again, and make up the rest.
 *
 * @param bounds feasible
 * @param score of one mixture, lower is better
 */
export function* bestOfPool(
  pool: Pool,
  bounds: Bounds,
  topK: number,
  score: (mixture: Float64Array) => number,
): Job<PoolBest> {
  const { mixtures, order } = pool;
  const { columns, values } = mixtures;
  const chosen: Float64Array[] = [];
  for (let place = 0; place < order.length && chosen.length < topK; place++) {
    if (meets(values, order[place] * columns, bounds)) chosen.push(rowOf(mixtures, order[place]));
  }
  const within = chosen.length;
  const candidates: { mixture: Float64Array; score: number }[] = [];
  if (within < topK) {
    const most = Math.min(movedDraws, order.length);
    for (let place = 0; place < most; place++) {
      const draw = rowOf(mixtures, order[place]);
      const mixture = projectToBounds(draw, bounds.lower, bounds.upper);
      candidates.push({ mixture, score: score(mixture) });
      if (place % 64 === 0) yield { done: place, total: most, unit: 'mixtures' };
    }
    candidates.sort((a, b) => a.score - b.score);
  }
  const moved = candidates.slice(0, topK - within).map(({ mixture }) => mixture);
  return { weights: meanOf([...chosen, ...moved], columns), within, moved: moved.length };
}

function meets(values: Float64Array, start: number, { lower, upper }: Bounds): boolean {
  for (let domain = 0; domain < upper.length; domain++) {
    const weight = values[start + domain];
    if (weight > upper[domain] || weight < lower[domain]) return false;
  }
  return true;
}

function meanOf(mixtures: readonly Float64Array[], columns: number): Float64Array {
  const mean = new Float64Array(columns);
  for (const mixture of mixtures) {
    for (let domain = 0; domain < columns; domain++) mean[domain] += mixture[domain];
  }
  const total = mean.reduce((sum, weight) => sum + weight, 0);
  return mean.map((weight) => weight / total);
}
