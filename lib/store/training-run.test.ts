import { describe, expect, it, vi } from 'vitest';
import { storeOf } from '../corpora/document-store';
import type { LoadedCorpora, LoadedDomain } from '../corpora/types';
import { fromRows } from '../matrix';
import type { Trainer, TrainerEvents } from '../proxy/conversation';
import type { BackendId } from '../proxy/engine';
import { type FinishedRun, groupKey } from '../proxy/groups';
import type { TrainingJob } from '../proxy/job';
import type { ToTrainer } from '../proxy/messages';
import type { GroupState } from '../proxy/train-group';
import { addTestSets } from '../study/from-runs';
import { openTrained, withMoreTrained } from '../study/trained';
import { createStudyStore } from './study-store';
import { createTrainingControl } from './training-control';
import { drawMixtures, makeJob, planProxies } from './training-plan';
import type { TrainingPlatform } from './training-platform';
import { runTraining } from './training-run';
import { createTrainingStore } from './training-store';

const domains = ['cats', 'dogs', 'birds'].map((id): LoadedDomain => {
  const text = (count: number) =>
    storeOf(
      Array.from({ length: count }, (_, at) => ({ id: '', text: `${id} say ${at}.` })),
    ).tokens();
  const [training, validation] = [text(90), text(30)];
  const about = { id, name: id, source: '', licence: '', documents: 120, sample: '' };
  return {
    about: { ...about, trainingTokens: training.length, validationTokens: validation.length },
    training,
    validation,
    overlap: 0,
  };
});
const corpora: LoadedCorpora = { id: 'built-in', name: 'Animals', description: '', domains };
const rows = Array.from({ length: 12 }, (_, row) => {
  const share = (row + 1) / 14;
  return [share, (1 - share) / 3, (2 * (1 - share)) / 3];
});

type Answer = Extract<ToTrainer, { kind: 'group' }>;

/** A trainer that does what it is told at once, in so many steps as the setting asks for. */
function scripted(
  events: TrainerEvents,
  onGroup: (backend: BackendId, group: Answer, events: TrainerEvents) => boolean,
  log: string[],
): Trainer {
  let backend: BackendId = 'cpu';
  let steps = 0;
  let isOpen = true;
  const answer = (message: ToTrainer): void => {
    if (!isOpen) return;
    if (message.kind === 'setting') {
      backend = message.setting.backend;
      steps = message.setting.training.steps;
      events.onMessage({ kind: 'ready' });
    }
    if (message.kind !== 'group') return;
    log.push(`${backend} ${groupKey(message)}`);
    if (onGroup(backend, message, events)) return;
    const losses = Float64Array.from(
      message.proxies.flatMap(({ mixture }) => Array.from(mixture, (weight) => 3 - weight)),
    );
    const curve = [{ step: steps, losses: Float64Array.from(message.proxies, () => 2) }];
    events.onMessage({ kind: 'curve', point: curve[0] });
    const evaluations = [
      { step: 1, losses: losses.map((loss) => loss + 1) },
      { step: steps, losses },
    ];
    events.onMessage({ kind: 'done', evaluations, curve });
  };
  return {
    post: (message) => void setTimeout(() => answer(message), 0),
    close: () => {
      isOpen = false;
    },
  };
}

/** A place to train in, whose storage is memory. */
function place(onGroup: Parameters<typeof scripted>[1], isFull = false) {
  const log: string[] = [];
  const runs: FinishedRun[] = [];
  const states = new Map<string, GroupState>();
  const awake: boolean[] = [];
  const removed: string[] = [];
  /** Jobs that some tab trains. */
  const held = new Set<string>();
  let kept: TrainingJob | null = null;
  const refuse = async () => {
    if (isFull) throw new Error('the quota is exceeded');
  };
  const platform: TrainingPlatform = {
    cores: 2,
    wasmPath: '',
    start: (events) => scripted(events, onGroup, log),
    adapter: async () => null,
    load: async () => corpora,
    stayAwake: (isOn) => void awake.push(isOn),
    newId: () => 'job',
    locks: {
      hold: async (id) => {
        if (held.has(id)) return null;
        held.add(id);
        return () => void held.delete(id);
      },
      isHeld: async (id) => held.has(id),
    },
    library: {
      jobs: async () => (kept ? [kept] : []),
      put: async (job) => {
        await refuse();
        kept = job;
      },
      remove: async (id) => {
        removed.push(id);
        if (kept?.id === id) kept = null;
      },
      putCorpora: refuse,
      corpora: async () => null,
      keeper: () => ({
        finished: async () => runs,
        finish: async (group, more) => {
          await refuse();
          runs.push(...more);
          states.delete(group);
        },
        kept: async () => [...states.keys()],
        stateOf: async (group) => states.get(group) ?? null,
        keep: async (group, state) => {
          await refuse();
          states.set(group, state);
        },
        drop: async (group) => void states.delete(group),
      }),
    },
  };
  return { platform, log, states, awake, held, removed, kept: () => kept };
}

