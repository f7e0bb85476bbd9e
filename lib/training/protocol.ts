/**
 * Messages between a training and its trainers, and the page's side of the protocol: one trainer with one
 * request at a time, which counts as dead when it ends or stays silent.
 */

import type { CurvePoint, Evaluation, GroupState } from './checkpoints';
import type { BackendId, PlannedProxy } from './engine';
import type { TrainingOptions } from './options';
import type { ProxyShape } from './shape';

/** The common setting of all groups of a training. */
export interface TrainingSetting {
  readonly backend: BackendId;
  readonly shape: ProxyShape;
  readonly training: TrainingOptions;
  /** Training text per domain. */
  readonly tokens: readonly Uint16Array[];
  /** Windows of validation text per domain. */
  readonly validation: readonly Int32Array[];
  /** Steps after which proxies are evaluated. */
  readonly evaluateAt: readonly number[];
  /** Milliseconds between two checkpoints. */
  readonly saveEvery: number;
}

/** Speed of one trainer on one group. */
export interface Speed {
  /** Seconds of each step after the first, which includes startup; at least one entry. */
  readonly stepSeconds: readonly number[];
  readonly firstStepSeconds: number;
  /** Seconds that evaluating a batch of validation text takes. */
  readonly batchSeconds: number;
}

/** To a trainer: a worker or a process that trains one group after the other. */
export type ToTrainer =
  | { readonly kind: 'setting'; readonly setting: TrainingSetting }
  | {
      readonly kind: 'group';
      readonly proxies: readonly PlannedProxy[];
      readonly state: GroupState | null;
    }
  | {
      /** Trains briefly to measure speed. */
      readonly kind: 'measure';
      readonly proxies: readonly PlannedProxy[];
      readonly seconds: number;
    }
  | { readonly kind: 'pause' }
  /** One step of the group under way, while it is paused. */
  | { readonly kind: 'step' }
  | { readonly kind: 'resume' };

/** From a trainer. Every message is a sign of life; there are none while it is paused. */
export type FromTrainer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly step: number }
  | { readonly kind: 'curve'; readonly point: CurvePoint }
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly kind: 'save'; readonly state: GroupState }
  | {
      readonly kind: 'done';
      readonly evaluations: readonly Evaluation[];
      readonly curve: readonly CurvePoint[];
    }
  | { readonly kind: 'measured'; readonly speed: Speed }
  /** `isFinal`: another attempt would end the same way. */
  | { readonly kind: 'failed'; readonly message: string; readonly isFinal: boolean };

/** A worker or process that trains. */
export interface Trainer {
  readonly post: (message: ToTrainer) => void;
  readonly close: () => void;
}

export interface TrainerEvents {
  readonly onMessage: (message: FromTrainer) => void;
  /** It ended, or reported that it cannot continue. */
  readonly onEnd: (reason: string) => void;
}

/** A request to a trainer failed. */
export class TrainerError extends Error {
  override readonly name = 'TrainerError';

  constructor(
    message: string,
    /** Whether another attempt would end the same way. */
    readonly isFinal = false,
  ) {
    super(message);
  }

  /** Whether there was too little memory for the request. */
  get isMemory(): boolean {
    return /memory|allocat/i.test(this.message);
  }
}

/**
 * Number of timer ticks without a message after which a trainer counts as silent. When a machine or a frozen
 * tab wakes up, one timer fires at once however much time has passed, perhaps before the queued messages.
 */
const silentTicks = 8;

/** One trainer, with one request at a time. */
export interface Conversation {
  readonly trainer: Trainer;
  /**
   * Sends a message and waits until `isAnswer`, which is called with every message, returns true.
   *
   * @throws TrainerError when the trainer ends, fails or stays silent
   */
  readonly ask: (message: ToTrainer, isAnswer: (message: FromTrainer) => boolean) => Promise<void>;
  /** While held, silence does not count. */
  readonly hold: (isHeld: boolean) => void;
}

/**
 * Starts a trainer.
 *
 * @param silenceLimit timeout in milliseconds without messages after which it counts as dead; null = none
 */
export function openConversation(
  start: (events: TrainerEvents) => Trainer,
  silenceLimit: number | null,
): Conversation {
  let listen: ((message: FromTrainer) => void) | null = null;
  let fail: ((error: Error) => void) | null = null;
  let ended: TrainerError | null = null;
  let isHeld = false;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  function restartAlarm(): void {
    clearTimeout(alarm);
    if (silenceLimit === null || isHeld || !listen || ended) return;
    waitOn(silenceLimit, silentTicks);
  }

  function waitOn(whole: number, ticksLeft: number): void {
    alarm = setTimeout(() => {
      if (ticksLeft > 1) waitOn(whole, ticksLeft - 1);
      else end(`a trainer gave no sign of life for ${Math.round(whole / 1000)} seconds`);
    }, whole / silentTicks);
  }

  function end(reason: string, isFinal = false): void {
    ended ??= new TrainerError(reason, isFinal);
    clearTimeout(alarm);
    fail?.(ended);
  }

  const started = start({
    onMessage: (message) => {
      restartAlarm();
      if (message.kind === 'failed') end(message.message, message.isFinal);
      else listen?.(message);
    },
    onEnd: (reason) => end(reason),
  });
  // Closing a trainer rejects its request, which would otherwise never settle.
  const trainer: Trainer = {
    post: started.post,
    close: () => {
      started.close();
      end('closed');
    },
  };
  return {
    trainer,
    ask: (message, isAnswer) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        fail = reject;
        listen = (answer) => {
          if (!isAnswer(answer)) return;
          listen = null;
          clearTimeout(alarm);
          resolve();
        };
        trainer.post(message);
        restartAlarm();
      }),
    hold(next) {
      isHeld = next;
      restartAlarm();
    },
  };
}
