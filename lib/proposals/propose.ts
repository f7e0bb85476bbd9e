/** The next mixtures to train: candidates within the limits, chosen by expected improvement and by distance. */

import { sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds, tolerance, totalVariation } from '../mixture/simplex';
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import { type Matrix, rowOf, zeros } from '../model/matrix';
import { defaultSpaceShare, maxProposals, type Proposal, type ProposalRequest } from './types';

/** Best runs within the bounds whose prediction may be the best so far. */
const comparedRuns = 16;

/**
 * The next mixtures to train proxies on, as rounds of CLIMB alternate fitting and proposing (Diao et al.
 * 2025, arXiv 2504.13161, section 3). Mixtures are picked one after the other: most by expected improvement
 * over the best (Jones et al. 1998), where every pick is assumed to turn out as predicted before the next is
 * made (Ginsbourger et al. 2010, section 4.2), and every so many the one farthest in total variation from all
 * runs and picks. No two, and none and a run, are nearer than 0.005.
 *
 * @returns up to `count` proposals in the order of picking; fewer when the bounds leave no more room
 * @throws StageError when the count or the share is out of range, or the bounds leave no room at all
 */
export function* proposeMixtures(request: ProposalRequest): Job<readonly Proposal[]> {
  const { posterior, count, spaceShare = defaultSpaceShare } = request;
  check(request, spaceShare);
  const candidates = yield* drawCandidates(request);
  const { mixtures, distances } = candidates;
  if (mixtures.rows === 0) {
    throw new StageError(
      'optimum',
      'No mixture within these limits differs from the runs that were trained.',
      'Widen the limits, or take the locks off.',
    );
  }
  const set = yield* posterior.candidates(mixtures);
  const sds = Float64Array.from(set.sds);
  const sign = request.direction === 'lower' ? 1 : -1;
  let best = sign * bestValue(request);
  /** Per candidate, the distance to the nearest run or pick. */
  const room = Float64Array.from(distances);
  const gains = new Float64Array(mixtures.rows);
  const proposals: Proposal[] = [];
  for (let pick = 0; pick < count; pick++) {
    for (let row = 0; row < gains.length; row++) {
      gains[row] = expectedImprovement(sign * set.means[row], set.sds[row], best);
    }
    const isSpace = Math.floor((pick + 1) * spaceShare) > Math.floor(pick * spaceShare);
    const chosen = isSpace ? farthest(room) : mostPromising(gains, set.means, sign, room);
    if (chosen < 0) break;
    const weights = rowOf(mixtures, chosen).slice();
    proposals.push({
      weights,
      reason: isSpace ? 'space' : 'improvement',
      mean: set.means[chosen],
      sd: sds[chosen],
      expectedImprovement: gains[chosen],
      distance: distances[chosen],
    });
    set.observe(chosen);
    best = Math.min(best, sign * set.means[chosen]);
    updateDistances(room, candidates, weights);
    yield { done: pick + 1, total: count, unit: 'mixtures' };
  }
  return proposals;
}

function check({ count, bounds, optimum }: ProposalRequest, spaceShare: number): void {
  if (!Number.isInteger(count) || count < 1 || count > maxProposals) {
    throw new StageError(
      'optimum',
      `${count} mixtures cannot be proposed.`,
      `Ask for a whole number from 1 to ${maxProposals}.`,
    );
  }
  if (!(spaceShare >= 0 && spaceShare <= 1)) {
    throw new StageError(
      'optimum',
      `A share of ${spaceShare} cannot explore.`,
      'Ask for a share from 0 to 1.',
    );
  }
  const moved = projectToBounds(optimum, bounds.lower, bounds.upper);
  if (!isWithin(moved, bounds.lower, bounds.upper)) {
    throw new StageError('optimum', 'No mixture meets these limits.', 'Widen the limits.');
  }
}

/**
 * The value to improve on: the best prediction among the best-measured runs within the bounds; predictions,
 * unlike measurements, are not biased by selecting lucky noise. With no run inside the bounds, the prediction
 * of the prior moved into them.
 */
function bestValue({ posterior, direction, runs, bounds, prior }: ProposalRequest): number {
  const sign = direction === 'lower' ? 1 : -1;
  const { features, values } = runs;
  const inside = Array.from(values.keys())
    .filter(
      (row) =>
        Number.isFinite(values[row]) && isWithin(rowOf(features, row), bounds.lower, bounds.upper),
    )
    .sort((a, b) => sign * (values[a] - values[b]) || a - b)
    .slice(0, comparedRuns)
    .map((row) => rowOf(features, row));
  if (inside.length === 0) inside.push(projectToBounds(prior, bounds.lower, bounds.upper));
  const predicted = inside.map((mixture) => sign * posterior.predict(mixture).mean);
  return sign * Math.min(...predicted);
}

/** The candidate with the most room; -1 when none has enough. */
function farthest(room: Float64Array): number {
  let best = -1;
  for (let row = 0; row < room.length; row++) {
    if (room[row] >= minDistance && (best < 0 || room[row] > room[best])) best = row;
  }
  return best;
}