function begin(
  platform: TrainingPlatform,
  backend: BackendId,
  population: number,
  letGo = () => {},
) {
  const store = createTrainingStore();
  const settings = { ...store.getState().settings, tokens: 2_000 };
  const how = { backend, population, trainers: 1 };
  const job = makeJob(
    'job',
    corpora,
    domains,
    settings,
    planProxies(fromRows(rows), settings),
    how,
  );
  const earlier = job.proxies.map(({ id }) => ({
    id,
    evaluations: [{ step: 1, losses: [1, 2, 3] }],
    curve: [],
  }));
  // Any session to start from: another training.
  const studyStore = createStudyStore(openTrained({ ...job, id: 'earlier' }, earlier));
  const handle = runTraining({ store, studyStore, platform }, job, domains, corpora, letGo);
  const until = (status: string) =>
    vi.waitFor(() => expect(store.getState().status).toBe(status), { timeout: 30_000 });
  return { store, studyStore, handle, until, job };
}

const fine = () => false;

const fastest = {
  backend: 'wasm',
  population: 4,
  trainers: 1,
  rate: 1,
  stepSeconds: { low: 1, mean: 1, high: 1 },
  startSeconds: 0,
  evaluationSeconds: 0,
} as const;

const measuredBefore = {
  status: 'done',
  measured: { best: fastest, all: [fastest], failed: [] },
  chosen: fastest,
  adapter: null,
  evaluation: { times: 4, tokens: 256 },
  reason: '',
} as const;

/** A state of a group whose parameters are numbered by proxy. */
function stateFor({ proxies }: Answer): GroupState {
  const numbers = () => Float32Array.from(proxies, ({ id }) => Number(id));
  return {
    checkpoint: {
      step: 2,
      parameters: numbers(),
      firstMoments: numbers(),
      secondMoments: numbers(),
    },
    evaluations: [],
    curve: [],
  };
}

