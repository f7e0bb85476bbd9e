import type { FromTrainer, ToTrainer } from './messages';

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
 * @param patience milliseconds of silence after which it counts as dead; null = any
 */
export function converse(
  start: (events: TrainerEvents) => Trainer,
  patience: number | null,
): Conversation {
  let listen: ((message: FromTrainer) => void) | null = null;
  let fail: ((error: Error) => void) | null = null;
  let ended: TrainerError | null = null;
  let isHeld = false;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  function heard(): void {
    clearTimeout(alarm);
    if (patience === null || isHeld || !listen || ended) return;
    waitOn(patience, silentTicks);
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
      heard();
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
        heard();
      }),
    hold(next) {
      isHeld = next;
      heard();
    },
  };
}
