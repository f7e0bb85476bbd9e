/**
 * Chooses what to train on: measures backends and populations briefly, estimates how long a training takes,
 * and which one fits into a time.
 */

import type { BackendId, PlannedProxy } from './engine';
import {
  openConversation,
  type Speed,
  type Trainer,
  type TrainerEvents,
  type TrainingSetting,
} from './protocol';
import { layoutOf, memoryOf, type SizeId, sizeIds, sizes } from './shape';

/** A way to train: the backend, the number of proxies per population, and the number of workers. */
export interface Candidate {
  readonly backend: BackendId;
  readonly population: number;
  readonly trainers: number;
}

/** Measurements of a candidate. */
export interface Calibration extends Candidate {
  /** Tokens a second, all trainers together. */
  readonly rate: number;
  /** Seconds of a step: the tenth and ninetieth percentile, and the mean. */
  readonly stepSeconds: { readonly low: number; readonly mean: number; readonly high: number };
  /** Seconds until a trainer takes its second step, less that of the first: loading and compilation. */
  readonly startSeconds: number;
  /** Seconds that a group takes to evaluate a batch of validation text. */
  readonly batchSeconds: number;
}

/** How much there is to train, as far as it decides how long that takes. */
export interface Workload {
  readonly proxies: number;
  /** Of each proxy. */
  readonly steps: number;
  /** Batches of validation text that a group evaluates during its training. */
  readonly batches: number;
}

export interface MeasuredBackends {
  /** The fastest candidate measured. */
  readonly best: Calibration;
  readonly all: readonly Calibration[];
  /** Candidates that could not be measured, and why. */
  readonly failed: readonly { readonly candidate: Candidate; readonly reason: string }[];
}

/** Populations to try on a backend, ascending, as long as they get faster. */
const populations: Readonly<Record<BackendId, readonly number[]>> = {
  webgpu: [8, 32, 128, 512],
  webgl: [1, 8, 32],
  wasm: [1],
  cpu: [1],
};
/** Whether a backend trains one proxy after the other, on every core. */
export function usesCores(backend: BackendId): boolean {
  return backend === 'wasm' || backend === 'cpu';
}

/** The largest population tried on a backend. */
export function largestPopulation(backend: BackendId): number {
  return Math.max(...populations[backend]);
}

/** Minimum speed-up for which a larger population is worth its memory. */
const worthwhile = 1.1;

/** Further workers that have a core of their own on most machines; more of them share cores. */
const ownCores = 3;

/**
 * The speed of several workers, in speeds of one alone: a careful estimate for measurements of one worker.
 * Each further one counts as 0.85 as far as it has a core of its own, and as a half where it may share one.
 */
function speedOfWorkers(count: number): number {
  const further = Math.max(0, count - 1);
  const own = Math.min(ownCores, further);
  return 1 + 0.85 * own + 0.5 * (further - own);
}

/** Workers that train so many proxies: on every core, as far as there is a group for each. */
function trainersFor(
  { backend, population }: Pick<Candidate, 'backend' | 'population'>,
  proxies: number,
  cores: number,
): number {
  return usesCores(backend) ? Math.max(1, Math.min(cores, Math.floor(proxies / population))) : 1;
}

/**
 * What was measured for one number of proxies, as it probably is for another: on the processor it decides how
 * many workers train at once, and each is slower the more they are.
 *
 * @param proxies number of them, at least 1
 */
export function speedFor(measured: Calibration, proxies: number, cores: number): Calibration {
  return byWorkers(measured, trainersFor(measured, proxies, cores));
}

/**
 * Measures backends by training briefly on each, with larger populations while they are faster.
 *
 * @param backends to measure; those that fail are reported in `failed`
 * @param largestBuffer bytes that one buffer may have on `webgpu`; null = unknown
 * @param seconds of training per measurement
 * @param tries measurements of each candidate, of which the fastest counts: what else runs on a machine for a
 *   moment, such as a page that is being opened, only slows one down
 * @param byOne whether one worker is measured for all of them, and what they reach together is estimated
 * @param now the clock, in milliseconds
 * @throws Error with the last reason when no backend can train
 */
