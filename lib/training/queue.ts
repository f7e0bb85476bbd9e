/**
 * Trains proxies in groups with several trainers: replaces trainers that end, splits groups where memory runs
 * out, pauses, and reports progress.
 */

import { reasonOf } from '../model/errors';
import {
  type CheckpointStore,
  type CurvePoint,
  type Evaluation,
  type FinishedRun,
  formGroups,
  type Group,
  groupKey,
  partsOf,
} from './checkpoints';
import type { PlannedProxy } from './engine';
import {
  type Conversation,
  type FromTrainer,
  openConversation,
  type Trainer,
  TrainerError,
  type TrainerEvents,
  type TrainingSetting,
} from './protocol';

export interface QueueProgress {
  /** Number of finished proxies, including earlier attempts. */
  readonly done: number;
  readonly total: number;
  /** Share of all steps of all proxies that is done, 0 to 1, including earlier attempts. */
  readonly share: number;
  /**
   * Tokens per second of all trainers together, evaluation included: as expected at first, and as measured in
   * this attempt once it has trained for some seconds. 0 = not known yet.
   */
  readonly rate: number;
  /** Whether `rate` is measured alone. */
  readonly isMeasured: boolean;
  /** Seconds left at that rate; NaN until it is known. */
  readonly left: number;
}

export interface QueueEvents {
  readonly onProgress: (progress: QueueProgress) => void;
  readonly onFinished?: (runs: readonly FinishedRun[]) => void;
  /** Progress of the proxies of a group. */
  readonly onStep?: (proxies: readonly PlannedProxy[], step: number) => void;
  readonly onCurve?: (proxies: readonly PlannedProxy[], point: CurvePoint) => void;
  readonly onEvaluation?: (proxies: readonly PlannedProxy[], evaluation: Evaluation) => void;
  /** A trainer was replaced, with the reason. */
  readonly onReplaced?: (reason: string) => void;
  /** There was too little memory: the new number of proxies per group. */
  readonly onHalved?: (population: number) => void;
  /** Something could not be saved; training goes on. */
  readonly onNotSaved?: (reason: string) => void;
}

export interface TrainingQueue {
  readonly pause: () => void;
  /** Trains one step of every active group, while paused. */
  readonly step: () => void;
  readonly resume: () => void;
  /** Cancels the training; what was saved stays. */
  readonly cancel: () => void;
  /** Resolves when all proxies are done or on `cancel`; rejects with the error of a trainer or of reading. */
  readonly ended: Promise<void>;
}

/** Maximum number of replacements of a group's trainer before the training fails. */
const maxReplacements = 3;
/**
 * Seconds of training after which only what is measured counts. Until then the expected rate stands for what is
 * missing of them: the first steps include startup.
 */
const expectedSeconds = 5;
/** A training that is over in fewer seconds than those is measured all the same, from so many on. */
const shortestMeasured = 1;

/**
 * Trains proxies in groups with several trainers, resuming from their checkpoints.
 *
 * @param population maximum number of proxies in a group, >= 1; larger saved groups are split
 * @param trainers number of concurrent trainers, >= 1
 */
