import { describe, expect, it, vi } from 'vitest';
import { addRound, addTestSets } from '../study/from-runs';
import { openTrained, withMoreTrained } from '../study/trained';
import type { GroupState } from './checkpoints';
import type { TrainingPlatform } from './state';
import { begin, fine, place, stateFor } from './training.fixture';

describe('a training in the page', () => {
  it('ends with all runs and their losses on the way in the study', async () => {
    const { platform, awake } = place(fine);
    const { store, studyStore, until, job } = begin(platform, 'wasm', 4);
    await until('done');
    const { study } = studyStore.getState().session;
    expect(study.source.training).toBe('job');
    expect(study.training.ids).toEqual(job.proxies.map(({ id }) => id));
    const { trajectory, losses, mixtures } = study.training;
    expect(trajectory?.steps).toEqual([1, job.training.steps]);
    expect(trajectory?.losses[1]).toEqual(losses);
    expect(losses.values[5]).toBeCloseTo((3 - mixtures.values[5]) / Math.LN2, 12);
    expect(trajectory?.losses[0].values[5]).toBeCloseTo((4 - mixtures.values[5]) / Math.LN2, 12);
    expect(store.getState().notices).toEqual([]);
    for (const entropy of store.getState().entropies.values()) {
      expect(entropy).toBeGreaterThan(1);
      expect(entropy).toBeLessThan(Math.log(257));
    }
    expect(store.getState().entropies.size).toBe(12);
    expect(awake).toEqual([true, false]);
  });

  it('counts the same proxies as done, finished and drawn at any moment', async () => {
    const { platform } = place(fine);
    const { store, until } = begin(platform, 'wasm', 1);
    const counts: (readonly number[])[] = [];
    store.subscribe(({ progress, finished, tiles }) => {
      const drawn = [...tiles.values()].filter(({ isDone }) => isDone).length;
      counts.push([progress?.done ?? 0, finished.length, drawn]);
    });
    await until('done');
    for (const [done, finished, drawn] of counts) expect([finished, drawn]).toEqual([done, done]);
    expect(counts.at(-1)).toEqual([12, 12, 12]);
  });

  it('gives a study that comes back the runs that finished meanwhile, until it is left', async () => {
    const { platform } = place(fine);
    const { store, studyStore, handle, until, job } = begin(platform, 'wasm', 4);
    await until('done');
    const asItWas = openTrained(job, store.getState().finished.slice(0, 8));
    studyStore.open({ ...asItWas, document: 'saved' });
    const runsOnView = () => studyStore.getState().session.study.training.ids.length;
    expect(runsOnView()).toBe(12);
    expect(studyStore.getState().session.document).toBe('saved');
    handle.leave();
    studyStore.open({ ...asItWas, document: 'saved' });
    expect(runsOnView()).toBe(8);
  });

  it('goes on by the next backend once a lost device was replaced three times, from checkpoints cut to its size', async () => {
    const begun: (GroupState | null)[] = [];
    const { platform, log, saved } = place((backend, group, events) => {
      if (backend !== 'webgpu') {
        begun.push(group.state);
        return false;
      }
      if (!group.state) events.onMessage({ kind: 'save', state: stateFor(group) });
      setTimeout(() => events.onEnd('the GPU device was lost'), 0);
      return true;
    });
    const { store, until } = begin(platform, 'webgpu', 8);
    await until('done');
    expect(log.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => 'webgpu 1+8'));
    // Two trainers: the one takes the last group while the other cuts the first.
    const alone = Array.from({ length: 12 }, (_, place) => `wasm ${place + 1}+1`);
    expect(log.slice(4).sort()).toEqual(alone.sort());
    const parameters = begun.flatMap((state) => (state ? [...state.checkpoint.parameters] : []));
    expect(parameters.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(store.getState().notices.at(-1)).toMatch(
      /^Training by WebGPU failed \(the GPU device was lost\): it goes on by WebAssembly/,
    );
    expect(store.getState().job).toMatchObject({ backend: 'wasm', population: 1, trainers: 2 });
    // A reload takes up the backend that works.
    expect(saved()).toMatchObject({ backend: 'wasm', population: 1 });
    expect(store.getState().finished).toHaveLength(12);
  });

  it('halves the population for want of memory three times before it leaves the backend', async () => {
    const { platform, log } = place((backend, _, events) => {
      if (backend === 'webgpu') setTimeout(() => events.onEnd('out of GPU memory'), 0);
      return backend === 'webgpu';
    });
    const { store, until } = begin(platform, 'webgpu', 12);
    await until('done');
    const tried = log.filter((line) => line.startsWith('webgpu'));
    expect(tried).toEqual(['webgpu 1+12', 'webgpu 1+6', 'webgpu 1+3', 'webgpu 1+2']);
    expect(
      store.getState().notices.some((text) => /^There was too little memory: 2/.test(text)),
    ).toBe(true);
    expect(store.getState().job).toMatchObject({ backend: 'wasm', population: 1 });
    expect(store.getState().finished).toHaveLength(12);
  });

  it('ends with the reason when no backend is left, and loses no run', async () => {
    const { platform } = place((_, group, events) => {
      if (group.proxies[0].id !== '12') return false;
      setTimeout(() => events.onEnd('it cannot be'), 0);
      return true;
    });
    const { store, studyStore, until } = begin(platform, 'cpu', 1);
    await until('failed');
    expect(store.getState().failure).toBe('it cannot be');
    expect(studyStore.getState().session.study.training.ids).toHaveLength(11);
  });

  it('says that nothing can be saved when storage is full, once, and trains on', async () => {
    const { platform } = place(fine, true);
    const { store, until } = begin(platform, 'wasm', 4);
    await until('done');
    expect(store.getState().finished).toHaveLength(12);
    expect(store.getState().notices).toEqual([
      'Progress could not be saved (the quota is exceeded): training goes on, but a reload would lose it.',
    ]);
  });

  it('trains every proxy, and says once that nothing is saved, where storage is blocked', async () => {
    const { platform, log } = place(fine);
    const { store, studyStore, until } = begin(withoutStorage(platform), 'wasm', 4);
    await until('done');
    expect(log.sort()).toEqual(['wasm 1+4', 'wasm 5+4', 'wasm 9+4']);
    expect(store.getState().job?.backend).toBe('wasm');
    expect(studyStore.getState().session.study.training.ids).toHaveLength(12);
    expect(store.getState().notices).toEqual([
      'Progress could not be saved (The user denied permission): training goes on, but a reload would lose it.',
    ]);
  });

  it('trains no finished proxy again by the next backend where storage is blocked', async () => {
    const { platform, log } = place((backend, group, events) => {
      const isLost = backend === 'webgpu' && group.proxies[0].id === '9';
      if (isLost) setTimeout(() => events.onEnd('the GPU device was lost'), 0);
      return isLost;
    });
    const { store, until } = begin(withoutStorage(platform), 'webgpu', 4);
    await until('done');
    const alone = ['wasm 10+1', 'wasm 11+1', 'wasm 12+1', 'wasm 9+1'];
    expect(log.filter((line) => line.startsWith('wasm')).sort()).toEqual(alone);
    expect(store.getState().finished).toHaveLength(12);
    const isAboutSaving = (text: string) => text.startsWith('Progress could not be saved');
    expect(store.getState().notices.filter(isAboutSaving)).toHaveLength(1);
  });

  it('leaves a backend only for errors of its trainers', async () => {
    const { platform, log } = place(fine);
    const start = () => {
      throw new Error('no workers here');
    };
    const { store, until } = begin({ ...platform, start }, 'webgpu', 4);
    await until('failed');
    expect(store.getState()).toMatchObject({
      failure: 'no workers here',
      job: { backend: 'webgpu' },
      notices: [],
    });
    expect(log).toEqual([]);
  });
});

