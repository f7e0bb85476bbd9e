import * as v from 'valibot';
import { StageError } from '../model/errors';
import type { Checkpoint, PlannedProxy } from './engine';
import type { TrainingOptions } from './options';
import { type SizeId, sizes } from './shape';

/**
 * What is stored of a training, so that it can be resumed: the job, finished runs, and where groups under way
 * stand. Groups are formed from it, and cut with their state where they are too large. Stored forms must stay
 * readable: a later version of the page resumes them.
 */

/** Losses of every proxy of a group on every domain's validation text after so many steps. */
export interface Evaluation {
  readonly step: number;
  /** P x D, row-major, nats per byte. */
  readonly losses: Float64Array;
}

/** Training losses of a group at one step. */
export interface CurvePoint {
  readonly step: number;
  /** P, nats per token. */
  readonly losses: Float64Array;
}

/** Where a group stands: what is saved to go on later, and to tell how it went. */
export interface GroupState {
  readonly checkpoint: Checkpoint;
  readonly evaluations: readonly Evaluation[];
  readonly curve: readonly CurvePoint[];
}

/** One finished proxy. */
export interface FinishedRun {
  readonly id: string;
  /** D losses in nats per byte after so many steps; the last ones are those of the finished proxy. */
  readonly evaluations: readonly { readonly step: number; readonly losses: readonly number[] }[];
  /** Training loss in nats per token. */
  readonly curve: readonly { readonly step: number; readonly loss: number }[];
}

/** Keeps what must not be lost: finished runs, and where groups under way stand, by {@link groupKey}. */
export interface CheckpointStore {
  readonly finished: () => Promise<readonly FinishedRun[]>;
  /** Takes a group's runs in and drops its state, both or neither. */
  readonly finish: (group: string, runs: readonly FinishedRun[]) => Promise<void>;
  /** Groups whose state is saved, by {@link groupKey}. */
  readonly groups: () => Promise<readonly string[]>;
  readonly load: (group: string) => Promise<GroupState | null>;
  readonly save: (group: string, state: GroupState) => Promise<void>;
  readonly remove: (group: string) => Promise<void>;
}

/** Proxies that train as one population. */
export interface Group {
  readonly proxies: readonly PlannedProxy[];
  /** How often it has failed. */
  attempts: number;
}

/**
 * Cuts the proxies that are not finished into groups: those of which a state is saved as they were, the others
 * `population` at a time, each a stretch of the plan.
 *
 * @param saved keys of saved states
 */
export function formGroups(
  proxies: readonly PlannedProxy[],
  population: number,
  finished: ReadonlySet<string>,
  saved: readonly string[],
): Group[] {
  const placeOf = new Map(proxies.map(({ id }, place) => [id, place]));
  const isTaken = proxies.map(({ id }) => finished.has(id));
  const stretches: { readonly first: number; readonly end: number }[] = [];
  for (const key of saved) {
    const cut = key.lastIndexOf('+');
    const first = placeOf.get(key.slice(0, cut));
    const end = (first ?? 0) + Number(key.slice(cut + 1));
    if (first === undefined || !(end > first && end <= proxies.length)) continue;
    // Of a group that was being cut, the whole and its parts may be saved: the first counts.
    if (isTaken.slice(first, end).includes(true)) continue;
    isTaken.fill(true, first, end);
    stretches.push({ first, end });
  }
  for (let first = 0; first < proxies.length; first++) {
    if (isTaken[first]) continue;
    let end = first + 1;
    while (end < first + population && end < proxies.length && !isTaken[end]) end++;
    isTaken.fill(true, first, end);
    stretches.push({ first, end });
  }
  return stretches
    .sort((a, b) => a.first - b.first)
    .map(({ first, end }) => ({ proxies: proxies.slice(first, end), attempts: 0 }));
}

/** What a group's state is saved under: another group of the same proxies finds it. */
export function groupKey({ proxies }: Pick<Group, 'proxies'>): string {
  return `${proxies[0]?.id ?? ''}+${proxies.length}`;
}

/** A group in parts of `size` proxies, the last one smaller, and where they stand. */
export function partsOf(
  { proxies, attempts }: Group,
  state: GroupState | null,
  size: number,
): { readonly group: Group; readonly state: GroupState | null }[] {
  const { length } = proxies;
  return Array.from({ length: Math.ceil(length / size) }, (_, part) => {
    const first = part * size;
    const end = Math.min(length, first + size);
    return {
      group: { proxies: proxies.slice(first, end), attempts },
      state: state && partOf(state, first / length, end / length),
    };
  });
}

