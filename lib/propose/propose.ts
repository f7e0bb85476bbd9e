import { StageError } from '../errors';
import type { Job } from '../job';
import { rowOf } from '../matrix';
import { isWithin, projectToBounds, totalVariation } from '../mixture/simplex';
import { type Candidates, drawCandidates, leastDistance } from './candidates';
import { expectedImprovement } from './expected-improvement';
import { defaultSpaceShare, mostProposals, type Proposal, type ProposalRequest } from './types';

/** Best runs within the bounds whose prediction may be the best so far. */
const comparedRuns = 16;

/**
 * The next mixtures to train proxies on, as rounds of CLIMB alternate fitting and proposing (Diao et
 * al. 2025, arXiv 2504.13161, section 3). Mixtures are picked one after the other: most by expected
 * improvement over the best (Jones et al. 1998), where every pick is believed to turn out as predicted
 * before the next is made (Ginsbourger et al. 2010, section 4.2), and every so many the one farthest
 * in total variation from all runs and picks. No two, and none and a run, are nearer than 0.005.
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
    const chosen = isSpace ? farthest(room) : mostGain(gains, set.means, sign, room);
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
    narrow(room, candidates, weights);
    yield { done: pick + 1, total: count, unit: 'mixtures' };
  }
  return proposals;
}

function check({ count, bounds, optimum }: ProposalRequest, spaceShare: number): void {
  if (!Number.isInteger(count) || count < 1 || count > mostProposals) {
    throw new StageError(
      'optimum',
      `${count} mixtures cannot be proposed.`,
      `Ask for a whole number from 1 to ${mostProposals}.`,
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
 * What is to be beaten: the best prediction among the best-measured runs within the bounds, which
 * noise has not flattered. Runs outside of the bounds are no choice; with none inside, the prediction
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
    if (room[row] >= leastDistance && (best < 0 || room[row] > room[best])) best = row;
  }
  return best;
}

/** The candidate expected to gain most, by its mean where none is expected to; -1 when none has room. */
function mostGain(
  gains: Float64Array,
  means: Float64Array,
  sign: number,
  room: Float64Array,
): number {
  let best = -1;
  for (let row = 0; row < gains.length; row++) {
    if (room[row] < leastDistance) continue;
    const ahead =
      best < 0 ||
      gains[row] > gains[best] ||
      (gains[row] === gains[best] && sign * means[row] < sign * means[best]);
    if (ahead) best = row;
  }
  return best;
}

/** Takes a pick into account in the distances of all candidates. */
function narrow(room: Float64Array, { mixtures }: Candidates, picked: Float64Array): void {
  for (let row = 0; row < room.length; row++) {
    room[row] = Math.min(room[row], totalVariation(rowOf(mixtures, row), picked));
  }
}
