/**
 * The candidates of a verification: which mixtures can be trained, their ids and names, and how
 * trained models map back to the study's runs. No React.
 */
import { rowOf } from '../../lib/model/matrix';
import type { Settings } from '../../lib/model/settings';
import type { Study } from '../../lib/model/study';
import { phasesFor } from '../../lib/schedule/schedule';
import type { TrainingJob } from '../../lib/training/checkpoints';
import type { NewCandidate } from '../../lib/verify/candidates-store';
import type { Candidate } from '../../lib/verify/plan';

const runPrefix = 'run ';
/** Weights that differ by less belong to the same mixture: a job may store fewer digits. */
const sameWeight = 1e-6;

/**
 * The mixtures that can be verified: the optimum first if there is one, added ones last.
 *
 * @param steps number of training steps, which schedules need
 */
export function availableCandidates(
  study: Study,
  settings: Settings,
  optimum: Float64Array | null,
  added: readonly NewCandidate[],
  steps: number,
): Candidate[] {
  const count = study.domains.length;
  const isSingle = settings.objective.kind === 'single' && settings.objective.seek === 'best';
  const target = study.targets.find(({ id }) => id === settings.target)?.name ?? '';
  const own: NewCandidate[] = [
    ...(optimum
      ? [{ name: isSingle ? `the optimum for ${target}` : 'the optimum', mixture: optimum }]
      : []),
    { name: 'the prior', mixture: study.prior.weights },
    { name: 'uniform', mixture: new Float64Array(count).fill(1 / count) },
    ...(settings.yours && !isAdded(settings.yours, added)
      ? [{ name: 'your mixture', mixture: Float64Array.from(settings.yours) }]
      : []),
    // Names are free text: a prefix distinguishes them from other kinds of candidates.
    ...(study.human ? [{ name: `human: ${study.human.name}`, mixture: study.human.weights }] : []),
  ];
  const taken = new Set(own.map(({ name }) => name));
  return allDistinct([...own, ...added.map((each) => renamed(each, taken))], steps);
}

/** With unique ids without `#`, by which trained models are distinguished. */
function allDistinct(candidates: readonly NewCandidate[], steps: number): Candidate[] {
  const taken = new Set<string>();
  return candidates.map(({ name, mixture, phases }) => {
    const bare = name.replaceAll('#', '');
    let id = bare;
    for (let copy = 2; taken.has(id); copy++) id = `${bare}, ${copy}`;
    taken.add(id);
    return { id, name: id, mixture, ...(phases && phasesFor(phases, steps)) };
  });
}

/** Whether a mixture was added under any name: training it twice shows nothing new. */
function isAdded(weights: readonly number[], added: readonly NewCandidate[]): boolean {
  return added.some(
    ({ mixture, phases }) => !phases && weights.every((weight, place) => weight === mixture[place]),
  );
}

/** With a name that no other kind of candidate has. */
function renamed(candidate: NewCandidate, taken: ReadonlySet<string>): NewCandidate {
  const { name, phases } = candidate;
  const passesFor = taken.has(name) || isRanked(name) || tellsAnswer(name);
  const isOwnSchedule = phases !== undefined && tellsAnswer(name);
  return passesFor && !isOwnSchedule ? { ...candidate, name: `added: ${name}` } : candidate;
}

/** The training run with the best value of a target; null where none was measured. */
export function bestRun(
  { training, targets }: Study,
  target: string,
): { readonly id: string; readonly mixture: Float64Array } | null {
  const column = targets.findIndex(({ id }) => id === target);
  const sign = targets[column]?.direction === 'higher' ? -1 : 1;
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  training.ids.forEach((_, row) => {
    const value = sign * training.losses.values[row * targets.length + column];
    if (value < least) {
      least = value;
      best = row;
    }
  });
  return best < 0 ? null : runAt(training, best);
}

/** The training run of an id; null where there is none. */
export function runNamed(
  { training }: Study,
  id: string,
): { readonly id: string; readonly mixture: Float64Array } | null {
  const row = training.ids.indexOf(id);
  return row < 0 ? null : runAt(training, row);
}