/** The platform of a browser that blocks IndexedDB: every access is refused. */
function withoutStorage(platform: TrainingPlatform): TrainingPlatform {
  const refuse = () =>
    Promise.reject(new DOMException('The user denied permission', 'SecurityError'));
  return {
    ...platform,
    library: {
      jobs: refuse,
      put: refuse,
      remove: refuse,
      putCorpora: refuse,
      corpora: refuse,
      checkpoints: () => ({
        finished: refuse,
        finish: refuse,
        groups: refuse,
        load: refuse,
        save: refuse,
        remove: refuse,
      }),
    },
  };
}

it('adds further proxies under the name that the study was given', async () => {
  const { store, until, job } = begin(place(fine).platform, 'wasm', 4);
  await until('done');
  const { finished } = store.getState();
  const opened = openTrained(job, finished.slice(0, 8));
  const more = withMoreTrained(opened, job, finished);
  expect(more.study.name).toBe('Animals: 12 of 12 proxies trained here');
  const renamed = { ...opened, study: { ...opened.study, name: 'Mine' } };
  expect(withMoreTrained(renamed, job, finished).study).toEqual({ ...more.study, name: 'Mine' });
  expect(more.study.targets[0]).toMatchObject({ id: 'cats', name: 'cats loss' });
});

it('adds further proxies and keeps the models and the test sets that were added', async () => {
  const { store, until, job } = begin(place(fine).platform, 'wasm', 4);
  await until('done');
  const { finished } = store.getState();
  const opened = openTrained(job, finished.slice(0, 8));
  const coefficients = Float64Array.of(1, 2, 3);
  const model = { kind: 'linear', intercept: 0, coefficients, penalty: 0 } as const;
  const imported = [{ id: 'model', target: 'cats', name: 'cats.onnx', model }];
  const testSets = [{ ...opened.study.training, name: 'larger' }];
  const human = { name: 'Mine', weights: Float64Array.of(0.5, 0.25, 0.25) };
  const added = { imported, testSets, human };
  const before = { ...opened, study: { ...opened.study, ...added } };
  const { study } = withMoreTrained(before, job, finished);
  expect(study).toMatchObject(added);
  expect(study.training.ids).toHaveLength(12);
});

