import { describe, expect, it, vi } from 'vitest';
import { type FinishedRun, groupKey } from './checkpoints';
import type { PlannedProxy } from './engine';
import type { ToTrainer, Trainer, TrainerEvents } from './protocol';
import { type QueueProgress, startTraining } from './queue';
import { inThread, memoryCheckpoints, proxies, setting } from './queue.fixture';

/** A number once it has stopped changing for half a second. */
async function settled(read: () => number): Promise<number> {
  for (;;) {
    const before = read();
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (read() === before) return before;
  }
}

const quiet = { onProgress: () => {} };
const never = () => false;

/**
 * Trainers that answer a group in a turn of the event loop, or end as `ends` says, with a log of what each
 * did.
 */
function scripted(ends: (trainer: number, group: readonly PlannedProxy[]) => string | null) {
  const groups: { readonly trainer: number; readonly ids: readonly string[] }[] = [];
  let started = 0;
  const start = ({ onMessage, onEnd }: TrainerEvents): Trainer => {
    const trainer = ++started;
    let isOpen = true;
    const answer = (message: ToTrainer): void => {
      if (!isOpen) return;
      if (message.kind === 'setting') onMessage({ kind: 'ready' });
      if (message.kind !== 'group') return;
      const reason = ends(trainer, message.proxies);
      if (reason !== null) {
        onEnd(reason);
        return;
      }
      groups.push({ trainer, ids: message.proxies.map(({ id }) => id) });
      const losses = new Float64Array(2 * message.proxies.length);
      onMessage({ kind: 'done', evaluations: [{ step: 12, losses }], curve: [] });
    };
    return {
      post: (message) => void setTimeout(() => answer(message), 0),
      close: () => {
        isOpen = false;
      },
    };
  };
  return { start, groups };
}

function manyProxies(count: number): PlannedProxy[] {
  return Array.from({ length: count }, (_, place) => ({ ...proxies[0], id: `m${place}` }));
}

