/**
 * Chooses what to train on: measures backends and populations briefly, and estimates how long a training
 * takes.
 */

import type { BackendId, PlannedProxy } from './engine';
import {
  openConversation,
  type Speed,
  type Trainer,
  type TrainerEvents,
  type TrainingSetting,
} from './protocol';
import { memoryOf } from './shape';

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
  /** Startup time included in the first step: mostly compilation. */
  readonly startSeconds: number;
  /** Seconds that all evaluations of a group take. */
  readonly evaluationSeconds: number;
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
  wasm: [1, 4],
  cpu: [1],
};
/** The largest population tried on a backend. */
export function largestPopulation(backend: BackendId): number {
  return Math.max(...populations[backend]);
}

/** Minimum speed-up for which a larger population is worth its memory. */
const worthwhile = 1.1;

/**
 * Measures backends by training briefly on each, with larger populations while they are faster.
 *
 * @param backends to measure; those that fail are reported in `failed`
 * @param largestBuffer bytes that one buffer may have on `webgpu`; null = unknown
 * @param seconds of training per measurement
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
  }: {
    readonly backends: readonly BackendId[];
    readonly settingOf: (backend: BackendId) => TrainingSetting;
    readonly proxies: readonly PlannedProxy[];
    readonly cores: number;
    readonly largestBuffer: number | null;
    readonly seconds: number;
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
      const usesCores = backend === 'wasm' || backend === 'cpu';
      const trainers = usesCores
        ? Math.max(1, Math.min(cores, Math.floor(proxies.length / population)))
        : 1;
      const candidate = { backend, population, trainers };
      signal?.throwIfAborted();
      onTry(candidate);
      try {
        const found = await measure(candidate, setting, proxies, seconds, start, signal);
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

async function measure(
  candidate: Candidate,
  setting: TrainingSetting,
  proxies: readonly PlannedProxy[],
  seconds: number,
  start: (events: TrainerEvents) => Trainer,
  signal: AbortSignal | undefined,
): Promise<Calibration> {
  const { population, trainers } = candidate;
  const speeds = await Promise.all(
    Array.from({ length: trainers }, async (_, trainer): Promise<Speed> => {
      const conversation = openConversation(start, null);
      const stop = () => conversation.trainer.close();
      signal?.addEventListener('abort', stop);
      try {
        await conversation.ask({ kind: 'setting', setting }, ({ kind }) => kind === 'ready');
        let speed: Speed | null = null;
        const some = proxies.slice(trainer * population, (trainer + 1) * population);
        await conversation.ask({ kind: 'measure', proxies: some, seconds }, (message) => {
          if (message.kind === 'measured') speed = message.speed;
          return message.kind === 'measured';
        });
        if (!speed) throw new Error('nothing was measured');
        return speed;
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
    startSeconds: Math.max(0, Math.max(...speeds.map((speed) => speed.firstStepSeconds)) - mean),
    evaluationSeconds: evaluationBatches(setting) * batch,
  };
}

/** Number of validation batches that a group evaluates during its training. */
function evaluationBatches({ validation, evaluateAt, training, shape }: TrainingSetting): number {
  const batch = training.rows * (shape.context + 1);
  const once = validation.reduce((sum, { length }) => sum + Math.ceil(length / batch), 0);
  return evaluateAt.length * once;
}

/** Estimated seconds of a training by a calibration: range and mean. */
export function secondsFor(
  { population, trainers, stepSeconds, startSeconds, evaluationSeconds }: Calibration,
  proxies: number,
  steps: number,
): {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
  /** The part of all three that is spent on evaluation. */
  readonly evaluating: number;
} {
  const turns = Math.ceil(Math.ceil(proxies / population) / trainers);
  const evaluating = turns * evaluationSeconds;
  const about = (step: number) => startSeconds + turns * steps * step + evaluating;
  return {
    low: about(stepSeconds.low),
    mean: about(stepSeconds.mean),
    high: about(stepSeconds.high),
    evaluating,
  };
}