describe('a training in the page', () => {
  it('ends with all runs and their losses on the way in the study', async () => {
    const { platform, awake } = place(fine);
    const { store, studyStore, until, job } = begin(platform, 'wasm', 4);
    await until('done');
    const { study } = studyStore.getState().session;
    expect(study.id).toBe('job at 12');
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

  it('gives a study that comes back the runs that finished meanwhile, until it is left', async () => {
    const { platform } = place(fine);
    const { store, studyStore, handle, until, job } = begin(platform, 'wasm', 4);
    await until('done');
    const asItWas = openTrained(job, store.getState().finished.slice(0, 8));
    studyStore.open({ ...asItWas, document: 'kept' });
    const runsOnView = () => studyStore.getState().session.study.training.ids.length;
    expect(runsOnView()).toBe(12);
    expect(studyStore.getState().session.document).toBe('kept');
    handle.leave();
    studyStore.open({ ...asItWas, document: 'kept' });
    expect(runsOnView()).toBe(8);
  });

  it('goes on by the next backend once a lost device was replaced three times, from checkpoints cut to its size', async () => {
    const begun: (GroupState | null)[] = [];
    const { platform, log, kept } = place((backend, group, events) => {
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
    expect(log).toEqual([
      ...Array.from({ length: 4 }, () => 'webgpu 1+8'),
      'wasm 1+4',
      'wasm 5+4',
      'wasm 9+4',
    ]);
    expect(begun.map((state) => state && Array.from(state.checkpoint.parameters))).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      null,
    ]);
    expect(store.getState().notices.at(-1)).toMatch(
      /^Training by WebGPU failed \(the GPU device was lost\): it goes on by WebAssembly/,
    );
    expect(store.getState().job).toMatchObject({ backend: 'wasm', population: 4, trainers: 2 });
    // A reload takes up the backend that works.
    expect(kept()).toMatchObject({ backend: 'wasm', population: 4 });
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
    expect(store.getState().job).toMatchObject({ backend: 'wasm', population: 2 });
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

  it('says that nothing can be kept when storage is full, once, and trains on', async () => {
    const { platform } = place(fine, true);
    const { store, until } = begin(platform, 'wasm', 4);
    await until('done');
    expect(store.getState().finished).toHaveLength(12);
    expect(store.getState().notices).toEqual([
      'Progress could not be kept (the quota is exceeded): training goes on, but a reload would lose it.',
    ]);
  });
});

it('takes in further proxies under the name that the study was given', async () => {
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

it('takes in further proxies beside the models and the test sets that were added', async () => {
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

it('leaves what is on view alone once it is left while it looks for what was kept', async () => {
  const { platform } = place(fine);
  let found = () => {};
  const looking = new Promise<void>((resolve) => {
    found = resolve;
  });
  const keeper = platform.library.keeper('job');
  const letGo = vi.fn();
  const { store, handle, job } = begin(
    {
      ...platform,
      library: {
        ...platform.library,
        keeper: () => ({
          ...keeper,
          finished: async () => {
            await looking;
            return [{ id: '1', evaluations: [{ step: 1, losses: [1, 2, 3] }], curve: [] }];
          },
        }),
      },
    },
    'wasm',
    4,
    letGo,
  );
  await vi.waitFor(() => expect(store.getState().entropies.size).toBe(job.proxies.length));
  handle.leave();
  handle.leave();
  expect(letGo).toHaveBeenCalledTimes(1);
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
  await vi.waitFor(() => expect(studyStore.getState().session.study.id).toBe('job at 8'));
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
  studyStore.edit((session) => addTestSets(session, runs, 'with tests'));
  expect(store.getState().notices).toEqual([
    expect.stringMatching(/^The study on view was changed by adding runs/),
  ]);
  handle.leave();
  finish();
  await until('cancelled');
});

describe('a job that two tabs know of', () => {
  /** Two tabs over one storage, in which there is a job that was begun. */
  async function twoTabs() {
    const { platform, held, removed, kept } = place(fine);
    const { store, studyStore, until, job } = begin(platform, 'wasm', 4);
    await until('done');
    const begun = { ...job, id: 'begun' };
    await platform.library.put(begun);
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const open = (put = platform.library.put) => {
      const mine = createTrainingStore();
      const library = { ...platform.library, put };
      return {
        store: mine,
        control: createTrainingControl(mine, studyStore, { ...platform, library }),
      };
    };
    return {
      first: open(() => gate),
      second: open(),
      goOn,
      held,
      removed,
      kept,
      finished: store.getState().finished,
    };
  }

  it('belongs to the one that trains it: the other neither resumes nor discards it', async () => {
    const { first, second, goOn, held, kept, finished } = await twoTabs();
    for (const { control } of [first, second]) await control.lookForKept();
    expect(second.store.getState().kept).toMatchObject({ isElsewhere: false });
    await first.control.resumeKept();
    expect(held).toEqual(new Set(['begun']));
    await second.control.discardKept();
    expect(kept()?.id).toBe('begun');
    expect(second.store.getState().kept).toMatchObject({ isElsewhere: true });
    await second.control.resumeKept();
    expect(second.store.getState()).toMatchObject({ status: 'idle', kept: { isElsewhere: true } });

    // A tab that is opened only now is told at once.
    await second.control.lookForKept();
    expect(second.store.getState().kept).toMatchObject({ isElsewhere: true });
    goOn();
    await vi.waitFor(() => expect(first.store.getState().status).toBe('done'));
    expect(first.store.getState().finished).toHaveLength(finished.length);
    expect(held).toEqual(new Set());
    await second.control.lookForKept();
    expect(second.store.getState().kept).toMatchObject({ isElsewhere: false });
    await second.control.discardKept();
    expect(kept()).toBeNull();
    expect(second.store.getState().kept).toBeNull();
  });

  it('stays when the other tab trains something else', async () => {
    const { first, second, held, removed } = await twoTabs();
    for (const { control } of [first, second]) await control.lookForKept();
    held.add('begun');
    second.store.setState({
      corpora: { status: 'ready', loaded: corpora },
      chosen: domains.map(({ about }) => about.id),
      mixtures: fromRows(rows),
      preflight: measuredBefore,
    });
    await second.control.start();
    expect(second.store.getState().job?.id).toBe('job');
    expect(removed).toEqual([]);
    held.delete('begun');
    await vi.waitFor(() => expect(second.store.getState().status).toBe('done'));
  });
});

describe('what a user asks for', () => {
  async function idle() {
    const { platform } = place(fine);
    const { store, studyStore, until } = begin(platform, 'wasm', 4);
    await until('done');
    store.setState({
      status: 'idle',
      corpora: { status: 'ready', loaded: corpora },
      chosen: domains.map(({ about }) => about.id),
      mixtures: fromRows(rows),
    });
    return { platform, store, studyStore, until };
  }

  it('starts once, however often the button is pressed while an earlier training is cleared away', async () => {
    const { platform, store, studyStore, until } = await idle();
    store.setState({ preflight: measuredBefore });
    let ids = 0;
    const begun = new Set<string>();
    const { start } = createTrainingControl(store, studyStore, {
      ...platform,
      newId: () => `again ${++ids}`,
      library: {
        ...platform.library,
        put: async ({ id }) => void begun.add(id),
        remove: () => new Promise((done) => setTimeout(done, 5)),
      },
    });
    await Promise.all([start(), start()]);
    await until('done');
    expect(begun.size).toBe(1);
  });

  it('waits for the user’s own text, and trains nothing in its place', async () => {
    const { platform, store, studyStore } = await idle();
    const { showOwn, open, openOwn, start, change } = createTrainingControl(
      store,
      studyStore,
      platform,
    );
    store.setState({ preflight: measuredBefore });
    const before = store.getState().job;
    showOwn();
    change({ sampling: { ...store.getState().settings.sampling, count: 16 } });
    expect(store.getState()).toMatchObject({
      corpora: { status: 'none' },
      chosen: [],
      mixtures: null,
      problem: '',
    });
    await start();
    expect(store.getState()).toMatchObject({ status: 'idle', job: before });
    const own = { ...corpora, id: null, name: 'Mine' };
    openOwn(own);
    expect(store.getState().mixtures?.rows).toBe(16);
    await open('built-in');
    showOwn();
    expect(store.getState().corpora).toMatchObject({ loaded: { id: null, name: 'Mine' } });
  });

  it('goes on with a training under the settings and the mixtures that it was started with', async () => {
    const { platform, store, studyStore } = await idle();
    const earlier = createTrainingStore();
    const settings = {
      ...earlier.getState().settings,
      size: '100k',
      tokens: 300_000,
      seed: 7,
      repeats: 2,
    } as const;
    const chosen = domains.slice(0, 2).map(({ about }) => about.id);
    const ready = { status: 'ready', loaded: corpora } as const;
    const sampling = { ...settings.sampling, count: 6 };
    const drawn = drawMixtures(domains.slice(0, 2), { ...settings, sampling });
    const typed = fromRows([
      [0.5, 0.5],
      [0.25, 0.75],
    ]);
    for (const mixtures of [drawn, typed]) {
      const planned = planProxies(mixtures, settings);
      const job = makeJob('old', corpora, domains.slice(0, 2), settings, planned, fastest);
      store.setState({ kept: { job, finished: 0, isElsewhere: false }, status: 'idle' });
      store.setState({ settings: earlier.getState().settings });
      const { resumeKept, close } = createTrainingControl(store, studyStore, platform);
      await resumeKept();
      const form = store.getState();
      expect(form).toMatchObject({ corpora: ready, chosen, problem: '' });
      expect(form.settings).toMatchObject({ size: '100k', tokens: 300_000, seed: 7, repeats: 2 });
      expect(form.settings).toMatchObject({ engine: 'wasm', sampling: { count: mixtures.rows } });
      expect(form.mixtures).toEqual(mixtures);
      expect(form.isEdited).toBe(mixtures === typed);
      close();
    }
  });

  it('forgets a measurement that is about other settings', async () => {
    const { platform, store, studyStore } = await idle();
    let found = () => {};
    const { measure, change } = createTrainingControl(store, studyStore, {
      ...platform,
      adapter: () =>
        new Promise((done) => {
          found = () => done(null);
        }),
    });
    const measuring = measure();
    expect(store.getState().preflight.status).toBe('measuring');
    change({ size: '100k' });
    found();
    await measuring;
    expect(store.getState().preflight.status).toBe('idle');
  });
});