export function startTraining(
  {
    setting,
    proxies,
    population,
    trainers,
    expectedRate = 0,
    silenceLimit = null,
  }: {
    readonly setting: TrainingSetting;
    readonly proxies: readonly PlannedProxy[];
    readonly population: number;
    readonly trainers: number;
    /** Tokens per second to expect of all trainers together, evaluation included; 0 = unknown. */
    readonly expectedRate?: number;
    /** Timeout in milliseconds without messages after which a trainer is replaced; null = none. */
    readonly silenceLimit?: number | null;
  },
  start: (events: TrainerEvents) => Trainer,
  checkpoints: CheckpointStore,
  events: QueueEvents,
): TrainingQueue {
  const { steps, rows } = setting.training;
  const tokensOfStep = rows * setting.shape.context;
  const open = new Set<Conversation>();
  /** Groups waiting for a trainer, the next one first. */
  const waiting: Group[] = [];
  /** Number of groups being trained or split: they or their parts may return to the queue. */
  let activeGroups = 0;
  /** Trainers without a group, notified when there may be one again. */
  const idle: (() => void)[] = [];
  let size = population;
  let isCancelled = false;
  let isPaused = false;
  let done = 0;
  let stepsDone = 0;
  let stepsLeft = 0;
  let activeMs = 0;
  let activeSince = performance.now();

  function count(newSteps: number): void {
    stepsDone += newSteps;
    stepsLeft -= newSteps;
    const total = proxies.length;
    const seconds = (activeMs + (isPaused ? 0 : performance.now() - activeSince)) / 1000;
    const tokens = stepsDone * tokensOfStep;
    const enough = stepsLeft === 0 ? shortestMeasured : expectedSeconds;
    const isEnough = seconds >= enough;
    const missing = expectedRate > 0 && !isEnough ? expectedSeconds - seconds : 0;
    const measured = seconds + missing > 0 ? tokens / (seconds + missing) : 0;
    const rate =
      tokens > 0 ? measured + (missing * expectedRate) / (seconds + missing) : expectedRate;
    const left = rate > 0 ? (stepsLeft * tokensOfStep) / rate : Number.NaN;
    const share = 1 - stepsLeft / (steps * total);
    const isMeasured = tokens > 0 && isEnough;
    events.onProgress({ done, total, share, rate, isMeasured, left });
  }

  /** Awaits a save; a failure is reported, and training continues. */
  async function trySave(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      events.onNotSaved?.(reasonOf(error));
    }
  }

  /** Trains groups until none is left; errors of its trainer are handled here. */
  async function work(): Promise<void> {
    let conversation: Conversation | null = null;
    for (;;) {
      // A trainer that waits for groups should not hold memory meanwhile.
      if (waiting.length === 0 && conversation) {
        close(conversation);
        conversation = null;
      }
      const group = await nextGroup();
      if (!group || isCancelled) break;
      try {
        if (!conversation) {
          conversation = openConversation(start, silenceLimit);
          open.add(conversation);
          await conversation.ask({ kind: 'setting', setting }, ({ kind }) => kind === 'ready');
          if (isPaused) pauseTrainer(conversation);
        }
        await trainOne(conversation, group);
        release();
      } catch (error) {
        if (conversation) close(conversation);
        conversation = null;
        if (isCancelled) return;
        group.attempts++;
        // Another trainer cannot help where something else failed, e.g. reading a checkpoint.
        if (!(error instanceof TrainerError) || error.isFinal) throw error;
        if (group.attempts > maxReplacements) throw error;
        events.onReplaced?.(error.message);
        const count = group.proxies.length;
        const isMemory = error.isMemory && count > 1;
        // Another trainer may have reduced the group size meanwhile.
        if (isMemory && count <= size) {
          size = Math.ceil(count / 2);
          events.onHalved?.(size);
        }
        release(group);
      }
    }
  }

  /**
   * Takes the next group of at most `size` proxies from the queue; a larger one is split first. Waits while
   * active groups may still return in parts.
   *
   * @returns null when all are trained, or the training was cancelled
   */
  async function nextGroup(): Promise<Group | null> {
    while (!isCancelled) {
      const group = waiting.shift();
      if (!group) {
        if (activeGroups === 0) return null;
        await new Promise<void>((resolve) => idle.push(resolve));
        continue;
      }
      activeGroups++;
      if (group.proxies.length <= size) return group;
      release(...(await cut(group)));
    }
    return null;
  }

  /**
   * Releases a group: what is left of it returns to the head of the queue, and waiting trainers are notified.
   */
  function release(...left: readonly Group[]): void {
    activeGroups--;
    waiting.unshift(...left);
    wake();
  }

  function wake(): void {
    for (const resolve of idle.splice(0)) resolve();
  }

  function close(conversation: Conversation): void {
    open.delete(conversation);
    conversation.trainer.close();
  }

  function pauseTrainer(conversation: Conversation): void {
    conversation.hold(true);
    conversation.trainer.post({ kind: 'pause' });
  }

  /** Splits a group that is too large, with its saved state. */
  async function cut(group: Group): Promise<Group[]> {
    const key = groupKey(group);
    const parts = partsOf(group, await checkpoints.load(key), size);
    for (const part of parts) {
      if (part.state) await trySave(checkpoints.save(groupKey(part.group), part.state));
    }
    await trySave(checkpoints.remove(key));
    return parts.map((part) => part.group);
  }

  async function trainOne(conversation: Conversation, group: Group): Promise<void> {
    const { proxies: some } = group;
    const key = groupKey(group);
    const state = await checkpoints.load(key);
    let reached = state?.checkpoint.step ?? 0;
    stepsLeft -= reached * some.length;
    let finished: FinishedRun[] = [];
    try {
      await conversation.ask({ kind: 'group', proxies: some, state }, (message) => {
        switch (message.kind) {
          case 'progress': {
            const newSteps = (message.step - reached) * some.length;
            reached = message.step;
            count(newSteps);
            events.onStep?.(some, message.step);
            return false;
          }
          case 'curve':
            events.onCurve?.(some, message.point);
            return false;
          case 'evaluation':
            events.onEvaluation?.(some, message.evaluation);
            return false;
          case 'save':
            void trySave(checkpoints.save(key, message.state));
            return false;
          case 'done':
            finished = some.map((proxy, place) => finishedRun(proxy, place, some.length, message));
            return true;
          default:
            return false;
        }
      });
    } catch (error) {
      // Steps since the checkpoint are lost and must be repeated.
      stepsLeft += reached * some.length;
      throw error;
    }
    await trySave(checkpoints.finish(key, finished));
    done += some.length;
    count((steps - reached) * some.length);
    events.onFinished?.(finished);
  }

  async function run(): Promise<void> {
    const known = new Set((await checkpoints.finished()).map(({ id }) => id));
    done = proxies.filter(({ id }) => known.has(id)).length;
    waiting.push(...formGroups(proxies, population, known, await checkpoints.groups()));
    const left = waiting.reduce((sum, group) => sum + group.proxies.length, 0);
    stepsLeft = steps * left;
    activeSince = performance.now();
    count(0);
    // There may be more groups later than now: a trainer starts when there is a group for it.
    await Promise.all(Array.from({ length: Math.min(trainers, left) }, work));
  }

  function cancel(): void {
    isCancelled = true;
    wake();
    for (const conversation of [...open]) close(conversation);
  }

  const ended = run().catch((error: unknown) => {
    const wasCancelled = isCancelled;
    cancel();
    if (!wasCancelled) throw error;
  });
  return {
    pause() {
      if (isPaused) return;
      isPaused = true;
      activeMs += performance.now() - activeSince;
      for (const conversation of open) pauseTrainer(conversation);
    },
    step() {
      if (!isPaused) return;
      for (const { trainer } of open) trainer.post({ kind: 'step' });
    },
    resume() {
      if (!isPaused) return;
      isPaused = false;
      activeSince = performance.now();
      for (const conversation of open) {
        conversation.hold(false);
        conversation.trainer.post({ kind: 'resume' });
      }
    },
    cancel,
    ended,
  };
}

function finishedRun(
  { id }: PlannedProxy,
  place: number,
  count: number,
  { evaluations, curve }: Extract<FromTrainer, { kind: 'done' }>,
): FinishedRun {
  return {
    id,
    evaluations: evaluations.map(({ step, losses }) => {
      const domains = losses.length / count;
      return { step, losses: Array.from(losses.subarray(place * domains, (place + 1) * domains)) };
    }),
    curve: curve.map(({ step, losses }) => ({ step, loss: losses[place] })),
  };
}
