import type { Engine, PlannedProxy } from './engine';
import { measureSpeed } from './measure-speed';
import type { FromTrainer, ToTrainer, TrainingSetting } from './messages';
import { startBackend } from './tf/backends';
import { createTfEngine } from './tf/population';
import { DivergedError, trainGroup } from './train-group';

/** Milliseconds between two messages of progress, after which waiting messages are read, too. */
const progressEvery = 250;
/** Points that a curve is kept with, about. */
const curvePoints = 60;

/**
 * Trains what it is told to: the whole of a training worker or process, whose messages come in by the
 * function that is returned.
 *
 * @param send passes a message on to whoever started it
 * @param breathe lets waiting messages in
 */
export function hostTraining(
  send: (message: FromTrainer) => void,
  breathe: () => Promise<void>,
): (message: ToTrainer) => void {
  let setting: TrainingSetting | null = null;
  let isPaused = false;
  /** Steps that may still be done while it is paused. */
  let allowed = 0;
  let wake: (() => void) | null = null;

  async function train({ proxies, state }: Extract<ToTrainer, { kind: 'group' }>): Promise<void> {
    if (!setting) throw new RangeError('a group came before the setting');
    const { training, validation, evaluateAt, saveEvery } = setting;
    const engine = engineFor(setting, proxies);
    const { steps } = training;
    const curveEvery = Math.max(1, Math.round(steps / curvePoints));
    let saved = performance.now();
    /** The step that the latest checkpoint is of: a second one would hold the same. */
    let savedStep = state?.checkpoint.step ?? 0;
    let told = saved;
    try {
      const task = { steps, validation, evaluateAt, curveEvery };
      const result = await trainGroup(engine, task, state, {
        breathe: async (step) => {
          const now = performance.now();
          if (now - told <= progressEvery && !isPaused) return;
          told = now;
          send({ kind: 'progress', step });
          await breathe();
        },
        isDue: (step) => step !== savedStep && (isPaused || performance.now() - saved > saveEvery),
        save: async (kept) => {
          saved = performance.now();
          savedStep = kept.checkpoint.step;
          send({ kind: 'save', state: kept });
        },
        hold: async (step) => {
          // A pause may have come in while a checkpoint was read.
          if (isPaused) send({ kind: 'progress', step });
          while (isPaused && allowed === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          allowed = Math.max(0, allowed - 1);
        },
        onEvaluation: (evaluation) => send({ kind: 'evaluation', evaluation }),
        onCurve: (point) => send({ kind: 'curve', point }),
      });
      send({ kind: 'done', ...result });
    } finally {
      engine.dispose();
    }
  }

  async function measure(message: Extract<ToTrainer, { kind: 'measure' }>): Promise<void> {
    if (!setting) throw new RangeError('a measurement came before the setting');
    const engine = engineFor(setting, message.proxies);
    try {
      send({
        kind: 'measured',
        speed: await measureSpeed(engine, batchOf(setting), message.seconds),
      });
    } finally {
      engine.dispose();
    }
  }

  async function begin(asked: TrainingSetting): Promise<void> {
    await startBackend(asked.backend, asked.wasmPath, (message) =>
      send({ kind: 'failed', message, isFinal: false }),
    );
    setting = asked;
    send({ kind: 'ready' });
  }

  function start(message: Extract<ToTrainer, { kind: 'setting' | 'group' | 'measure' }>) {
    switch (message.kind) {
      case 'setting':
        return begin(message.setting);
      case 'group':
        return train(message);
      case 'measure':
        return measure(message);
    }
  }

  return (message) => {
    switch (message.kind) {
      case 'pause':
        isPaused = true;
        allowed = 0;
        break;
      case 'step':
        allowed = 1;
        wake?.();
        break;
      case 'resume':
        isPaused = false;
        wake?.();
        break;
      default: {
        start(message).catch((error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          send({ kind: 'failed', message, isFinal: error instanceof DivergedError });
        });
      }
    }
  };
}

/** A batch of validation text. */
function batchOf({ validation, training, shape }: TrainingSetting): Int32Array {
  const [windows = new Int32Array(0)] = validation;
  return windows.subarray(0, training.rows * (shape.context + 1));
}

function engineFor(
  { backend, shape, training, tokens }: TrainingSetting,
  proxies: readonly PlannedProxy[],
): Engine {
  return createTfEngine({ shape, training, proxies, tokens }, backend);
}
