import { formatPercent } from '../format';
import { totalVariation } from '../mixture/simplex';
import type { Domain } from '../study/types';
import type { SchedulePhase } from './schedule';

/** A schedule that moves less of its weight than this stays as good as it was. */
const little = 0.02;

/**
 * What changes over a training, in a sentence: how much weight moves, from where to where. Where more moves on
 * the way than between its ends, the two phases that differ most tell.
 */
export function scheduleFinding(
  domains: readonly Domain[],
  phases: readonly SchedulePhase[],
  target: string,
): string {
  const [first, last] = farthest(phases);
  const moved = totalVariation(first.weights, last.weights);
  if (phases.length === 1)
    return `One checkpoint alone: the optimum for ${target} has no schedule.`;
  if (moved < little) {
    return `The optimum for ${target} hardly changes over training: at most ${formatPercent(moved, 1)} of its weight moves.`;
  }
  const change = domains.map((_, domain) => last.weights[domain] - first.weights[domain]);
  const rises = change.indexOf(Math.max(...change));
  const falls = change.indexOf(Math.min(...change));
  const course = (domain: number) =>
    `${domains[domain].name} from ${formatPercent(first.weights[domain], 0)} to ${formatPercent(last.weights[domain], 0)}`;
  const between =
    first === phases[0] && last === phases[phases.length - 1]
      ? 'Over training'
      : `Between ${formatPercent(first.from, 0)} and ${formatPercent(last.from, 0)} of the training`;
  return `${between} ${formatPercent(moved, 0)} of the weight of the optimum for ${target} moves: ${course(rises)}, ${course(falls)}.`;
}

/** The ends of a schedule, or two phases in their order that differ by notably more. */
function farthest(phases: readonly SchedulePhase[]): readonly [SchedulePhase, SchedulePhase] {
  let pair: readonly [SchedulePhase, SchedulePhase] = [phases[0], phases[phases.length - 1]];
  let most = totalVariation(pair[0].weights, pair[1].weights) + little;
  phases.forEach((first, place) => {
    for (const last of phases.slice(place + 1)) {
      const moved = totalVariation(first.weights, last.weights);
      if (moved > most) {
        most = moved;
        pair = [first, last];
      }
    }
  });
  return pair;
}