export async function calibrate(
  {
    backends,
    settingOf,
    proxies,
    cores,
    largestBuffer,
    seconds,
    tries = 1,
    byOne = false,
    now = () => performance.now(),
  }: {
    readonly backends: readonly BackendId[];
    readonly settingOf: (backend: BackendId) => TrainingSetting;
    readonly proxies: readonly PlannedProxy[];
    readonly cores: number;
    readonly largestBuffer: number | null;
    readonly seconds: number;
    readonly tries?: number;
    readonly byOne?: boolean;
    readonly now?: () => number;
  },
  start: (events: TrainerEvents) => Trainer,
  onTry: (candidate: Candidate) => void,
  signal?: AbortSignal,
): Promise<MeasuredBackends> {
  const all: Calibration[] = [];
  const failed: { candidate: Candidate; reason: string }[] = [];
  for (const backend of backends) {
    const setting = settingOf(backend);
    let before = 0;
    for (const population of populationsFor(backend, setting, proxies.length, largestBuffer)) {
      const trainers = trainersFor({ backend, population }, proxies.length, cores);
      const candidate = { backend, population, trainers };
      signal?.throwIfAborted();
      onTry(candidate);
      try {
        const measured = byOne ? { ...candidate, trainers: 1 } : candidate;
        const how = { seconds, tries };
        const alone = await measure(measured, setting, proxies, how, start, now, signal);
        const found = byOne ? byWorkers(alone, trainers) : alone;
        all.push(found);
        if (found.rate < worthwhile * before) break;
        before = found.rate;
      } catch (error) {
        signal?.throwIfAborted();
        failed.push({ candidate, reason: error instanceof Error ? error.message : String(error) });
        break;
      }
    }
  }
  const [first, ...others] = all;
  if (!first) throw new Error(failed.at(-1)?.reason ?? 'there is nothing to train on');
  const best = others.reduce((top, each) => {
    const margin = each.backend === top.backend && each.population > top.population;
    return each.rate > top.rate * (margin ? worthwhile : 1) ? each : top;
  }, first);
  return { best, all, failed };
}

/** Populations that the proxies fill and that fit the device; always includes the smallest. */
function populationsFor(
  backend: BackendId,
  { shape, training }: TrainingSetting,
  count: number,
  largestBuffer: number | null,
): number[] {
  const fits = (population: number) =>
    backend !== 'webgpu' ||
    largestBuffer === null ||
    memoryOf(shape, training.rows, population).largest <= largestBuffer;
  const fitting = [...new Set(populations[backend].map((each) => Math.min(each, count)))];
  return fitting.filter((population, place) => place === 0 || fits(population));
}

function meanStep({ stepSeconds }: Speed): number {
  return stepSeconds.reduce((sum, each) => sum + each, 0) / stepSeconds.length;
}

