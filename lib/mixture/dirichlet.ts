import type { Job } from '../job';
import { type Matrix, zeros } from '../matrix';
import { createRandomStream } from '../random/numpy';

/** Rows drawn between two reports: a few milliseconds of work. */
const rowsPerReport = 1_000;
/** Below it, one divided by the total is no longer a finite double. */
const smallestTotal = 1e-300;

/**
 * Draws mixtures from a Dirichlet distribution exactly as `numpy.random.seed(seed);
 * numpy.random.dirichlet(concentration, count)` does, with which RegMix simulates mixtures
 * (its regression notebook).
 *
 * @param concentration D values >= 0, not all 0; a domain of concentration 0 gets no weight
 * @returns count x D, rows >= 0 that sum to 1
 */
export function* sampleDirichlet(
  concentration: Float64Array,
  count: number,
  seed: number,
): Job<Matrix> {
  const stream = createRandomStream(seed);
  const mixtures = zeros(count, concentration.length);
  const { values, columns } = mixtures;
  for (let row = 0; row < count; row++) {
    const start = row * columns;
    let total = 0;
    // With tiny concentrations every gamma can underflow: such a draw says nothing, draw again.
    while (total < smallestTotal) {
      total = 0;
      for (let domain = 0; domain < columns; domain++) {
        const drawn = stream.gamma(concentration[domain]);
        values[start + domain] = drawn;
        total += drawn;
      }
    }
    const scale = 1 / total;
    for (let domain = 0; domain < columns; domain++) values[start + domain] *= scale;
    if (row % rowsPerReport === 0) yield { done: row, total: count, unit: 'mixtures' };
  }
  return mixtures;
}