describe('a training queue', () => {
  async function whole(): Promise<readonly FinishedRun[]> {
    const checkpoints = memoryCheckpoints();
    await startTraining(
      { setting, proxies, population: 2, trainers: 1 },
      (events) => inThread(events, never),
      checkpoints,
      quiet,
    ).ended;
    return checkpoints.finished();
  }

  it('trains every proxy, and reports its intermediate losses', async () => {
    const runs = await whole();
    expect(runs.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
    for (const { evaluations, curve } of runs) {
      expect(evaluations.map(({ step }) => step)).toEqual([6, 12]);
      expect(evaluations[1].losses).toHaveLength(2);
      expect(curve.at(-1)?.step).toBe(12);
    }
    // Each single-domain proxy is the best on its own domain.
    const last = runs.map(({ evaluations }) => evaluations[1].losses);
    expect(Math.min(...last.map(([first]) => first))).toBe(last[4][0]);
    expect(Math.min(...last.map(([, second]) => second))).toBe(last[0][1]);
  });

  it('replaces a trainer that is lost, and ends with the same losses', async () => {
    const checkpoints = memoryCheckpoints();
    let saves = 0;
    const replaced: string[] = [];
    await startTraining(
      { setting, proxies, population: 2, trainers: 1 },
      (events) => inThread(events, ({ kind }) => kind === 'save' && ++saves === 5),
      checkpoints,
      { ...quiet, onReplaced: (reason) => replaced.push(reason) },
    ).ended;
    expect(replaced).toEqual(['the device was lost']);
    expect(await checkpoints.finished()).toEqual(await whole());
    expect(checkpoints.states.size).toBe(0);
  });

  it('goes on after it was given up in the middle, from the last checkpoint', async () => {
    const checkpoints = memoryCheckpoints();
    let saves = 0;
    const first = startTraining(
      { setting, proxies, population: 2, trainers: 1 },
      (events) =>
        inThread(events, ({ kind }) => {
          if (kind === 'save' && ++saves === 16) first.cancel();
          return false;
        }),
      checkpoints,
      quiet,
    );
    await first.ended;
    expect((await checkpoints.finished()).length).toBe(2);
    expect(checkpoints.states.get('3+2')?.checkpoint.step).toBeGreaterThan(0);
    const steps: number[] = [];
    await startTraining(
      { setting, proxies, population: 2, trainers: 1 },
      (events) => inThread(events, never),
      checkpoints,
      { ...quiet, onCurve: (_, { step }) => steps.push(step) },
    ).ended;
    expect(steps[0]).toBeGreaterThan(1);
    expect(await checkpoints.finished()).toEqual(await whole());
  });

  it('replaces the trainer of a group three times, then gives up with the reason', async () => {
    let started = 0;
    const queue = startTraining(
      { setting, proxies, population: 2, trainers: 1 },
      (events) => {
        started++;
        return inThread(events, ({ kind }) => kind === 'ready');
      },
      memoryCheckpoints(),
      quiet,
    );
    await expect(queue.ended).rejects.toThrow('the device was lost');
    expect(started).toBe(4);
  });

  it('halves its groups when memory runs out, and loses no step of them', async () => {
    const checkpoints = memoryCheckpoints();
    let saves = 0;
    const halvings: number[] = [];
    const firstSteps = new Map<string, number>();
    await startTraining(
      { setting, proxies, population: 4, trainers: 1 },
      (events) => {
        const trainer = inThread(
          { ...events, onEnd: () => events.onEnd('out of GPU memory') },
          ({ kind }) => kind === 'save' && ++saves === 5,
        );
        return trainer;
      },
      checkpoints,
      {
        ...quiet,
        onHalved: (population) => halvings.push(population),
        onCurve: (some, { step }) => {
          const ids = some.map(({ id }) => id).join(' ');
          if (halvings.length > 0 && !firstSteps.has(ids)) firstSteps.set(ids, step);
        },
      },
    ).ended;
    expect(halvings).toEqual([2]);
    expect([...firstSteps]).toEqual([
      ['1 2', 5],
      ['3 4', 5],
      ['5', 1],
    ]);
    expect(checkpoints.states.size).toBe(0);
    const alone = await whole();
    const found = await checkpoints.finished();
    expect(found.map(({ id }) => id)).toEqual(alone.map(({ id }) => id));
    found.forEach(({ evaluations, curve }, place) => {
      expect(curve.map(({ step }) => step)).toEqual(alone[place].curve.map(({ step }) => step));
      evaluations[1].losses.forEach((loss, domain) => {
        expect(Math.abs(loss / alone[place].evaluations[1].losses[domain] - 1)).toBeLessThan(1e-4);
      });
    });
  });

  it('makes groups smaller three times at most, and never fewer than one proxy', async () => {
    const halvings: number[] = [];
    const tried: number[] = [];
    const many = Array.from({ length: 40 }, (_, place) => ({
      ...proxies[place % proxies.length],
      id: `m${place}`,
    }));
    const queue = startTraining(
      { setting, proxies: many, population: 32, trainers: 1 },
      (events) => ({
        post: (message) => {
          if (message.kind === 'setting') setTimeout(() => events.onMessage({ kind: 'ready' }), 0);
          if (message.kind === 'group') {
            tried.push(message.proxies.length);
            setTimeout(() => events.onEnd('out of GPU memory'), 0);
          }
        },
        close: () => {},
      }),
      memoryCheckpoints(),
      { ...quiet, onHalved: (population) => halvings.push(population) },
    );
    await expect(queue.ended).rejects.toThrow('out of GPU memory');
    expect(tried).toEqual([32, 16, 8, 4]);
    expect(halvings).toEqual([16, 8, 4]);
  });

  it('lets every trainer go on while the groups of one are cut', async () => {
    const checkpoints = memoryCheckpoints();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let failed: string | null = null;
    const { start, groups } = scripted((trainer, group) => {
      if (trainer !== 1 || failed !== null) return null;
      failed = groupKey({ proxies: group });
      return 'out of memory';
    });
    const many = manyProxies(160);
    const queue = startTraining(
      { setting, proxies: many, population: 4, trainers: 4 },
      start,
      {
        ...checkpoints,
        load: async (key) => {
          if (key === failed) await held;
          return checkpoints.load(key);
        },
      },
      quiet,
    );
    // The group that failed hangs on its stored state: the other three trainers do the rest.
    await expect
      .poll(() => groups.reduce((sum, { ids }) => sum + ids.length, 0), { timeout: 60_000 })
      .toBe(156);
    release();
    await queue.ended;
    expect(groups.flatMap(({ ids }) => ids).sort()).toEqual(many.map(({ id }) => id).sort());
    for (const { ids } of groups.slice(3)) expect(ids.length).toBeLessThanOrEqual(2);
  });

  it('leaves no trainer behind when it is cancelled', async () => {
    const open = new Set<symbol>();
    for (let turns = 0; turns < 8; turns++) {
      const queue = startTraining(
        { setting, proxies, population: 1, trainers: 4 },
        () => {
          const trainer = Symbol('trainer');
          open.add(trainer);
          return { post: () => {}, close: () => void open.delete(trainer) };
        },
        memoryCheckpoints(),
        quiet,
      );
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      queue.cancel();
      await queue.ended;
      expect(open.size).toBe(0);
    }
  });

  it('reports the share that is done and the time left from its first report on', async () => {
    const reports: QueueProgress[] = [];
    const checkpoints = memoryCheckpoints();
    const many = manyProxies(4);
    await checkpoints.finish('', [{ id: 'm0', evaluations: [], curve: [] }]);
    await startTraining(
      { setting, proxies: many, population: 1, trainers: 1, expectedRate: 50 },
      scripted(() => null).start,
      checkpoints,
      { onProgress: (progress) => reports.push(progress) },
    ).ended;
    const { steps, rows } = setting.training;
    const tokens = 3 * steps * rows * setting.shape.context;
    expect(reports[0]).toEqual({
      done: 1,
      total: 4,
      share: 0.25,
      rate: 50,
      isMeasured: false,
      left: tokens / 50,
    });
    expect(reports.at(-1)).toMatchObject({ done: 4, share: 1, left: 0 });
    const shares = reports.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('expects a rate for the first seconds, and then follows what is measured alone', async () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    try {
      const reports: QueueProgress[] = [];
      await startTraining(
        { setting, proxies: manyProxies(4), population: 1, trainers: 1, expectedRate: 1e6 },
        scripted(() => {
          clock += 2_000;
          return null;
        }).start,
        memoryCheckpoints(),
        { onProgress: (progress) => reports.push(progress) },
      ).ended;
      const { steps, rows } = setting.training;
      const each = steps * rows * setting.shape.context;
      expect(reports.map(({ rate }) => rate)).toEqual([
        1e6,
        (each + 3e6) / 5,
        (2 * each + 1e6) / 5,
        (3 * each) / 6,
        (4 * each) / 8,
      ]);
      expect(reports.map(({ isMeasured }) => isMeasured)).toEqual([
        false,
        false,
        false,
        true,
        true,
      ]);
      // The time left is what that rate says.
      for (const { done, rate, left } of reports) {
        expect(left).toBeCloseTo(((4 - done) * each) / rate, 9);
      }
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('follows what is measured alone once a short training is over', async () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    try {
      const reports: QueueProgress[] = [];
      await startTraining(
        { setting, proxies: manyProxies(4), population: 1, trainers: 1, expectedRate: 1e6 },
        scripted(() => {
          clock += 500;
          return null;
        }).start,
        memoryCheckpoints(),
        { onProgress: (progress) => reports.push(progress) },
      ).ended;
      const { steps, rows } = setting.training;
      const each = steps * rows * setting.shape.context;
      expect(reports.at(-2)).toMatchObject({ isMeasured: false });
      expect(reports.at(-1)).toMatchObject({ rate: (4 * each) / 2, isMeasured: true });
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('calls trainers back that had nothing left to do when the last group has to be cut', async () => {
    const tried: number[] = [];
    const atWork = new Set<number>();
    let most = 0;
    let failed = 0;
    const queue = startTraining(
      { setting, proxies: manyProxies(8), population: 8, trainers: 4 },
      scripted((trainer, { length }) => {
        tried.push(length);
        if (length > 2) {
          failed++;
          return 'out of memory';
        }
        if (length === 2) atWork.add(trainer);
        most = Math.max(most, atWork.size);
        return null;
      }).start,
      memoryCheckpoints(),
      quiet,
    );
    await queue.ended;
    expect(failed).toBeGreaterThan(1);
    // Four groups of two: not all of them by the trainer whose group was cut.
    expect(most).toBeGreaterThan(1);
  });

  it('takes up saved groups of another size, cut where they are too large', async () => {
    const checkpoints = memoryCheckpoints();
    let saves = 0;
    const first = startTraining(
      { setting, proxies, population: 3, trainers: 1 },
      (events) =>
        inThread(events, ({ kind }) => {
          if (kind === 'save' && ++saves === 6) first.cancel();
          return false;
        }),
      checkpoints,
      quiet,
    );
    await first.ended;
    expect([...checkpoints.states.keys()]).toEqual(['1+3']);
    const begun = new Map<string, number>();
    await startTraining(
      { setting, proxies, population: 2, trainers: 1 },
      (events) => inThread(events, never),
      checkpoints,
      {
        ...quiet,
        onCurve: (some, { step }) => {
          const ids = some.map(({ id }) => id).join(' ');
          if (!begun.has(ids)) begun.set(ids, step);
        },
      },
    ).ended;
    expect([...begun.keys()]).toEqual(['1 2', '3', '4 5']);
    expect(begun.get('1 2')).toBeGreaterThan(1);
    expect(begun.get('3')).toBe(begun.get('1 2'));
    expect(begun.get('4 5')).toBe(1);
    expect(checkpoints.states.size).toBe(0);
    expect((await checkpoints.finished()).map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('replaces a trainer that gives no sign of life', async () => {
    const checkpoints = memoryCheckpoints();
    const replaced: string[] = [];
    let started = 0;
    await startTraining(
      { setting, proxies, population: 5, trainers: 1, silenceLimit: 5_000 },
      (events) => {
        const isDeaf = started++ === 0;
        const trainer = inThread(events, never);
        return isDeaf ? { ...trainer, post: () => {} } : trainer;
      },
      checkpoints,
      { ...quiet, onReplaced: (reason) => replaced.push(reason) },
    ).ended;
    expect(replaced).toEqual(['a trainer gave no sign of life for 5 seconds']);
    expect(await checkpoints.finished()).toHaveLength(5);
  }, 60_000);

  it('takes no trainer for dead by the first timer that fires when the machine wakes up', async () => {
    vi.useFakeTimers();
    try {
      let say: TrainerEvents['onMessage'] = () => {};
      const replaced: string[] = [];
      const queue = startTraining(
        { setting, proxies, population: 5, trainers: 1, silenceLimit: 5_000 },
        ({ onMessage }) => {
          say = onMessage;
          return { post: () => {}, close: () => {} };
        },
        memoryCheckpoints(),
        { ...quiet, onReplaced: (reason) => replaced.push(reason) },
      );
      const ended = queue.ended.catch(() => {});
      await vi.advanceTimersByTimeAsync(0);
      for (let sleep = 0; sleep < 20; sleep++) {
        // Whatever time has passed: a timer fires before the message that waited, too.
        await vi.advanceTimersToNextTimerAsync();
        say({ kind: 'progress', step: 1 });
      }
      expect(replaced).toEqual([]);
      await vi.advanceTimersByTimeAsync(6_000);
      expect(replaced).toEqual(['a trainer gave no sign of life for 5 seconds']);
      queue.cancel();
      await ended;
    } finally {
      vi.useRealTimers();
    }
  });

  it('says that something could not be saved, and trains on', async () => {
    const checkpoints = memoryCheckpoints();
    const told: string[] = [];
    await startTraining(
      { setting, proxies, population: 5, trainers: 2 },
      (events) => inThread(events, never),
      {
        ...checkpoints,
        save: async () => {
          throw new Error('the quota is exceeded');
        },
      },
      { ...quiet, onNotSaved: (reason) => told.push(reason) },
    ).ended;
    expect(told).toContain('the quota is exceeded');
    expect(await checkpoints.finished()).toHaveLength(5);
  });

  it('does nothing while it is paused', async () => {
    const checkpoints = memoryCheckpoints();
    let steps = 0;
    let saves = 0;
    const queue = startTraining(
      { setting, proxies: proxies.slice(0, 1), population: 1, trainers: 1 },
      (events) => inThread(events, never),
      {
        ...checkpoints,
        save: async (group, state) => {
          await checkpoints.save(group, state);
          if (++saves === 3) queue.pause();
        },
      },
      {
        ...quiet,
        onStep: (_, step) => {
          steps = step;
        },
      },
    );
    await expect.poll(() => steps, { timeout: 60_000 }).toBeGreaterThan(0);
    const held = await settled(() => steps);
    expect(held).toBeLessThan(setting.training.steps - 1);
    queue.step();
    await expect.poll(() => steps, { timeout: 60_000 }).toBe(held + 1);
    expect(await settled(() => steps)).toBe(held + 1);
    expect(await checkpoints.finished()).toHaveLength(0);
    queue.resume();
    await queue.ended;
    expect(await checkpoints.finished()).toHaveLength(1);
  });
});