it('does not change the view when it is left while it looks for saved runs', async () => {
  const { platform } = place(fine);
  let found = () => {};
  const looking = new Promise<void>((resolve) => {
    found = resolve;
  });
  const checkpoints = platform.library.checkpoints('job');
  const release = vi.fn();
  const { store, handle, job } = begin(
    {
      ...platform,
      library: {
        ...platform.library,
        checkpoints: () => ({
          ...checkpoints,
          finished: async () => {
            await looking;
            return [{ id: '1', evaluations: [{ step: 1, losses: [1, 2, 3] }], curve: [] }];
          },
        }),
      },
    },
    'wasm',
    4,
    release,
  );
  await vi.waitFor(() => expect(store.getState().entropies.size).toBe(job.proxies.length));
  handle.leave();
  handle.leave();
  expect(release).toHaveBeenCalledTimes(1);
  const before = store.getState();
  found();
  await new Promise((done) => setTimeout(done, 5));
  expect(store.getState().finished).toBe(before.finished);
});

it('says once that later proxies stay out of a study that runs were added to', async () => {
  const { platform } = place((_, group, events) => {
    if (group.proxies[0].id !== '9') return false;
    finish = () => events.onEnd('it cannot be');
    return true;
  });
  let finish = () => {};
  const { store, studyStore, handle, until, job } = begin(platform, 'cpu', 4);
  await vi.waitFor(() => expect(store.getState().finished).toHaveLength(8));
  const shownRuns = () => studyStore.getState().session.study.training.ids.length;
  await vi.waitFor(() => expect(shownRuns()).toBe(8));
  const shown = studyStore.getState().session;
  // Another study is no reason: theirs comes back as it was left.
  studyStore.open(openTrained({ ...job, id: 'other' }, store.getState().finished));
  studyStore.open(shown);
  expect(store.getState().notices).toEqual([]);
  const added = { ...shown.study.training, name: 'larger' };
  const runs = {
    domains: shown.study.domains,
    targets: shown.study.targets,
    training: null,
    testSets: [added],
    nextRound: null,
    notes: [],
  };
  // The study has test sets, and further proxies still join it.
  studyStore.edit((session) => addTestSets(session, runs));
  expect(store.getState().notices).toEqual([]);
  const round = { ...runs, testSets: [], nextRound: added };
  studyStore.edit((session) => addRound(session, round, 'next.csv'));
  expect(store.getState().notices).toEqual([
    expect.stringMatching(/^Runs were added to the open study/),
  ]);
  handle.leave();
  finish();
  await until('cancelled');
});
