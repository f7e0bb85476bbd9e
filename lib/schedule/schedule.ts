/** Mixtures that change during training: construction, formats and findings. */

import {
  checkNames,
  comments,
  decimal,
  type MixtureDetails,
  plainDecimal,
  quotedText,
  roundWeights,
} from '../export/formats';
import { totalVariation } from '../mixture/simplex';
import { StageError } from '../model/errors';
import { formatPercent, plural } from '../model/format';
import type { Advice } from '../model/limits';
import type { Domain } from '../model/study';
import { datasetNames, regmixNames } from '../runs/dataset-names';
import { writeCsv } from '../runs/write-csv';
import type { MixturePhase } from '../training/batches';

/** A mixture that is used for one part of a training. */
export interface SchedulePhase {
  /** Shares of the training, 0..1: it begins where the one before ends. */
  readonly from: number;
  readonly to: number;
  /** D weights >= 0 that sum to 1. */
  readonly weights: Float64Array;
}

/**
 * The schedule of optima that were found at checkpoints of the proxies (after RegMix-D, arXiv 2606.18663): up
 * to a checkpoint, a model trains on the mixture that was best for the loss there. Phases are shares of a
 * training, so that they scale to longer ones.
 *
 * @param moments optima by the step of their checkpoint, ascending; the last step is the end of the training
 * @throws StageError without a checkpoint, or when steps do not ascend
 */
export function scheduleOf(
  moments: readonly { readonly step: number; readonly weights: Float64Array }[],
): SchedulePhase[] {
  const end = moments.at(-1)?.step ?? 0;
  let before = 0;
  if (moments.length === 0) {
    throw new StageError(
      'verify',
      'This study has no losses at checkpoints.',
      'Add a trajectory of its runs.',
    );
  }
  return moments.map(({ step, weights }) => {
    if (step <= before) {
      throw new StageError(
        'verify',
        `Step ${step} follows step ${before}: steps must ascend.`,
        'Sort the checkpoints by step.',
      );
    }
    const phase = { from: before / end, to: step / end, weights };
    before = step;
    return phase;
  });
}

/**
 * A schedule for a proxy of so many steps: its first mixture and the later ones. Of phases that begin on the
 * same step of a short training, only the last remains.
 */
export function phasesFor(
  schedule: readonly SchedulePhase[],
  steps: number,
): { readonly mixture: Float64Array; readonly schedule: MixturePhase[] } {
  const placed = new Map(
    schedule.map(({ from, weights }) => [Math.round(from * steps), weights] as const),
  );
  const [first, ...later] = [...placed].sort(([a], [b]) => a - b);
  return {
    mixture: first[1],
    schedule: later.filter(([from]) => from < steps).map(([from, mixture]) => ({ from, mixture })),
  };
}

/**
 * The advice on a whole schedule: none where no checkpoint tells mixtures apart at the end of the training,
 * which the schedule is to serve; to train on it only where that holds of every checkpoint.
 *
 * @param moments at least one, by step
 */
export function scheduleAdvice(moments: readonly { readonly advice: Advice }[]): Advice {
  const last = moments[moments.length - 1].advice;
  if (last.verb === 'none') return last;
  const unclear = moments.filter(({ advice }) => advice.verb === 'none').length;
  if (unclear > 0) {
    const reason = `the runs at ${plural(unclear, 'checkpoint')} do not tell mixtures apart`;
    return { verb: 'try', words: 'Try', reason };
  }
  return moments.find(({ advice }) => advice.verb === 'try')?.advice ?? last;
}

/** A schedule as a table: one row per phase, with shares of the training and the weights. */
function scheduleCsv(domains: readonly Domain[], schedule: readonly SchedulePhase[]): string {
  return writeCsv(
    ['from', 'to', ...checked(regmixNames(domains)).map((name) => `train_${name}`)],
    schedule.map(({ from, to, weights }) => [from, to, ...countsOf(domains, weights).map(inParts)]),
  );
}

/** A schedule as JSON: `phases` with shares of the training and weights by the names of the files. */
function scheduleJson(
  domains: readonly Domain[],
  schedule: readonly SchedulePhase[],
  { note }: Pick<MixtureDetails, 'note'> = {},
): string {
  const names = checked(datasetNames(domains));
  const phases = schedule.map(({ from, to, weights }) => {
    const rounded = countsOf(domains, weights).map(inParts);
    return { from, to, train: Object.fromEntries(names.map((name, at) => [name, rounded[at]])) };
  });
  return `${JSON.stringify({ ...(note !== undefined && { note }), phases }, null, 1)}\n`;
}

/** A schedule as YAML: `phases` with shares of the training, and weights as RegMix's trainer names them. */
function scheduleYaml(
  domains: readonly Domain[],
  schedule: readonly SchedulePhase[],
  { note }: Pick<MixtureDetails, 'note'> = {},
): string {
  const names = checked(regmixNames(domains));
  const lines = schedule.flatMap(({ from, to, weights }) => {
    const counts = countsOf(domains, weights);
    return [
      `  - from: ${plainDecimal(from, shareDigits)}`,
      `    to: ${plainDecimal(to, shareDigits)}`,
      '    train:',
      ...names.map((name, at) => `      ${quotedText(`train_${name}`)}: ${decimal(counts[at])}`),
    ];
  });
  return `${[...comments(note), 'phases:', ...lines].join('\n')}\n`;
}

/** Digits of a share of the training in YAML: a step of any training. */
const shareDigits = 12;

function checked(names: string[]): string[] {
  checkNames(names);
  return names;
}

function countsOf(domains: readonly Domain[], weights: Float64Array): number[] {
  return roundWeights(
    weights,
    domains.map(({ name }) => name),
  );
}

/** Every format of a schedule, the most common first. A note goes where comments or other fields may stand. */
export const scheduleFormats = [
  { id: 'yaml', name: 'YAML', mediaType: 'application/yaml', write: scheduleYaml },
  { id: 'csv', name: 'CSV', mediaType: 'text/csv', write: scheduleCsv },
  { id: 'json', name: 'JSON', mediaType: 'application/json', write: scheduleJson },
] as const;

/** Weights are exported in whole millionths. */
function inParts(count: number): number {
  return count / 1_000_000;
}

/** A schedule that moves less of its weight than this counts as constant. */
const little = 0.02;

/**
 * What changes over a training, in a sentence: how much weight moves, from where to where. Where more moves
 * in between than from start to end, it describes the two phases that differ most.
 */
export function scheduleFinding(
  domains: readonly Domain[],
  phases: readonly SchedulePhase[],
  target: string,
): string {
  const [first, last] = farthest(phases);
  const moved = totalVariation(first.weights, last.weights);
  if (phases.length === 1) return `One checkpoint is too few for a schedule for ${target}.`;
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
