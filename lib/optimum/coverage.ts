import type { Job } from '../job';
import { type Matrix, rowOf } from '../matrix';
import { totalVariation } from '../mixture/simplex';
import type { Coverage } from './types';

/** Weights that measuring a neighbourhood may compare: a second of work at most. */
const mostCompared = 400_000_000;
/** Fewest runs whose nearest neighbour is looked for, however many runs there are. */
const leastMeasured = 200;
/** Weights compared between two reports: a few milliseconds of work. */
const comparedPerReport = 2_000_000;
/** A mixture farther from its nearest run than this share of runs is from theirs counts as far. */
const farPercentile = 0.05;

/** How far each training run lies from the others. */
export interface Neighbourhood {
  readonly mixtures: Matrix;
  /** Ascending distances of runs to their nearest neighbour. */
  readonly distances: Float64Array;
}

/**
 * Measures the distances of runs to their nearest neighbour, once per study; of very many runs, those
 * of an evenly spaced part, each against all others.
 */
export function* measureNeighbourhood(mixtures: Matrix): Job<Neighbourhood> {
  const { rows, columns } = mixtures;
  const measured = Math.max(leastMeasured, Math.floor(mostCompared / (rows * columns)));
  const step = Math.max(1, rows / measured);
  const distances: number[] = [];
  let compared = 0;
  for (let place = 0; place < rows && rows > 1; place += step) {
    const row = Math.floor(place);
    const mixture = rowOf(mixtures, row);
    const neighbour = nearestRow(mixtures, mixture, row);
    distances.push(totalVariation(mixture, rowOf(mixtures, neighbour)));
    compared += rows * columns;
    if (compared >= comparedPerReport) {
      compared = 0;
      yield { done: row, total: rows, unit: 'runs' };
    }
  }
  return { mixtures, distances: Float64Array.from(distances).sort() };
}

/** Where a mixture lies among the training runs. */
export function coverageOf(
  { mixtures, distances }: Neighbourhood,
  weights: Float64Array,
): Coverage {
  const nearest = nearestRow(mixtures, weights, -1);
  const distance = totalVariation(weights, rowOf(mixtures, nearest));
  const asFar = distances.filter((value) => value >= distance).length;
  const percentile = distances.length === 0 ? 0 : asFar / distances.length;
  return { distance, nearest, percentile, far: percentile < farPercentile };
}

/** The row of the mixture nearest to the weights, other than the row `except`. */
function nearestRow(
  { rows, columns, values }: Matrix,
  weights: Float64Array,
  except: number,
): number {
  let least = Number.POSITIVE_INFINITY;
  let nearest = -1;
  for (let row = 0; row < rows; row++) {
    if (row === except) continue;
    const start = row * columns;
    let sum = 0;
    for (let domain = 0; domain < columns && sum < least; domain++) {
      sum += Math.abs(values[start + domain] - weights[domain]);
    }
    if (sum >= least) continue;
    least = sum;
    nearest = row;
  }
  return nearest;
}
