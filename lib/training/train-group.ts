import type { Checkpoint, Engine } from './engine';

/** Losses of every proxy of a group on every domain's validation text after so many steps. */
export interface Evaluation {
  readonly step: number;
  /** P x D, row-major, nats per byte. */
  readonly losses: Float64Array;
}

/** Training losses of a group at one step. */
export interface CurvePoint {
  readonly step: number;
  /** P, nats per token. */
  readonly losses: Float64Array;
}

/** Where a group stands: what is kept to go on later, and to tell how it went. */
export interface GroupState {
  readonly checkpoint: Checkpoint;
  readonly evaluations: readonly Evaluation[];
  readonly curve: readonly CurvePoint[];
}

export interface GroupTask {
  readonly steps: number;
  /** Windows of validation text per domain: see `validationWindows`. */
  readonly validation: readonly Int32Array[];
  /** Steps after which all proxies are evaluated, ascending; the last step always is. */
  readonly evaluateAt: readonly number[];
  /** Steps between two points of the curve, >= 1. */
  readonly curveEvery: number;
}

export interface GroupHooks {
  /** Called after every step, and after every domain of an evaluation: lets messages in. */
  readonly breathe: (step: number) => Promise<void>;
  /** Whether it is time to keep a checkpoint of where the group stands; asked after `breathe`. */
  readonly isDue: (step: number) => boolean;
  readonly save: (state: GroupState) => Promise<void>;
  /** Called when a step is done with all that belongs to it; a pause is held here. */
  readonly hold: (step: number) => Promise<void>;
  readonly onCurve?: (point: CurvePoint) => void;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
}

/** A group whose losses are not finite has gone astray: nothing later can mend it. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/**
 * Trains a group from where it stands to its last step.
 *
 * @param before what was kept of an earlier attempt, or null to start
 * @throws DivergedError when a loss is not finite
 */
export async function trainGroup(
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
    await hooks.breathe(step);
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
  const astray = losses.findIndex((loss) => !Number.isFinite(loss));
  if (astray >= 0) {
    throw new DivergedError(
      `the loss is ${losses[astray]} after step ${step}: train at a lower rate`,
    );
  }
}
