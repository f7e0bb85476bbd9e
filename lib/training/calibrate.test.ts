import { describe, expect, it } from 'vitest';
import {
  type Calibration,
  calibrate,
  chooseRung,
  evaluationBatches,
  ladder,
  secondsFor,
  speedAt,
  usualSeconds,
} from './calibrate';
import { trainingFor, usualRates } from './options';
import type { Speed, Trainer, TrainerEvents } from './protocol';
import { proxies, setting } from './queue.fixture';
import { type SizeId, sizes } from './shape';

/** A trainer that is as fast as it says. */
function trainerOf(speedOf: (population: number) => Speed, onStart = () => {}) {
  return ({ onMessage }: TrainerEvents): Trainer => {
    onStart();
    return {
      post: (message) => {
        if (message.kind === 'setting') setTimeout(() => onMessage({ kind: 'ready' }), 0);
        if (message.kind !== 'measure') return;
        const speed = speedOf(message.proxies.length);
        setTimeout(() => onMessage({ kind: 'measured', speed }), 0);
      },
      close: () => {},
    };
  };
}

describe('a calibration', () => {
  const measured = (
    stepSeconds: (population: number) => number,
    how: Partial<Parameters<typeof calibrate>[0]> = {},
    onStart = () => {},
  ) =>
    calibrate(
      {
        backends: ['wasm'],
        settingOf: () => setting,
        proxies,
        cores: 2,
        largestBuffer: null,
        seconds: 1,
        now: () => 0,
        ...how,
      },
      trainerOf(
        (population) => ({
          stepSeconds: [stepSeconds(population)],
          firstStepSeconds: 3,
          batchSeconds: 0.25,
        }),
        onStart,
      ),
      () => {},
    );

  it('counts every batch of every evaluation of a group', async () => {
    const { best } = await measured(() => 2);
    // Two domains of three windows, two rows a batch: four batches, once after step 6.
    expect(evaluationBatches(setting)).toBe(4);
    expect(best).toMatchObject({ population: 1, trainers: 2, startSeconds: 1, batchSeconds: 0.25 });
    // Five proxies, one after the other by two workers: three turns.
    const work = { proxies: 5, steps: 12, batches: evaluationBatches(setting) };
    const found = secondsFor(best, work);
    const evaluating = 3 * 4 * 0.25;
    expect((found.mean - 1) / found.evaluating).toBeCloseTo((3 * 12 * 2) / evaluating + 1, 9);
    expect(found).toMatchObject({ low: found.mean, high: found.mean });
    // The page itself takes something of two cores, and not half of them.
    expect(found.evaluating).toBeGreaterThan(1.1 * evaluating);
    expect(found.evaluating).toBeLessThan(1.5 * evaluating);
  });

  it('trains one proxy after the other by wasm, and side by side on a GPU where that is faster by enough', async () => {
    const { all } = await measured((population) => population);
    expect(all.map(({ population }) => population)).toEqual([1]);
    const gpu = await measured((population) => population ** 2, { backends: ['webgl'] });
    expect(gpu.all.map(({ population }) => population)).toEqual([1, 5]);
    expect(gpu.best).toMatchObject({ population: 1, trainers: 1 });
  });

  it('counts the fastest of several tries in one worker, and the first start', async () => {
    let started = 0;
    const steps = [9, 2, 5];
    const firsts: number[] = [];
    const found = await calibrate(
      {
        backends: ['wasm'],
        settingOf: () => setting,
        proxies,
        cores: 2,
        largestBuffer: null,
        seconds: 1,
        tries: 3,
        byOne: true,
        now: () => 0,
      },
      trainerOf(
        () => {
          const step = steps.shift() ?? Number.NaN;
          firsts.push(step);
          return { stepSeconds: [step], firstStepSeconds: step + 1, batchSeconds: step / 4 };
        },
        () => started++,
      ),
      () => {},
    );
    expect(started).toBe(1);
    expect(firsts).toEqual([9, 2, 5]);
    const two = found.best.stepSeconds.mean / 2;
    expect(found.best.batchSeconds).toBeCloseTo(two * 0.5, 9);
    // Compiling comes once, with the first of them.
    expect(found.best.startSeconds).toBeCloseTo(10 - 2, 9);
  });

  it('estimates what all cores reach from one worker, and counts the start of that', async () => {
    let started = 0;
    const clock = [0, 500];
    const { best } = await measured(
      () => 2,
      { byOne: true, cores: 4, now: () => clock.shift() ?? Number.NaN },
      () => started++,
    );
    expect(started).toBe(1);
    expect(best).toMatchObject({ trainers: 4, startSeconds: 0.5 + 1 });
    // Four workers are less than four times as fast as one, and more than three times.
    const alone = (2 * 8) / 2;
    expect(best.rate).toBeGreaterThan(3 * alone);
    expect(best.rate).toBeLessThan(4 * alone);
    expect(best.rate).toBeCloseTo((4 * 2 * 8) / best.stepSeconds.mean, 9);
    expect(best.batchSeconds / 0.25).toBeCloseTo(best.stepSeconds.mean / 2, 9);
  });
});

