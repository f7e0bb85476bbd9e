import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FinishedRun } from './checkpoints';
import { startTraining } from './queue';
import { inThread, memoryCheckpoints, proxies, setting } from './queue.fixture';

/** By time alone, nothing would be saved: only a pause requests it. */
const patient = { ...setting, saveEvery: Number.POSITIVE_INFINITY };
const group = '1+2';
const never = () => false;

describe('a pause', () => {
  // Time flies, so that the trainer lets messages in after every step on any machine.
  beforeEach(() => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      clock += 1000;
      return clock;
    });
  });
  afterEach(() => void vi.restoreAllMocks());

  function start(
    checkpoints: ReturnType<typeof memoryCheckpoints>,
    onStep: (step: number) => void = () => {},
    curve: number[] = [],
  ) {
    return startTraining(
      { setting: patient, proxies: proxies.slice(0, 2), population: 2, trainers: 1 },
      (events) => inThread(events, never),
      checkpoints,
      {
        onProgress: () => {},
        onStep: (_, step) => onStep(step),
        onCurve: (_, { step }) => curve.push(step),
      },
    );
  }

  async function whole(): Promise<readonly FinishedRun[]> {
    const checkpoints = memoryCheckpoints();
    await start(checkpoints).ended;
    return checkpoints.finished();
  }

  /** Pauses when a step is reported, and cancels as soon as something is saved. */
  async function pausedAt(step: number) {
    const checkpoints = memoryCheckpoints();
    const queue = start(checkpoints, (done) => {
      if (done === step) queue.pause();
    });
    await expect.poll(() => checkpoints.states.get(group), { timeout: 60_000 }).toBeDefined();
    queue.cancel();
    await queue.ended;
    return checkpoints;
  }

  it('keeps the step that is done at once, without waiting for the next', async () => {
    const checkpoints = await pausedAt(3);
    expect(checkpoints.states.get(group)?.checkpoint.step).toBe(3);
    const curve: number[] = [];
    await start(checkpoints, undefined, curve).ended;
    expect(curve[0]).toBe(4);
    expect(await checkpoints.finished()).toEqual(await whole());
  });

  it('keeps a step in the middle of its evaluation, which is done again later', async () => {
    const checkpoints = await pausedAt(6);
    expect(checkpoints.states.get(group)).toMatchObject({
      checkpoint: { step: 6 },
      evaluations: [],
    });
    await start(checkpoints).ended;
    const [run] = await checkpoints.finished();
    expect(run.evaluations.map(({ step }) => step)).toEqual([6, 12]);
    expect(await checkpoints.finished()).toEqual(await whole());
  });

  it('keeps the last step, too', async () => {
    const checkpoints = await pausedAt(12);
    expect(checkpoints.states.get(group)?.checkpoint.step).toBe(12);
    await start(checkpoints).ended;
    expect(await checkpoints.finished()).toEqual(await whole());
  });
});
