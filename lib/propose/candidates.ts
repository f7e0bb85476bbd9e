import type { Job } from '../job';
import { type Matrix, rowOf, zeros } from '../matrix';
import { sampleDirichlet } from '../mixture/dirichlet';
import { projectToBounds, totalVariation } from '../mixture/simplex';
import { roundWithin } from './round-weights';
import type { ProposalRequest } from './types';

/** Mixtures nearer to one another, in total variation, tell the same. */
export const leastDistance = 0.005;

/** Draws around each kind of centre. */
const drawn = { prior: 800, optimum: 600, runs: 600 };
/** Total concentrations of the draws: small ones reach the corners, large ones stay near the centre. */
const concentrations = {
  prior: [1, 4, 16, 64],
  optimum: [10, 40, 160, 640],
  runs: [20, 80, 320],
};
/** Best measured runs that are drawn around. */
const bestRuns = 8;
/** Part of the prior in every other centre: a domain that a centre lacks must not be lost to its draws. */
const priorPart = 0.05;
/** Weights compared or moved between two reports: a few milliseconds of work. */
const workPerReport = 1_000_000;

/** Mixtures to choose from, none of which has been tried. */
export interface Candidates {
  /** n x D, within the bounds and rounded. */
  readonly mixtures: Matrix;
  /** n total variation distances to the nearest training run, at least {@link leastDistance}. */
  readonly distances: Float64Array;
}

/**
 * Draws about 2,000 candidates: Dirichlet around the prior, the optimum and the best runs, moved into
 * the bounds and rounded; the optimum itself is the first. Those that repeat a run are left out.
 */
export function* drawCandidates(request: ProposalRequest): Job<Candidates> {
  const { runs, bounds, optimum } = request;
  const drawings = [one(optimum), ...(yield* drawAround(request))];
  const mixtures: Float64Array[] = [];
  const distances: number[] = [];
  let work = 0;
  for (const [place, drawing] of drawings.entries()) {
    for (let row = 0; row < drawing.rows; row++) {
      const moved = projectToBounds(rowOf(drawing, row), bounds.lower, bounds.upper);
      const mixture = roundWithin(moved, bounds.lower, bounds.upper);
      const distance = nearestDistance(runs.features, mixture);
      if (distance >= leastDistance) {
        mixtures.push(mixture);
        distances.push(distance);
      }
      work += runs.features.values.length + 100 * mixture.length;
      if (work < workPerReport) continue;
      work = 0;
      yield { done: place, total: drawings.length, unit: 'draws' };
    }
  }
  const table = zeros(mixtures.length, optimum.length);
  mixtures.forEach((mixture, row) => {
    table.values.set(mixture, row * table.columns);
  });
  return { mixtures: table, distances: Float64Array.from(distances) };
}

function* drawAround({ runs, prior, optimum, direction, seed }: ProposalRequest): Job<Matrix[]> {
  const sign = direction === 'lower' ? 1 : -1;
  const best = Array.from(runs.values.keys())
    .filter((row) => Number.isFinite(runs.values[row]))
    .sort((a, b) => sign * (runs.values[a] - runs.values[b]) || a - b)
    .slice(0, bestRuns)
    .map((row) => rowOf(runs.features, row));
  const kinds = [
    { centres: [prior], totals: concentrations.prior, draws: drawn.prior },
    { centres: [optimum], totals: concentrations.optimum, draws: drawn.optimum },
    { centres: best, totals: concentrations.runs, draws: drawn.runs },
  ];
  const drawings: Matrix[] = [];
  for (const { centres, totals, draws } of kinds) {
    const each = Math.ceil(draws / Math.max(1, centres.length * totals.length));
    for (const centre of centres) {
      for (const total of totals) {
        const concentration = centre.map(
          (weight, domain) => total * ((1 - priorPart) * weight + priorPart * prior[domain]),
        );
        drawings.push(yield* sampleDirichlet(concentration, each, seed + drawings.length));
      }
    }
  }
  return drawings;
}

function one(mixture: Float64Array): Matrix {
  return { rows: 1, columns: mixture.length, values: mixture };
}

/** Total variation distance to the nearest row; 1 when there is none. */
function nearestDistance(mixtures: Matrix, weights: Float64Array): number {
  let nearest = 1;
  for (let row = 0; row < mixtures.rows; row++) {
    nearest = Math.min(nearest, totalVariation(rowOf(mixtures, row), weights));
  }
  return nearest;
}
