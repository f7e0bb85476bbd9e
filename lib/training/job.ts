import * as v from 'valibot';
import { StageError } from '../errors';
import type { PlannedProxy } from './engine';
import type { TrainingOptions } from './options';
import { type SizeId, sizes } from './shape';

const mostProxies = 10_000;
const mostDomains = 200;

const name = v.pipe(v.string(), v.maxLength(200));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0), v.maxValue(1e9));

const mixture = v.pipe(
  v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  v.maxLength(mostDomains),
);
const mostPhases = 1000;

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
    v.maxLength(mostDomains),
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
            v.maxLength(mostPhases),
          ),
        ),
      }),
    ),
    v.minLength(1),
    v.maxLength(mostProxies),
  ),
  backend: v.picklist(['webgpu', 'wasm', 'webgl', 'cpu']),
  population: v.pipe(whole, v.minValue(1), v.maxValue(mostProxies)),
  trainers: v.pipe(whole, v.minValue(1), v.maxValue(256)),
});

/** One training of many proxies: all that decides its result, and how it is done. Kept as JSON. */
export type TrainingJob = Readonly<v.InferOutput<typeof jobSchema>>;

/**
 * Reads a kept job.
 *
 * @throws StageError when it is none, or of another version of the page
 */
export function parseJob(value: unknown): TrainingJob {
  const result = v.safeParse(jobSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new StageError(
    'proxies',
    `The kept training cannot be read: ${v.getDotPath(issue) ?? 'all of it'} is ${issue.received.slice(0, 60)}, expected ${issue.expected ?? 'something else'}.`,
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
