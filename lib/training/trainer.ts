/**
 * The training worker or process: handles messages of `protocol.ts`, trains one group of proxies after the
 * other on an engine, and reports progress. Not loaded by the page.
 */

import { loadCode } from '../model/load-code';
import type { CurvePoint, Evaluation, GroupState } from './checkpoints';
import type { BackendId, Engine, PopulationPlan } from './engine';
import type { FromTrainer, Speed, ToTrainer, TrainingSetting } from './protocol';
import { createSimdEngine } from './simd/engine';
import { hasSimd } from './simd/supported';

/** Interval of progress messages, in milliseconds; waiting messages are read then, too. */
const progressEvery = 250;
/** Approximate number of points of a saved curve. */
const curvePoints = 60;

/**
 * Creates a training worker or process; the returned function takes its messages.
 *
 * @param send sends a message to the owner
 * @param readMessages lets waiting messages in
 */
export function hostTraining(
  send: (message: FromTrainer) => void,
  readMessages: () => Promise<void>,
): (message: ToTrainer) => void {
  let setting: TrainingSetting | null = null;
  let createEngine: (plan: PopulationPlan) => Engine = createSimdEngine;
  let isPaused = false;
  /** Number of single steps allowed while paused. */
  let allowed = 0;
  let wake: (() => void) | null = null;

  async function train({ proxies, state }: Extract<ToTrainer, { kind: 'group' }>): Promise<void> {
    if (!setting) throw new RangeError('a group came before the setting');
    const { training, validation, evaluateAt, saveEvery } = setting;
    const engine = createEngine({ ...setting, proxies });
    const { steps } = training;
    const curveEvery = Math.max(1, Math.round(steps / curvePoints));
    let saved = performance.now();
    /** The step of the latest checkpoint: a second one would be the same. */
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
          // It may have been paused while a checkpoint was read.
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
    const engine = createEngine({ ...setting, proxies: message.proxies });
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
    createEngine = await openEngine(asked.backend, (message) =>
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

/**
 * Starts what trains on a backend, and loads its code.
 *
 * @param onDeviceError called when the device fails later on
 * @throws Error when the backend cannot start here
 */
async function openEngine(
  backend: BackendId,
  onDeviceError: (message: string) => void,
): Promise<(plan: PopulationPlan) => Engine> {
  if (backend === 'wasm') {
    if (!hasSimd()) throw new Error('there are no vectors of WebAssembly here');
    return createSimdEngine;
  }
  const [{ createTfEngine }, { startBackend }] = await loadCode(() =>
    Promise.all([import('./tf/population'), import('./tf/backends')]),
  );
  await startBackend(backend, onDeviceError);
  return (plan) => createTfEngine(plan, backend);
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
  /** Whether a checkpoint of the group is due; called after `readMessages`. */
  readonly isDue: (step: number) => boolean;
  readonly save: (state: GroupState) => Promise<void>;
  /** Called after a step is complete; pauses here. */
  readonly hold: (step: number) => Promise<void>;
  readonly onCurve?: (point: CurvePoint) => void;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
}

/** The losses of a group are not finite, which later steps cannot repair. */
class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/**
 * Trains a group from its current step to the last.
 *
 * @param before saved state of an earlier attempt; null = start
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

  /** Evaluates after the current step, if that is due and was not done yet. */
  async function evaluateHere(): Promise<void> {
    const { step } = engine;
    if (!moments.has(step) || evaluations.at(-1)?.step === step) return;
    const evaluation = { step, losses: await evaluateAll(engine, task.validation, rest) };
    checkFinite(evaluation.losses, step);
    evaluations.push(evaluation);
    hooks.onEvaluation?.(evaluation);
  }

  if (before) engine.restore(before.checkpoint);
  // The checkpoint may be from the middle of an evaluation.
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

/** P x D. @param afterDomain awaited after each domain except the last */
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
      `the loss is ${losses[diverged]} after step ${step}: lower the learning rate`,
    );
  }
}

/** Steps between two clock readings, which wait for the device. */
const stepsPerReading = 4;
/** Ratio of the time spent measuring steps to that of evaluations. */
const evaluatingShare = 4;

/**
 * Measures an engine's steps and evaluations.
 *
 * @param batch of validation text: windows as `evaluate` takes them
 * @param seconds it is trained for about so long, and evaluated for a fourth of it; at least one reading of
 * each is made
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
  // Slow engines are read after every step, so that the measurement ends in time.
  const many = begin - start < (1000 * seconds) / (2 * stepsPerReading) ? stepsPerReading : 1;
  do {
    for (let step = 0; step < many; step++) engine.advance();
    await engine.latestLosses();
    const at = now();
    stepSeconds.push((at - last) / 1000 / many);
    last = at;
  } while (last - begin < 1000 * seconds);
  // The first evaluation includes compilation.
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