describe('what a machine is offered', () => {
  it('has proxies enough to be judged, however slow the machine is', () => {
    for (const { proxies: count } of ladder) expect(count).toBeGreaterThanOrEqual(32);
  });

  /** As if one worker's speed at 20k had been measured, in tokens a second. */
  function machine(rate: number, trainers: number): Calibration {
    const step = (trainers * 8 * sizes['20k'].context) / rate;
    return {
      backend: 'wasm',
      population: 1,
      trainers,
      rate,
      stepSeconds: { low: step, mean: step, high: step },
      startSeconds: 0.2,
      batchSeconds: step / 3,
    };
  }
  const offered = (rate: number, trainers: number) => {
    const known = new Map<SizeId, Calibration>([['20k', machine(rate, trainers)]]);
    const secondsOf = ({ size, tokens, proxies }: (typeof ladder)[number]) => {
      const speed = speedAt(size, known);
      const { steps } = trainingFor(tokens, sizes[size].context, usualRates[size]);
      return speed ? secondsFor(speed, { proxies, steps, batches: 0 }).mean : Number.NaN;
    };
    const rung = chooseRung(secondsOf);
    return { rung, seconds: secondsOf(rung) };
  };

  it('is a ladder of more and more work for any machine', () => {
    for (const trainers of [1, 2, 8]) {
      const known = new Map<SizeId, Calibration>([['20k', machine(1e5, trainers)]]);
      const seconds = ladder.map(({ size, tokens, proxies }) => {
        const { steps } = trainingFor(tokens, sizes[size].context, usualRates[size]);
        return secondsFor(speedAt(size, known) ?? machine(1, 1), { proxies, steps, batches: 0 })
          .mean;
      });
      expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    }
  });

  it('is the most that fits into the time: fewer and smaller on a slow one, more on a fast one', () => {
    const { rung, seconds } = offered(540_000, 2);
    expect(rung).toEqual({ size: '20k', tokens: 100_000, proxies: 64 });
    expect(seconds).toBeLessThanOrEqual(usualSeconds);
    const slow = offered(30_000, 2);
    expect(slow.rung.size).toBe('7k');
    expect(slow.seconds).toBeLessThanOrEqual(usualSeconds);
    expect(offered(2_000_000, 8).rung).toMatchObject({ size: '20k', proxies: 128 });
    expect(offered(1e9, 16).rung).toEqual(ladder.at(-1));
  });

  it('is the least where nothing fits', () => {
    expect(offered(10, 1).rung).toEqual(ladder[0]);
  });
});

describe('the speed at a size that was not measured', () => {
  const known = (rate: number): Calibration => ({
    backend: 'wasm',
    population: 1,
    trainers: 1,
    rate,
    stepSeconds: { low: 1, mean: 2, high: 3 },
    startSeconds: 0.5,
    batchSeconds: 1,
  });

  it('follows from the work of a token, by the nearest size', () => {
    const measured = new Map<SizeId, Calibration>([
      ['7k', known(900_000)],
      ['400k', known(16_000)],
    ]);
    expect(speedAt('7k', measured)).toEqual(known(900_000));
    const larger = speedAt('20k', measured);
    expect(larger?.rate).toBeGreaterThan(200_000);
    expect(larger?.rate).toBeLessThan(450_000);
    const largest = speedAt('1m', measured);
    expect(largest?.rate).toBeGreaterThan(3_000);
    expect(largest?.rate).toBeLessThan(8_000);
    // A step of a larger context reads more tokens.
    expect((largest?.stepSeconds.mean ?? 0) / 2).toBeCloseTo(
      (16_000 / (largest?.rate ?? 1)) * (sizes['1m'].context / sizes['400k'].context),
      9,
    );
  });

  it('is unknown where nothing was measured', () => {
    expect(speedAt('20k', new Map())).toBeNull();
  });
});
