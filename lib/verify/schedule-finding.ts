import { formatPercent } from '../format';
import { totalVariation } from '../mixture/simplex';
import type { Domain } from '../study/types';
import type { SchedulePhase } from './schedule';

/** A schedule that moves less of its weight than this stays as good as it was. */
const little = 0.02;

/** What changes over a training, in a sentence: how much weight moves, from where to where. */
export function scheduleFinding(
  domains: readonly Domain[],
  phases: readonly SchedulePhase[],
  target: string,
): string {
  const first = phases[0];
  const last = phases[phases.length - 1];
  const moved = totalVariation(first.weights, last.weights);
  if (phases.length === 1)
    return `One checkpoint alone: the optimum for ${target} has no schedule.`;
  if (moved < little) {
    return `The optimum for ${target} hardly changes over training: ${formatPercent(moved, 1)} of its weight moves.`;
  }
  const change = domains.map((_, domain) => last.weights[domain] - first.weights[domain]);
  const rises = change.indexOf(Math.max(...change));
  const falls = change.indexOf(Math.min(...change));
  const course = (domain: number) =>
    `${domains[domain].name} from ${formatPercent(first.weights[domain], 0)} to ${formatPercent(last.weights[domain], 0)}`;
  return `Over training ${formatPercent(moved, 0)} of the weight of the optimum for ${target} moves: ${course(rises)}, ${course(falls)}.`;
}
