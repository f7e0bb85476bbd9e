/**
 * Overfitting, seen happening: polynomials of more and more terms, fitted to some runs by least squares,
 * with their errors on these runs and on others.
 */
import type { Job } from '../model/job';
import { type Matrix, selectRows, zeros } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Sample } from '../model/regressor';
import { fitOrdinaryLeastSquares } from './linear';
import { predictModel } from './predict';

/** One fit of the curve. */
export interface FlexibleFit {
  /** Number of its terms, the constant not counted. */
  readonly terms: number;
  /** Root mean squared error on the runs it was fitted to, in the target's unit. */
  readonly fitted: number;
  /** The same on the unseen runs. */
  readonly unseen: number;
  /** One prediction for each fitted and each unseen run. */
  readonly predictedFitted: Float64Array;
  readonly predictedUnseen: Float64Array;
}

/**
 * Products of one, two or three weights, as lists of domains in ascending order: all of degree 1 first, then
 * those of degree 2, then 3; within a degree, powers of one domain before products of several.
 *
 * @param domains D >= 1
 * @returns D + D (D + 1) / 2 + D (D + 1) (D + 2) / 6 terms
 */
export function polynomialTerms(domains: number): readonly (readonly number[])[] {
  const all = Array.from({ length: domains }, (_, domain) => domain);
  const degrees: (readonly number[])[][] = [all.map((domain) => [domain])];
  for (let degree = 2; degree <= 3; degree++) {
    degrees.push(
      degrees[degree - 2].flatMap((term) =>
        all.slice(term[term.length - 1]).map((domain) => [...term, domain]),
      ),
    );
  }
  const kinds = (term: readonly number[]) => new Set(term).size;
  return degrees.flatMap((terms) => terms.toSorted((a, b) => kinds(a) - kinds(b)));
}

/**
 * Which runs a fit of so many is made to: the first of a random order of all, so that a larger number keeps
 * the runs of a smaller one.
 *
 * @param count 1..total
 * @param seed an integer from 0 to 2^32 - 1
 */
export function chosenRuns(total: number, count: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: total }, (_, row) => row);
  const random = createRandomStream(seed);
  for (let last = total - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order.slice(0, count);
}

/**
 * Fits polynomials with the first terms of {@link polynomialTerms}, over all domains but the last, for each
 * number of terms asked for.
 *
 * @param sample the runs fitted to: n x D weights, and n losses
 * @param unseen runs to test on: m x D weights, and m losses
 * @param counts numbers of terms
 */
export function* flexibleFits(
  sample: Sample,
  unseen: Sample,
  counts: readonly number[],
): Job<readonly FlexibleFit[]> {
  // Weights sum to 1: without the last domain no term says what others say already.
  const terms = polynomialTerms(sample.features.columns - 1);
  const scales = terms.map((term) => scaleOf(sample.features, term));
  const fits: FlexibleFit[] = [];
  for (const [done, count] of counts.entries()) {
    yield { done, total: counts.length, unit: 'fits' };
    const used = terms.slice(0, count);
    const [features, others] = [sample.features, unseen.features].map((mixtures) =>
      expand(mixtures, used, scales),
    );
    const model = yield* fitOrdinaryLeastSquares({ features, values: sample.values });
    const predictedFitted = yield* predictModel(model, features);
    const predictedUnseen = yield* predictModel(model, others);
    fits.push({
      terms: used.length,
      fitted: rootMeanSquare(predictedFitted, sample.values),
      unseen: rootMeanSquare(predictedUnseen, unseen.values),
      predictedFitted,
      predictedUnseen,
    });
  }
  return fits;
}

/** The runs of a sample at the given rows. */
export function rowsOf({ features, values }: Sample, rows: Int32Array): Sample {
  return {
    features: selectRows(features, rows),
    values: Float64Array.from(rows, (row) => values[row]),
  };
}

function termAt({ values, columns }: Matrix, row: number, term: readonly number[]): number {
  return term.reduce((product, domain) => product * values[row * columns + domain], 1);
}

/** Factor that gives a term's values a mean square of 1: products of weights are small. */
function scaleOf(mixtures: Matrix, term: readonly number[]): number {
  let sum = 0;
  for (let row = 0; row < mixtures.rows; row++) sum += termAt(mixtures, row, term) ** 2;
  return sum > 0 ? Math.sqrt(mixtures.rows / sum) : 0;
}

function expand(
  mixtures: Matrix,
  terms: readonly (readonly number[])[],
  scales: readonly number[],
): Matrix {
  const expanded = zeros(mixtures.rows, terms.length);
  for (let row = 0; row < mixtures.rows; row++) {
    terms.forEach((term, place) => {
      expanded.values[row * terms.length + place] = termAt(mixtures, row, term) * scales[place];
    });
  }
  return expanded;
}

function rootMeanSquare(predicted: Float64Array, measured: Float64Array): number {
  const sum = predicted.reduce((total, value, row) => total + (value - measured[row]) ** 2, 0);
  return Math.sqrt(sum / measured.length);
}
