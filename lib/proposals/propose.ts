/** The next mixtures to train: optima of refits where they promise a gain, and random ones. */

import { regmixSampling, sampleDirichlet } from '../mixture/sampling';
import { isWithin, projectToBounds, tolerance, totalVariation } from '../mixture/simplex';
import { power } from '../model/elementary';
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import { type Matrix, rowOf } from '../model/matrix';
import { createRandomStream, type RandomStream } from '../model/random';
import { maxProposals, type ProposalRequest, type ProposedMixture } from './types';

/** Mixtures nearer to one another, in total variation, are redundant. */
const minDistance = 0.005;
/** Draws per mixture wanted: many fall on the same corner of tight bounds. */
const oversampling = 8;
/** Total concentration of draws around an optimum: of 17 domains, a tenth of the weight moves. */
const nearby = 80;
/** Share of the prior in the centre of those, so that they can contain domains that the optimum lacks. */
const priorPart = 0.05;
/** Weights compared between two reports: a few milliseconds of work. */
const workPerReport = 1_000_000;

/**
 * The next mixtures to train proxies on. Where there are promising mixtures, every other one is the next of
 * those or, when they are used up, a draw around one of them; the others are random: in turn a draw of RegMix's
 * sampler (Liu et al. 2024, section 3.1), moved into the bounds, and a corner of the bounds, so that they are
 * as wide as the sampler's without bounds. No two, and none and a run, are nearer than 0.005.
 *
 * @returns up to `count` mixtures; fewer when the bounds leave no more room
 * @throws StageError when the count is out of range, or the bounds leave no room at all
 */
export function* proposeMixtures(request: ProposalRequest): Job<readonly ProposedMixture[]> {
  const { runs, bounds, promising, count } = request;
  check(request);
  const taken: ProposedMixture[] = [];
  const drawn = yield* drawVaried(request);
  const near = promising.length > 0 ? yield* drawNearby(request) : [];
  const queues = {
    improvement: [...promising, ...near].values(),
    space: drawn.values(),
  };
  let work = 0;
  /** The next of a kind that differs from all runs and picks; null when there is none. */
  function* next(reason: ProposedMixture['reason']): Job<ProposedMixture | null> {
    for (const mixture of queues[reason]) {
      const moved = projectToBounds(mixture, bounds.lower, bounds.upper);
      const weights = roundWithin(moved, bounds.lower, bounds.upper);
      const distance = nearestDistance(runs, weights);
      work += runs.values.length + taken.length * weights.length + 100 * weights.length;
      if (work >= workPerReport) {
        work = 0;
        yield { done: taken.length, total: count, unit: 'mixtures' };
      }
      if (distance < minDistance) continue;
      if (taken.some((other) => totalVariation(other.weights, weights) < minDistance)) continue;
      return { weights, reason, distance };
    }
    return null;
  }
  while (taken.length < count) {
    const isPromising = promising.length > 0 && taken.length % 2 === 0;
    const found = isPromising
      ? ((yield* next('improvement')) ?? (yield* next('space')))
      : ((yield* next('space')) ?? (yield* next('improvement')));
    if (!found) break;
    taken.push(found);
    yield { done: taken.length, total: count, unit: 'mixtures' };
  }
  if (taken.length === 0) {
    throw new StageError(
      'optimum',
      'No mixture within these limits differs from the runs that were trained.',
      'Widen the limits, or unlock weights.',
    );
  }
  return taken;
}

function check({ count, bounds, prior }: ProposalRequest): void {
  if (!Number.isInteger(count) || count < 1 || count > maxProposals) {
    throw new StageError(
      'optimum',
      `${count} mixtures cannot be proposed.`,
      `Ask for a whole number from 1 to ${maxProposals}.`,
    );
  }
  const moved = projectToBounds(prior, bounds.lower, bounds.upper);
  if (!isWithin(moved, bounds.lower, bounds.upper)) {
    throw new StageError('optimum', 'No mixture meets these limits.', 'Widen the limits.');
  }
}

/** Strengths between one draw and the next, so that even few draws are of weak and strong ones. */
const stride = 4;

/** Draws around the tempered prior, those of all strengths in turn, and corners of the bounds between them. */
function* drawVaried({ prior, bounds, count, seed }: ProposalRequest): Job<Float64Array[]> {
  const { temperature, concentrations } = regmixSampling;
  const { least, most, steps } = concentrations;
  const tempered = prior.map((weight) => (weight > 0 ? power(weight, temperature) : 0));
  const total = tempered.reduce((sum, weight) => sum + weight, 0);
  const drawings: Matrix[] = [];
  for (let place = 0; place < steps; place++) {
    const step = (place * stride) % steps;
    const strength = least * power(most / least, step / (steps - 1));
    const concentration = tempered.map((weight) => (strength * weight) / total);
    const each = Math.ceil((oversampling * count) / steps);
    drawings.push(yield* sampleDirichlet(concentration, each, seed + step));
  }
  const stream = createRandomStream(seed + steps);
  return inTurn(drawings).flatMap((mixture) => [mixture, cornerOf(bounds, stream)]);
}

/** As much weight as the bounds allow to one domain after another, in random order. */
function cornerOf({ lower, upper }: ProposalRequest['bounds'], stream: RandomStream): Float64Array {
  const order = Array.from(lower, (_, domain) => ({ domain, key: stream.uniform() })).sort(
    (a, b) => a.key - b.key,
  );
  const corner = Float64Array.from(lower);
  let left = 1 - corner.reduce((sum, weight) => sum + weight, 0);
  for (const { domain } of order) {
    const more = Math.min(Math.max(0, left), upper[domain] - lower[domain]);
    corner[domain] += more;
    left -= more;
  }
  return corner;
}

/** Draws around the promising mixtures, one of each in turn. */
function* drawNearby({ prior, promising, count, seed }: ProposalRequest): Job<Float64Array[]> {
  const each = Math.ceil(count / promising.length);
  const drawings: Matrix[] = [];
  for (const [place, centre] of promising.entries()) {
    const concentration = centre.map(
      (weight, domain) => nearby * ((1 - priorPart) * weight + priorPart * prior[domain]),
    );
    const seeded = seed + regmixSampling.concentrations.steps + 1 + place;
    drawings.push(yield* sampleDirichlet(concentration, each, seeded));
  }
  return inTurn(drawings);
}

/** The first row of every drawing, then the second of every one, and so on. */
function inTurn(drawings: readonly Matrix[]): Float64Array[] {
  const rows = Array.from({ length: drawings[0].rows }, (_, row) => row);
  return rows.flatMap((row) => drawings.map((drawing) => rowOf(drawing, row)));
}

/** Total variation distance to the nearest row; 1 when there is none. */
function nearestDistance(mixtures: Matrix, weights: Float64Array): number {
  let nearest = 1;
  for (let row = 0; row < mixtures.rows; row++) {
    nearest = Math.min(nearest, totalVariation(rowOf(mixtures, row), weights));
  }
  return nearest;
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
