import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { smallSession } from '../study/session.fixture';
import { openTrained } from '../study/trained';
import type { FinishedRun, TrainingJob } from '../training/checkpoints';
import { createStudyStore } from './study-store';
import { proxiesForStudy, refitInterval } from './trained-study';

const job: TrainingJob = {
  version: 1,
  id: 'job',
  corpora: { id: null, name: 'Animals' },
  domains: ['cats', 'dogs'].map((id) => ({
    id,
    name: id,
    trainingTokens: 1_000,
    validationTokens: 100,
    hash: 1,
  })),
  size: '7k',
  training: {
    rows: 8,
    steps: 10,
    learningRate: 0.01,
    warmUp: 1,
    betas: [0.9, 0.95],
    epsilon: 1e-8,
    weightDecay: 0.1,
    clip: 1,
  },
  proxies: Array.from({ length: 40 }, (_, place) => ({
    id: String(place + 1),
    seed: 1,
    mixture: [place / 40, 1 - place / 40],
  })),
  backend: 'wasm',
  population: 1,
  trainers: 2,
};

function runs(count: number): FinishedRun[] {
  return job.proxies.slice(0, count).map(({ id, mixture }) => ({
    id,
    evaluations: [{ step: 10, losses: mixture.map((weight) => 3 - weight) }],
    curve: [],
  }));
}

describe('the interval of fits to finished proxies', () => {
  it('is half a second at least, and leaves the page two thirds of the time unless that is long', () => {
    expect(refitInterval(0)).toBe(500);
    expect(refitInterval(100)).toBe(500);
    expect(refitInterval(1_000)).toBeCloseTo(3_000);
    expect(refitInterval(10_000)).toBe(14_000);
  });
});

describe('the study of a training', () => {
  it('is asked about the target on view, where it has it too', () => {
    const earlier = openTrained({ ...job, id: 'earlier' }, runs(20));
    const target = job.domains[1].id;
    const store = createStudyStore({
      ...earlier,
      settings: { ...earlier.settings, target },
    });
    const outcome = proxiesForStudy(store, () => () => {}).begin(() => {});
    outcome.onFinished(job, runs(20), runs(20));
    outcome.onEnd?.();
    const { study, settings } = store.getState().session;
    expect(study.source.training).toBe('job');
    expect(settings.target).toBe(target);
  });
});

describe('a training whose fits take the page a while', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A page whose fits take so many milliseconds each; Infinity = never to be heard of. */
  function page(cost: number) {
    const studyStore = createStudyStore(smallSession());
    const settled = vi.fn();
    const outcome = proxiesForStudy(studyStore, (callback) => {
      const timer = Number.isFinite(cost)
        ? setTimeout(() => {
            settled();
            callback();
          }, cost)
        : undefined;
      return () => clearTimeout(timer);
    }).begin(() => {});
    const seen: number[] = [];
    studyStore.subscribe(({ session: { study } }, { session: before }) => {
      if (study !== before.study) seen.push(study.training.ids.length);
    });
    /** Proxies finish one after the other, so many milliseconds apart. */
    const finish = async (first: number, last: number, apart: number) => {
      for (let count = first; count <= last; count++) {
        await vi.advanceTimersByTimeAsync(apart);
        outcome.onFinished(job, runs(count), runs(count).slice(-1));
      }
    };
    return { studyStore, outcome, seen, settled, finish };
  }

  it('opens its study with the eighth proxy, and shows several moments of ten seconds', async () => {
    const { seen, finish } = page(50);
    await finish(1, 40, 250);
    expect(seen[0]).toBe(8);
    // Half a second apart, during which two proxies finish.
    expect(seen.length).toBeGreaterThan(12);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('refits less often where that takes long, and never while a fit is under way', async () => {
    const { seen, settled, finish } = page(1_000);
    await finish(1, 8, 0);
    const begun = () => seen.length - settled.mock.calls.length;
    for (let count = 9; count <= 40; count++) {
      await finish(count, count, 250);
      expect(begun()).toBeLessThanOrEqual(1);
    }
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen.length).toBeLessThanOrEqual(4);
  });

  it('does not wait for ever for a fit that nothing is heard of', async () => {
    const { seen, finish } = page(Number.POSITIVE_INFINITY);
    await finish(1, 9, 10);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen).toEqual([8]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen).toEqual([8, 9]);
  });

  it('ends with all runs at once, and refits no more', async () => {
    const { seen, outcome, finish } = page(1_000);
    await finish(1, 12, 0);
    outcome.onEnd?.();
    expect(seen.at(-1)).toBe(12);
    const { length } = seen;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toHaveLength(length);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not fitted for every edit of the limits', async () => {
    const { studyStore, seen, finish } = page(1_000);
    await finish(1, 8, 0);
    await vi.advanceTimersByTimeAsync(10);
    await finish(9, 12, 0);
    studyStore.editSettings({ topK: 7 });
    expect(seen).toEqual([8]);
    studyStore.undo();
    studyStore.undo();
    studyStore.redo();
    expect(studyStore.getState().session.study.training.ids).toHaveLength(12);
  });
});
