import { describe, expect, it } from 'vitest';
import { calibrate, secondsFor } from './calibrate';
import type { Speed, Trainer, TrainerEvents } from './protocol';
import { proxies, setting } from './queue.fixture';

/** A trainer that is as fast as it says. */
function trainerOf(speedOf: (population: number) => Speed) {
  return ({ onMessage }: TrainerEvents): Trainer => ({
    post: (message) => {
      if (message.kind === 'setting') setTimeout(() => onMessage({ kind: 'ready' }), 0);
      if (message.kind !== 'measure') return;
      const speed = speedOf(message.proxies.length);
      setTimeout(() => onMessage({ kind: 'measured', speed }), 0);
    },
    close: () => {},
  });
}

describe('a calibration', () => {
  const measured = (stepSeconds: (population: number) => number) =>
    calibrate(
      {
        backends: ['wasm'],
        settingOf: () => setting,
        proxies,
        cores: 2,
        largestBuffer: null,
        seconds: 1,
      },
      trainerOf((population) => ({
        stepSeconds: [stepSeconds(population)],
        firstStepSeconds: 3,
        batchSeconds: 0.25,
      })),
      () => {},
    );

  it('counts every batch of every evaluation of a group', async () => {
    const { best } = await measured(() => 2);
    // Two domains of three windows, two rows a batch: four batches, once after step 6.
    expect(best.evaluationSeconds).toBe(4 * 0.25);
    // Five proxies, four side by side: two groups, by one worker.
    expect(best).toMatchObject({ population: 4, trainers: 1, startSeconds: 1 });
    expect(secondsFor(best, 5, 12)).toEqual({
      low: 1 + 2 * 12 * 2 + 2,
      mean: 1 + 2 * 12 * 2 + 2,
      high: 1 + 2 * 12 * 2 + 2,
      evaluating: 2,
    });
  });

  it('takes a larger population only where it is faster by enough', async () => {
    const { best, all } = await measured((population) => population);
    expect(all.map(({ population }) => population)).toEqual([1, 4]);
    expect(best).toMatchObject({ population: 1, trainers: 2 });
  });
});
