import type { Job } from '../job';
import { type Matrix, rowOf } from '../matrix';
import { totalVariation } from '../mixture/simplex';
import type { Coverage } from './types';

/** Runs whose nearest neighbour is looked for; more would not change a percentile. */
const mostRuns = 1_500;
/** A mixture farther from its nearest run than this share of runs is from theirs counts as far. */
const farPercentile = 0.05;

/** How far each training run lies from the others. */
export interface Neighbourhood {
  readonly mixtures: Matrix;
  /** Ascending distances of runs to their nearest neighbour. */
  readonly distances: Float64Array;
}

/** Measures the nearest-neighbour distances of the runs, once per study. */
export function* measureNeighbourhood(mixtures: Matrix): Job<Neighbourhood> {
  const step = Math.max(1, Math.floor(mixtures.rows / mostRuns));
  const distances: number[] = [];
  for (let row = 0; row < mixtures.rows; row += step) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let other = 0; other < mixtures.rows; other += step) {
      if (other === row) continue;
      nearest = Math.min(nearest, totalVariation(rowOf(mixtures, row), rowOf(mixtures, other)));
    }
    if (Number.isFinite(nearest)) distances.push(nearest);
    if (distances.length % 16 === 0) yield { done: row, total: mixtures.rows, unit: 'runs' };
  }
  return { mixtures, distances: Float64Array.from(distances).sort() };
}

/** Where a mixture lies among the training runs. */
export function coverageOf(
  { mixtures, distances }: Neighbourhood,
  weights: Float64Array,
): Coverage {
  let distance = Number.POSITIVE_INFINITY;
  let nearest = -1;
  for (let row = 0; row < mixtures.rows; row++) {
    const there = totalVariation(rowOf(mixtures, row), weights);
    if (there < distance) {
      distance = there;
      nearest = row;
    }
  }
  const asFar = distances.filter((value) => value >= distance).length;
  const percentile = distances.length === 0 ? 0 : asFar / distances.length;
  return { distance, nearest, percentile, far: percentile < farPercentile };
}
