/**
 * What is stored of a training, so that it can be resumed: the job, finished runs, and checkpoints of active
 * groups. Groups are formed from it, and split with their state where they are too large. Stored formats must
 * stay readable: later versions of the page resume them.
 */

import * as v from 'valibot';
import { StageError } from '../model/errors';
import type { Checkpoint, PlannedProxy } from './engine';
import type { TrainingOptions } from './options';
import { type SizeId, sizes } from './shape';

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

/** State of a group: what is saved to resume it, and its history. */
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

/** Stores finished runs, and the states of active groups by {@link groupKey}. */
export interface CheckpointStore {
  readonly finished: () => Promise<readonly FinishedRun[]>;
  /** Stores a group's runs and removes its state, atomically. */
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
  /** Number of failed attempts. */
  attempts: number;
}

/**
 * Splits the unfinished proxies into groups: those with a saved state as they were, the others into
 * consecutive parts of the plan, `population` at a time.
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
    // If a group was being split, the whole and its parts may be saved: the first one found is used.
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

/** The key of a group's state, equal for groups of the same proxies. */
export function groupKey({ proxies }: Pick<Group, 'proxies'>): string {
  return `${proxies[0]?.id ?? ''}+${proxies.length}`;
}

/** A group in parts of `size` proxies, the last one smaller, with their states. */
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

/** Arrays hold proxies one after the other: a part of the group is a slice of each. */
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
    /** Id of a built-in set; null = the user's own text. */
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

/** One training of many proxies: everything that determines its result, and how it is run. Stored as JSON. */
export type TrainingJob = Readonly<v.InferOutput<typeof jobSchema>>;

/**
 * Reads a saved job.
 *
 * @throws StageError when it is invalid, or of another version of the page
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

/** Hash of a text: FNV-1a over tokens, 32 bits. */
export function textHash(training: Uint16Array, validation: Uint16Array): number {
  let hash = 0x811c9dc5;
  for (const tokens of [training, validation]) {
    for (const token of tokens) hash = Math.imul(hash ^ token, 0x01000193);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return hash >>> 0;
}
