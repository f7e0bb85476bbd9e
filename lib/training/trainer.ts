/**
 * The whole of a training worker or process: it takes messages of `protocol.ts`, trains one group of proxies after
 * the other on an engine, and says how it goes. The page loads none of it.
 */

import type { CurvePoint, Evaluation, GroupState } from './checkpoints';
import type { Engine, PlannedProxy } from './engine';
import type { FromTrainer, Speed, ToTrainer, TrainingSetting } from './protocol';
import { startBackend } from './tf/backends';
import { createTfEngine } from './tf/population';

/** Milliseconds between two messages of progress, after which waiting messages are read, too. */
const progressEvery = 250;
/** Points that a curve is saved with, about. */
const curvePoints = 60;

/**
 * Trains what it is told to: the whole of a training worker or process, whose messages come in by the
 * function that is returned.
 *
 * @param send passes a message on to whoever started it
 * @param readMessages lets waiting messages in
 */
export function hostTraining(
  send: (message: FromTrainer) => void,
  readMessages: () => Promise<void>,
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
    let reported = saved;
    try {
      const task = { steps, validation, evaluateAt, curveEvery };
      const result = await trainGroup(engine, task, state, {
        readMessages: async (step) => {
          const now = performance.now();
          if (now - reported <= progressEvery && !isPaused) return;
          reported = now;
          send({ kind: 'progress', step });
          await readMessages();
        },
        isDue: (step) => step !== savedStep && (isPaused || performance.now() - saved > saveEvery),
        save: async (groupState) => {
          saved = performance.now();
          savedStep = groupState.checkpoint.step;
          send({ kind: 'save', state: groupState });
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

interface GroupTask {
  readonly steps: number;
  /** Windows of validation text per domain: see `validationWindows`. */
  readonly validation: readonly Int32Array[];
  /** Steps after which all proxies are evaluated, ascending; the last step always is. */
  readonly evaluateAt: readonly number[];
  /** Steps between two points of the curve, >= 1. */
  readonly curveEvery: number;
}

interface GroupHooks {
  /** Called after every step, and after every domain of an evaluation: lets messages in. */
  readonly readMessages: (step: number) => Promise<void>;
  /** Whether it is time to keep a checkpoint of where the group stands; asked after `breathe`. */
  readonly isDue: (step: number) => boolean;
  readonly save: (state: GroupState) => Promise<void>;
  /** Called when a step is done with all that belongs to it; a pause is held here. */
  readonly hold: (step: number) => Promise<void>;
  readonly onCurve?: (point: CurvePoint) => void;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
}

/** A group whose losses are not finite has gone astray: nothing later can mend it. */
class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/**
 * Trains a group from where it stands to its last step.
 *
 * @param before what was saved of an earlier attempt, or null to start
 * @throws DivergedError when a loss is not finite
 */
async function trainGroup(
  engine: Engine,
  task: GroupTask,
  before: GroupState | null,
  hooks: GroupHooks,
): Promise<Pick<GroupState, 'evaluations' | 'curve'>> {
  const evaluations = [...(before?.evaluations ?? [])];
  const curve = [...(before?.curve ?? [])];
  const moments = new Set([...task.evaluateAt, task.steps]);

  async function rest(): Promise<void> {
    const { step } = engine;
    await hooks.readMessages(step);
    if (!hooks.isDue(step)) return;
    await hooks.save({ checkpoint: await engine.checkpoint(), evaluations, curve });
  }

  /** Evaluates after the step that is done, where that is asked for and was not done yet. */
  async function evaluateHere(): Promise<void> {
    const { step } = engine;
    if (!moments.has(step) || evaluations.at(-1)?.step === step) return;
    const evaluation = { step, losses: await evaluateAll(engine, task.validation, rest) };
    checkFinite(evaluation.losses, step);
    evaluations.push(evaluation);
    hooks.onEvaluation?.(evaluation);
  }

  if (before) engine.restore(before.checkpoint);
  // The checkpoint may be of the middle of an evaluation.
  await evaluateHere();
  while (engine.step < task.steps) {
    engine.advance();
    const { step } = engine;
    if (step % task.curveEvery === 0 || step === task.steps) {
      const losses = Float64Array.from(await engine.latestLosses());
      checkFinite(losses, step);
      const point = { step, losses };
      curve.push(point);
      hooks.onCurve?.(point);
    }
    await evaluateHere();
    await rest();
    await hooks.hold(step);
  }
  return { evaluations, curve };
}

/** P x D. @param afterDomain waited for after each but the last */
async function evaluateAll(
  engine: Engine,
  validation: readonly Int32Array[],
  afterDomain: () => Promise<void>,
): Promise<Float64Array> {
  const columns: Float64Array[] = [];
  for (const windows of validation) {
    if (columns.length > 0) await afterDomain();
    columns.push(await engine.evaluate(windows));
  }
  const count = columns[0]?.length ?? 0;
  const out = new Float64Array(count * columns.length);
  columns.forEach((column, domain) => {
    column.forEach((loss, proxy) => {
      out[proxy * columns.length + domain] = loss;
    });
  });
  return out;
}

function checkFinite(losses: Float64Array, step: number): void {
  const diverged = losses.findIndex((loss) => !Number.isFinite(loss));
  if (diverged >= 0) {
    throw new DivergedError(
      `the loss is ${losses[diverged]} after step ${step}: train at a lower rate`,
    );
  }
}

/** Steps between two readings of the clock: a reading waits for the device. */
const stepsPerReading = 4;
/** Steps are measured so many times as long as evaluating. */
const evaluatingShare = 4;

/**
 * How long an engine's steps and evaluations take.
 *
 * @param batch of validation text: windows as `evaluate` takes them
 * @param seconds it is trained for about so long, and evaluated for a fourth of it; at least one reading of
 *   each is made
 * @param now the clock, in milliseconds
 */
async function measureSpeed(
  engine: Engine,
  batch: Int32Array,
  seconds: number,
  now: () => number = () => performance.now(),
): Promise<Speed> {
  const start = now();
  engine.advance();
  await engine.latestLosses();
  const begin = now();
  const stepSeconds: number[] = [];
  let last = begin;
  // Slow engines are read after every step, so that measuring them ends.
  const many = begin - start < (1000 * seconds) / (2 * stepsPerReading) ? stepsPerReading : 1;
  do {
    for (let step = 0; step < many; step++) engine.advance();
    await engine.latestLosses();
    const at = now();
    stepSeconds.push((at - last) / 1000 / many);
    last = at;
  } while (last - begin < 1000 * seconds);
  // The first evaluation also makes programs.
  await engine.evaluate(batch);
  const before = now();
  let batches = 0;
  do {
    await engine.evaluate(batch);
    batches++;
  } while (now() - before < (1000 * seconds) / evaluatingShare);
  return {
    stepSeconds,
    firstStepSeconds: (begin - start) / 1000,
    batchSeconds: (now() - before) / 1000 / batches,
  };
}