/** Proxies stand one after the other in every array: a share of the group is a stretch of each. */
function partOf({ checkpoint, evaluations, curve }: GroupState, from: number, to: number) {
  const cut = <Numbers extends Float32Array | Float64Array>(numbers: Numbers) =>
    numbers.slice(Math.round(from * numbers.length), Math.round(to * numbers.length)) as Numbers;
  const cutLosses = <Point extends Evaluation | CurvePoint>(point: Point): Point => ({
    ...point,
    losses: cut(point.losses),
  });
  return {
    checkpoint: {
      step: checkpoint.step,
      parameters: cut(checkpoint.parameters),
      firstMoments: cut(checkpoint.firstMoments),
      secondMoments: cut(checkpoint.secondMoments),
    },
    evaluations: evaluations.map(cutLosses),
    curve: curve.map(cutLosses),
  };
}

const maxProxies = 10_000;
const maxDomains = 200;

const name = v.pipe(v.string(), v.maxLength(200));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0), v.maxValue(1e9));

const mixture = v.pipe(
  v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  v.maxLength(maxDomains),
);
const maxPhases = 1000;

const jobSchema = v.object({
  version: v.literal(1),
  id: name,
  corpora: v.object({
    /** Of a built-in set; null = text of the user's own. */
    id: v.nullable(name),
    name,
  }),
  domains: v.pipe(
    v.array(
      v.object({
        id: name,
        name,
        trainingTokens: whole,
        validationTokens: whole,
        /** {@link textHash} of its tokens. */
        hash: whole,
      }),
    ),
    v.minLength(2),
    v.maxLength(maxDomains),
  ),
  size: v.picklist(Object.keys(sizes) as SizeId[]),
  training: v.object({
    rows: v.pipe(whole, v.minValue(1), v.maxValue(1024)),
    steps: v.pipe(whole, v.minValue(1)),
    learningRate: positive,
    warmUp: v.pipe(whole, v.minValue(1)),
    betas: v.strictTuple([v.number(), v.number()]),
    epsilon: positive,
    weightDecay: v.pipe(v.number(), v.minValue(0)),
    clip: positive,
  }),
  proxies: v.pipe(
    v.array(
      v.object({
        id: name,
        mixture,
        seed: whole,
        schedule: v.optional(
          v.pipe(
            v.array(v.object({ from: v.pipe(whole, v.minValue(1)), mixture })),
            v.maxLength(maxPhases),
          ),
        ),
      }),
    ),
    v.minLength(1),
    v.maxLength(maxProxies),
  ),
  backend: v.picklist(['webgpu', 'wasm', 'webgl', 'cpu']),
  population: v.pipe(whole, v.minValue(1), v.maxValue(maxProxies)),
  trainers: v.pipe(whole, v.minValue(1), v.maxValue(256)),
});

/** One training of many proxies: all that decides its result, and how it is done. Kept as JSON. */
export type TrainingJob = Readonly<v.InferOutput<typeof jobSchema>>;

/**
 * Reads a saved job.
 *
 * @throws StageError when it is none, or of another version of the page
 */
export function parseJob(value: unknown): TrainingJob {
  const result = v.safeParse(jobSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new StageError(
    'proxies',
    `The saved training cannot be read: ${v.getDotPath(issue) ?? 'all of it'} is ${issue.received.slice(0, 60)}, expected ${issue.expected ?? 'something else'}.`,
    'Start a new one.',
  );
}

export function plannedProxies({ proxies }: Pick<TrainingJob, 'proxies'>): PlannedProxy[] {
  return proxies.map(({ id, mixture, seed, schedule }) => ({
    id,
    mixture: Float64Array.from(mixture),
    seed,
    ...(schedule && {
      schedule: schedule.map((phase) => ({
        from: phase.from,
        mixture: Float64Array.from(phase.mixture),
      })),
    }),
  }));
}

export function trainingOf({ training }: Pick<TrainingJob, 'training'>): TrainingOptions {
  return { ...training, betas: [training.betas[0], training.betas[1]] };
}

/** Tells texts apart: FNV-1a over tokens, 32 bits. */
export function textHash(training: Uint16Array, validation: Uint16Array): number {
  let hash = 0x811c9dc5;
  for (const tokens of [training, validation]) {
    for (const token of tokens) hash = Math.imul(hash ^ token, 0x01000193);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return hash >>> 0;
}