function runAt({ ids, mixtures }: Study['training'], row: number) {
  return { id: ids[row], mixture: rowOf(mixtures, row).slice() };
}

/** Runs of the study, evenly spaced over its table: their mixtures are random ones. */
export function rankedRuns({ training }: Study, count: number): Candidate[] {
  const rowCount = Math.min(count, training.ids.length);
  const rows = Array.from({ length: rowCount }, (_, place) => {
    const row = Math.floor((place * training.ids.length) / rowCount);
    const id = rankedId(training.ids[row]);
    return { id, name: id, mixture: rowOf(training.mixtures, row).slice() };
  });
  // Runs whose names differ only in characters that ids may not contain would be indistinguishable.
  return rows.filter(({ id }, place) => rows.findIndex((other) => other.id === id) === place);
}

function rankedId(run: string): string {
  return `${runPrefix}${run.replaceAll('#', '')}`;
}

/** Whether a model was trained on the optimum, of whichever target. */
function isOptimum(candidate: string): boolean {
  return candidate.startsWith('the optimum');
}

/** Whether a model's results reveal the optimum: a schedule consists of optima. */
export function tellsAnswer(candidate: string): boolean {
  return isOptimum(candidate) || candidate.startsWith('the schedule');
}

/** Whether a model belongs to the ranked runs rather than to a candidate. */
export function isRanked(candidate: string): boolean {
  return candidate.startsWith(runPrefix);
}

/**
 * Loss of the study's run that a ranked model repeats, or null when the study has no such run:
 * results stay when another study is opened, whose run of that name may have another mixture.
 */
export function lossOfRanked(
  { training, targets, domains }: Pick<Study, 'training' | 'targets' | 'domains'>,
  job: Pick<TrainingJob, 'domains' | 'proxies'>,
  candidate: string,
  target: string,
): number | null {
  const row = training.ids.findIndex((id) => rankedId(id) === candidate);
  const column = targets.findIndex(({ id }) => id === target);
  const trained = job.proxies.find(({ id }) => id.startsWith(`${candidate}#`))?.mixture;
  if (row < 0 || column < 0 || !trained) return null;
  const weights = rowOf(training.mixtures, row);
  const isSame = domains.every(({ id }, domain) => {
    const place = job.domains.findIndex((other) => other.id === id);
    return place >= 0 && Math.abs(trained[place] - weights[domain]) < sameWeight;
  });
  if (!isSame) return null;
  const value = training.losses.values[row * targets.length + column];
  return Number.isFinite(value) ? value : null;
}

/** A mixture that has a mark of its own on the whole page; `other` has none. */
export type CandidateKind = 'optimum' | 'former' | 'prior' | 'human' | 'yours' | 'other';

/** A weight that has moved by less is the same mixture, found again. */
const sameOptimum = 0.005;

/**
 * What a trained model's mixture is to the study on view: an optimum that has moved since is the former one.
 *
 * @param job in which it was trained
 * @param optimum of now, in the study's order of domains; null = not known
 */
export function kindOf(
  candidate: string,
  { domains }: Pick<Study, 'domains'>,
  job: Pick<TrainingJob, 'domains' | 'proxies'>,
  optimum: Float64Array | null,
): CandidateKind {
  if (isOptimum(candidate)) {
    const trained = job.proxies.find(({ id }) => id.startsWith(`${candidate}#`))?.mixture;
    const isFormer =
      optimum !== null && trained !== undefined && !isSame(trained, optimum, domains, job);
    return isFormer ? 'former' : 'optimum';
  }
  if (candidate === 'the prior') return 'prior';
  if (candidate === 'your mixture' || candidate.startsWith('attempt ')) return 'yours';
  return candidate.startsWith('human: ') ? 'human' : 'other';
}

function isSame(
  trained: readonly number[],
  mixture: Float64Array,
  domains: Study['domains'],
  job: Pick<TrainingJob, 'domains'>,
): boolean {
  return domains.every(({ id }, domain) => {
    const place = job.domains.findIndex((other) => other.id === id);
    return Math.abs((trained[place] ?? 0) - mixture[domain]) < sameOptimum;
  });
}
