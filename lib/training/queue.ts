/**
 * Trains proxies in groups, one trainer beside the other: replaces trainers that end, makes groups smaller where
 * memory runs out, pauses, and tells how far everything is.
 */

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
  /** Proxies done, those of earlier attempts included. */
  readonly done: number;
  readonly total: number;
  /** Share of all steps of all proxies that is done, 0 to 1, those of earlier attempts included. */
  readonly share: number;
  /** Tokens trained a second, all trainers together, over this attempt; 0 before the first step. */
  readonly rate: number;
  /** Seconds left; NaN until a rate is known or expected. */
  readonly left: number;
}

export interface QueueEvents {
  readonly onProgress: (progress: QueueProgress) => void;
  readonly onFinished?: (runs: readonly FinishedRun[]) => void;
  /** Where the proxies of a group stand. */
  readonly onStep?: (proxies: readonly PlannedProxy[], step: number) => void;
  readonly onCurve?: (proxies: readonly PlannedProxy[], point: CurvePoint) => void;
  readonly onEvaluation?: (proxies: readonly PlannedProxy[], evaluation: Evaluation) => void;
  /** A trainer was replaced: why. */
  readonly onReplaced?: (reason: string) => void;
  /** There was too little memory: groups are of so many proxies from now on. */
  readonly onHalved?: (population: number) => void;
  /** Something could not be saved; training goes on. */
  readonly onNotSaved?: (reason: string) => void;
}

export interface TrainingQueue {
  readonly pause: () => void;
  /** One step of every group under way, while paused. */
  readonly step: () => void;
  readonly resume: () => void;
  /** Stops for good; what was saved stays. */
  readonly cancel: () => void;
  /** Settles when all proxies are done, or with an error; resolves on `cancel` too. */
  readonly ended: Promise<void>;
}

/** How often the trainer of a group is replaced before the training gives up. */
const maxReplacements = 3;
/** Seconds of training that the expected rate counts as in the time left. */
const expectedSeconds = 5;

/**
 * Trains proxies in groups, one trainer beside the other, from where the checkpoints says that they stand.
 *
 * @param population proxies in a group at most, >= 1; saved groups that are larger are cut
 * @param trainers how many at once, >= 1
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
    /** Tokens a second that a measurement promised, all trainers together; 0 = unknown. */
    readonly expectedRate?: number;
    /** Milliseconds of silence after which a trainer is replaced; null = any. */
    readonly silenceLimit?: number | null;
  },
  start: (events: TrainerEvents) => Trainer,
  checkpoints: CheckpointStore,
  events: QueueEvents,
): TrainingQueue {
  const { steps, rows } = setting.training;
  const tokensOfStep = rows * setting.shape.context;
  const open = new Set<Conversation>();
  /** Groups that no trainer has taken, the next one first. */
  const waiting: Group[] = [];
  /** Groups that a trainer trains or cuts: all or parts of them may come back. */
  let activeGroups = 0;
  /** Trainers without a group, told when there may be one again. */
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
    const rate = seconds > 0 ? tokens / seconds : 0;
    // The first steps also start things up: what is expected counts as much as some seconds of them.
    const weight = expectedRate > 0 ? expectedSeconds : 0;
    const likely =
      tokens > 0 ? (tokens + weight * expectedRate) / (seconds + weight) : expectedRate;
    const left = likely > 0 ? (stepsLeft * tokensOfStep) / likely : Number.NaN;
    const share = 1 - stepsLeft / (steps * total);
    events.onProgress({ done, total, share, rate, left });
  }

  /** Whether something could be saved; it is told, and training goes on, when it could not. */
  async function trySave(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      events.onNotSaved?.(error instanceof Error ? error.message : String(error));
    }
  }

  /** Trains groups until none is left; a trainer that ends takes its error here. */
  async function work(): Promise<void> {
    let conversation: Conversation | null = null;
    for (;;) {
      // A trainer that waits for groups of others holds no memory meanwhile.
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
        const isFinal = error instanceof TrainerError && error.isFinal;
        if (isFinal || group.attempts > maxReplacements) throw error;
        events.onReplaced?.(error instanceof Error ? error.message : String(error));
        const count = group.proxies.length;
        const isMemory = error instanceof TrainerError && error.isMemory && count > 1;
        // Another trainer may have made groups smaller while this one was at work.
        if (isMemory && count <= size) {
          size = Math.ceil(count / 2);
          events.onHalved?.(size);
        }
        release(group);
      }
    }
  }

  /**
   * The next group of at most `size` proxies, out of the queue; a larger one is cut first. While groups are
   * under way that may come back in parts it waits for them.
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

  /** Ends a group's turn: what is left of it goes back to the head of the queue, and who waits looks again. */
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

  /** The parts of a group that is too large, with what is saved of it. */
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
      // What was done since the checkpoint is lost and has to be done again.
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
    // Fewer groups than trainers may become more: a trainer starts when there is one for it.
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