/** The candidate expected to gain most, by its mean where none is expected to; -1 when none has room. */
function mostPromising(
  gains: Float64Array,
  means: Float64Array,
  sign: number,
  room: Float64Array,
): number {
  let best = -1;
  for (let row = 0; row < gains.length; row++) {
    if (room[row] < minDistance) continue;
    const ahead =
      best < 0 ||
      gains[row] > gains[best] ||
      (gains[row] === gains[best] && sign * means[row] < sign * means[best]);
    if (ahead) best = row;
  }
  return best;
}

/** Updates the distances of all candidates for a new pick. */
function updateDistances(room: Float64Array, { mixtures }: Candidates, picked: Float64Array): void {
  for (let row = 0; row < room.length; row++) {
    room[row] = Math.min(room[row], totalVariation(rowOf(mixtures, row), picked));
  }
}

/** Mixtures nearer to one another, in total variation, are redundant. */
const minDistance = 0.005;

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
/** Share of the prior in every other centre, so that draws can contain domains that the centre lacks. */
const priorPart = 0.05;
/** Weights compared or moved between two reports: a few milliseconds of work. */
const workPerReport = 1_000_000;

/** Mixtures to choose from, none of which has been tried. */
interface Candidates {
  /** n x D, within the bounds and rounded. */
  readonly mixtures: Matrix;
  /** n total variation distances to the nearest training run, at least {@link minDistance}. */
  readonly distances: Float64Array;
}

/**
 * Draws about 2,000 candidates: Dirichlet around the prior, the optimum and the best runs, moved into
 * the bounds and rounded; the optimum itself is the first. Those that repeat a run are left out.
 */
function* drawCandidates(request: ProposalRequest): Job<Candidates> {
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
      if (distance >= minDistance) {
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

/** From here on a continued fraction gives the tail to more digits than the series. */
const tail = 3;
/** Terms after which the fraction no longer changes in double precision at {@link tail} and beyond. */
const fractionTerms = 60;

/**
 * Expected improvement E[max(0, best - Y)] of a normal Y (Jones, Schonlau and Welch 1998, equation
 * 15), for values of which lower is better: sd (z Phi(z) + phi(z)) with z = (best - mean) / sd. Far
 * above the best it keeps its relative precision, so that hopeless mixtures can still be ranked.
 *
 * @param sd >= 0
 * @returns a value >= 0 in the unit of its arguments
 */
export function expectedImprovement(mean: number, sd: number, best: number): number {
  if (!(sd > 0)) return Math.max(0, best - mean);
  const z = (best - mean) / sd;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > -tail) return sd * (z * lowerTail(z, density) + density);
  return sd * density * (1 + z * millsRatio(-z));
}

/** Phi(z) by its series 1/2 + phi(z) (z + z^3/3 + z^5/15 + ...) (Abramowitz and Stegun 1964, 26.2.11). */
function lowerTail(z: number, density: number): number {
  if (z > 8) return 1;
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * Number.EPSILON; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + density * sum;
}

/** (1 - Phi(x)) / phi(x) for large x: 1 / (x + 1 / (x + 2 / (x + ...))) (the same, 26.2.14). */
function millsRatio(x: number): number {
  let fraction = x;
  for (let term = fractionTerms; term > 0; term--) fraction = x + term / fraction;
  return 1 / fraction;
}

/** Steps into which 1 is divided, coarse to fine: the first with a solution within the bounds is used. */
const steps = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** Steps that a domain's mean share should span, so that many domains are not all rounded to 0. */
const stepsPerDomain = 20;
/** Part of the tolerance of bounds that rounding may use up; the rest is for the error of doubles. */
const slack = 0.9 * tolerance;

/**
 * Weights as multiples of 0.001, by the largest remainder, that still sum to 1 and lie within the bounds to
 * 1e-9: numbers that are easy to type. With many domains, or bounds that no such multiples meet, the
 * multiples are finer.
 *
 * @param weights D weights within the bounds, summing to 1
 */
export function roundWithin(
  weights: Float64Array,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float64Array {
  for (const parts of steps) {
    if (parts < stepsPerDomain * weights.length && parts < 1e6) continue;
    const counts = roundTo(parts, weights, lower, upper);
    if (counts) return counts.map((count) => count / parts);
  }
  return weights;
}

/** D counts that sum to `parts`; null when no counts lie within the bounds. */
function roundTo(
  parts: number,
  weights: Float64Array,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float64Array | null {
  const least = Float64Array.from(lower, (bound) =>
    Math.max(0, Math.ceil((bound - slack) * parts)),
  );
  const most = Float64Array.from(upper, (bound) => Math.floor((bound + slack) * parts));
  if (least.some((count, domain) => count > most[domain])) return null;
  if (sum(least) > parts || sum(most) < parts) return null;
  const counts = weights.map((weight, domain) =>
    Math.min(most[domain], Math.max(least[domain], Math.floor(weight * parts))),
  );
  const order = Array.from(counts, (_, domain) => domain);
  let rest = parts - sum(counts);
  while (rest !== 0) {
    const one = Math.sign(rest);
    const due = (domain: number) => one * (weights[domain] * parts - counts[domain]);
    order.sort((a, b) => due(b) - due(a) || a - b);
    for (const domain of order) {
      const next = counts[domain] + one;
      if (rest === 0 || next < least[domain] || next > most[domain]) continue;
      counts[domain] = next;
      rest -= one;
    }
  }
  return counts;
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