async function measure(
  candidate: Candidate,
  setting: TrainingSetting,
  proxies: readonly PlannedProxy[],
  { seconds, tries }: { readonly seconds: number; readonly tries: number },
  start: (events: TrainerEvents) => Trainer,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<Calibration> {
  const { population, trainers } = candidate;
  let readySeconds = 0;
  const speeds = await Promise.all(
    Array.from({ length: trainers }, async (_, trainer): Promise<Speed> => {
      const begin = now();
      const conversation = openConversation(start, null);
      const stop = () => conversation.trainer.close();
      signal?.addEventListener('abort', stop);
      try {
        await conversation.ask({ kind: 'setting', setting }, ({ kind }) => kind === 'ready');
        readySeconds = Math.max(readySeconds, (now() - begin) / 1000);
        const found: Speed[] = [];
        const some = proxies.slice(trainer * population, (trainer + 1) * population);
        for (let made = 0; made < tries; made++) {
          await conversation.ask({ kind: 'measure', proxies: some, seconds }, (message) => {
            if (message.kind === 'measured') found.push(message.speed);
            return message.kind === 'measured';
          });
        }
        if (found.length === 0) throw new Error('nothing was measured');
        const fastest = found.reduce((top, each) => (meanStep(each) < meanStep(top) ? each : top));
        // Only the first measurement compiles and loads.
        return { ...fastest, firstStepSeconds: found[0].firstStepSeconds };
      } finally {
        signal?.removeEventListener('abort', stop);
        stop();
      }
    }),
  );
  const batch = speeds.reduce((sum, { batchSeconds }) => sum + batchSeconds, 0) / speeds.length;
  const steps = speeds.flatMap(({ stepSeconds }) => stepSeconds).sort((a, b) => a - b);
  const mean = steps.reduce((sum, each) => sum + each, 0) / steps.length;
  const tokensOfStep = population * setting.training.rows * setting.shape.context;
  return {
    ...candidate,
    rate: (trainers * tokensOfStep) / mean,
    stepSeconds: {
      low: steps[Math.floor(0.1 * (steps.length - 1))],
      mean,
      high: steps[Math.ceil(0.9 * (steps.length - 1))],
    },
    startSeconds:
      readySeconds + Math.max(0, Math.max(...speeds.map((speed) => speed.firstStepSeconds)) - mean),
    batchSeconds: batch,
  };
}

/** The measurement of some workers, as so many of them would probably give it. */
function byWorkers(measured: Calibration, trainers: number): Calibration {
  const faster = speedOfWorkers(trainers) / speedOfWorkers(measured.trainers);
  const slower = trainers / measured.trainers / faster;
  const each = fasterBy(measured, 1 / slower);
  return { ...each, trainers, rate: faster * measured.rate };
}

/** Number of validation batches that a group evaluates during its training. */
export function evaluationBatches({
  validation,
  evaluateAt,
  training,
  shape,
}: TrainingSetting): number {
  const batch = training.rows * (shape.context + 1);
  const once = validation.reduce((sum, { length }) => sum + Math.ceil(length / batch), 0);
  return evaluateAt.length * once;
}

/**
 * A calibration by what a training then took: its steps and evaluations were so many times as fast.
 *
 * @param times above 0
 */
export function fasterBy(measured: Calibration, times: number): Calibration {
  const { low, mean, high } = measured.stepSeconds;
  return {
    ...measured,
    rate: measured.rate * times,
    stepSeconds: { low: low / times, mean: mean / times, high: high / times },
    batchSeconds: measured.batchSeconds / times,
  };
}

/** Cores that the page takes from the trainers while it draws their progress and fits their runs. */
const pageCores = 0.35;

/** Estimated seconds of a training by a calibration: range and mean. */
export interface ExpectedSeconds {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
  /** The part of all three that is spent on evaluation. */
  readonly evaluating: number;
}

export function secondsFor(
  { backend, population, trainers, stepSeconds, startSeconds, batchSeconds }: Calibration,
  { proxies, steps, batches }: Workload,
): ExpectedSeconds {
  const slower = usesCores(backend) ? trainers / (trainers - pageCores) : 1;
  const turns = slower * Math.ceil(Math.ceil(proxies / population) / trainers);
  const evaluating = turns * batches * batchSeconds;
  const about = (step: number) => startSeconds + turns * steps * step + evaluating;
  return {
    low: about(stepSeconds.low),
    mean: about(stepSeconds.mean),
    high: about(stepSeconds.high),
    evaluating,
  };
}

/** Multiplications of a token's forward pass: one per parameter outside the embedding, and attention. */
function workOfToken(size: SizeId): number {
  const shape = sizes[size];
  const { count, embedding } = layoutOf(shape);
  const attention = shape.layers * shape.context * shape.width;
  return count - embedding.rows * embedding.columns + attention;
}

/**
 * The speed at a size that was not measured, from the nearest one that was: by the number of multiplications
 * of a step. Good to about a third where an engine is as fast at both sizes as the machine lets it be.
 *
 * @param measured at least one
 */
export function speedAt(
  size: SizeId,
  measured: ReadonlyMap<SizeId, Calibration>,
): Calibration | null {
  const place = sizeIds.indexOf(size);
  const nearest = [...measured].sort(
    ([a], [b]) => Math.abs(sizeIds.indexOf(a) - place) - Math.abs(sizeIds.indexOf(b) - place),
  )[0];
  if (!nearest) return null;
  const [known, speed] = nearest;
  const perToken = workOfToken(size) / workOfToken(known);
  const perStep = (perToken * sizes[size].context) / sizes[known].context;
  return { ...fasterBy(speed, 1 / perStep), rate: speed.rate / perToken };
}

/** A training that may be offered to somebody who has chosen nothing yet. */
export interface Rung {
  readonly size: SizeId;
  /** Tokens per proxy. */
  readonly tokens: number;
  readonly proxies: number;
}

/** Seconds that a training may take that nobody asked to take longer. */
export const usualSeconds = 15;

/**
 * Trainings to offer, from the least to the most work: more mixtures first, since they tell a regression
 * most, then more tokens, then larger proxies. Even the least has mixtures enough to be judged, with some to
 * spare for proxies that diverge: advice on fewer than 10 is refused, and on fewer than 20 a weak result may be
 * a lack of runs (`lib/optimum/advice.ts`). On a slow machine the time gives way instead.
 */
export const ladder: readonly Rung[] = [
  { size: '7k', tokens: 20_000, proxies: 32 },
  { size: '7k', tokens: 30_000, proxies: 32 },
  { size: '7k', tokens: 30_000, proxies: 48 },
  { size: '7k', tokens: 40_000, proxies: 48 },
  { size: '7k', tokens: 40_000, proxies: 64 },
  { size: '7k', tokens: 60_000, proxies: 64 },
  { size: '20k', tokens: 50_000, proxies: 48 },
  { size: '20k', tokens: 60_000, proxies: 64 },
  { size: '20k', tokens: 80_000, proxies: 64 },
  { size: '20k', tokens: 100_000, proxies: 64 },
  { size: '20k', tokens: 100_000, proxies: 96 },
  { size: '20k', tokens: 100_000, proxies: 128 },
  { size: '20k', tokens: 200_000, proxies: 128 },
  { size: '20k', tokens: 300_000, proxies: 128 },
  { size: '100k', tokens: 100_000, proxies: 128 },
  { size: '100k', tokens: 200_000, proxies: 128 },
];

/**
 * The most work that fits into the time, or the least where none does.
 *
 * @param secondsOf estimated seconds of a training
 */
export function chooseRung(
  secondsOf: (rung: Rung) => number,
  budget = usualSeconds,
  rungs: readonly Rung[] = ladder,
): Rung {
  return rungs.findLast((rung) => secondsOf(rung) <= budget) ?? rungs[0];
}
