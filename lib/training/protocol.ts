/**
 * What is said between a training and its trainers, and the page's side of it: one trainer, asked one thing at a
 * time, that counts as dead when it ends or falls silent.
 */

import type { CurvePoint, Evaluation, GroupState } from './checkpoints';
import type { BackendId, PlannedProxy } from './engine';
import type { TrainingOptions } from './options';
import type { ProxyShape } from './shape';

/** What every group of a training has in common. */
export interface TrainingSetting {
  readonly backend: BackendId;
  /** Where tfjs's wasm binaries are; null where the platform finds them itself. */
  readonly wasmPath: string | null;
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

/** How fast one trainer trains one group. */
export interface Speed {
  /** Seconds that each step took after the first, which also starts things up; at least one. */
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
      /** Trains for a moment, for its speed alone. */
      readonly kind: 'measure';
      readonly proxies: readonly PlannedProxy[];
      readonly seconds: number;
    }
  | { readonly kind: 'pause' }
  /** One step of the group under way, while it is paused. */
  | { readonly kind: 'step' }
  | { readonly kind: 'resume' };

/** From a trainer. Anything at all is a sign of life; while it is paused there is none. */
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
  /** It is gone, or has said that it cannot go on. */
  readonly onEnd: (reason: string) => void;
}

/** Something that was asked of a trainer was not answered. */
export class TrainerError extends Error {
  override readonly name = 'TrainerError';

  constructor(
    message: string,
    /** Whether another attempt would end the same way. */
    readonly isFinal = false,
  ) {
    super(message);
  }

  /** Whether there was too little memory for what was asked. */
  get isMemory(): boolean {
    return /memory|allocat/i.test(this.message);
  }
}

/**
 * Timers that have to fire in a row, without a message between them, before silence counts. When a machine
 * wakes up, or a tab that was frozen, one timer fires at once whatever time has passed, and may come before the
 * messages that waited, too.
 */
const silentTicks = 8;

/** One trainer, asked one thing at a time. */
export interface Conversation {
  readonly trainer: Trainer;
  /**
   * Sends a message and waits until `isAnswer`, which sees every message that comes, says that it is done.
   *
   * @throws TrainerError when the trainer ends, fails or falls silent
   */
  readonly ask: (message: ToTrainer, isAnswer: (message: FromTrainer) => boolean) => Promise<void>;
  /** While it is held, silence is no sign of trouble. */
  readonly hold: (isHeld: boolean) => void;
}

/**
 * Starts a trainer to talk to.
 *
 * @param silenceLimit milliseconds of silence after which it counts as dead; null = any
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
  // Closing a trainer ends what is asked of it: nothing else would come back.
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
