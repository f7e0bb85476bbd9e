import { describe, expect, it, vi } from 'vitest';
import { fromRows } from '../model/matrix';
import type { StudyStore } from '../session/study-store';
import { proxiesForStudy } from '../session/trained-study';
import { createTrainingControl } from './control';
import { drawMixtures, makeJob, planProxies } from './plan';
import { sizes } from './shape';
import { createTrainingStore, type TrainingPlatform, type TrainingStore } from './state';
import {
  begin,
  corpora,
  domains,
  fastest,
  fine,
  measuredBefore,
  place,
  rows,
  settlesSoon,
  stateFor,
} from './training.fixture';

/** A control of a training whose proxies go into the study. */
function controlOf(
  store: TrainingStore,
  studyStore: StudyStore,
  platform: TrainingPlatform,
  offeredSeconds?: number,
  offeredShare?: number,
) {
  const purpose = proxiesForStudy(studyStore, settlesSoon);
  return createTrainingControl(store, platform, {
    ...purpose,
    ...(offeredSeconds !== undefined && { offeredSeconds }),
    ...(offeredShare !== undefined && { offeredShare }),
  });
}

/** As if the machine had been measured. */
function measured(store: TrainingStore): void {
  store.setPreflight({ status: 'measuring', candidate: null });
  store.setPreflight(measuredBefore);
}

describe('a job that two tabs know of', () => {
  /** Two tabs over one storage, in which there is a job that was begun. */
  async function twoTabs() {
    const { platform, held, removed, saved } = place(fine);
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
        control: controlOf(mine, studyStore, { ...platform, library }),
      };
    };
    return {
      first: open(() => gate),
      second: open(),
      goOn,
      held,
      removed,
      saved,
      finished: store.getState().finished,
    };
  }

  it('belongs to the one that trains it: the other neither resumes nor discards it', async () => {
    const { first, second, goOn, held, saved, finished } = await twoTabs();
    for (const { control } of [first, second]) await control.findSaved();
    expect(second.store.getState().saved).toMatchObject({ isInOtherTab: false });
    await first.control.resumeSaved();
    expect(held).toEqual(new Set(['begun']));
    await second.control.discardSaved();
    expect(saved()?.id).toBe('begun');
    expect(second.store.getState().saved).toMatchObject({ isInOtherTab: true });
    await second.control.resumeSaved();
    expect(second.store.getState()).toMatchObject({
      status: 'idle',
      saved: { isInOtherTab: true },
    });

    // A tab that is opened only now sees it at once.
    await second.control.findSaved();
    expect(second.store.getState().saved).toMatchObject({ isInOtherTab: true });
    goOn();
    await vi.waitFor(() => expect(first.store.getState().status).toBe('done'));
    expect(first.store.getState().finished).toHaveLength(finished.length);
    expect(held).toEqual(new Set());
    await second.control.findSaved();
    expect(second.store.getState().saved).toMatchObject({ isInOtherTab: false });
    await second.control.discardSaved();
    expect(saved()).toBeNull();
    expect(second.store.getState().saved).toBeNull();
  });

  it('is resumed once, however often that is asked for while its text loads, or discarded', async () => {
    const { platform, removed, held } = place(fine);
    const { studyStore, until, job } = begin(platform, 'wasm', 4);
    await until('done');
    await platform.library.put({ ...job, id: 'begun' });
    let land = () => {};
    let loads = 0;
    const open = async () => {
      const store = createTrainingStore();
      const control = controlOf(store, studyStore, {
        ...platform,
        load: () => {
          loads++;
          return new Promise((resolve) => {
            land = () => resolve(corpora);
          });
        },
      });
      await control.findSaved();
      return { store, control };
    };
    const { store, control } = await open();
    const first = control.resumeSaved();
    await vi.waitFor(() => expect(loads).toBe(1));
    const second = control.resumeSaved();
    expect(store.getState().saved).toMatchObject({ isInOtherTab: false });
    land();
    await Promise.all([first, second]);
    expect(store.getState()).toMatchObject({ saved: null, job: { id: 'begun' } });
    expect(loads).toBe(1);
    await vi.waitFor(() => expect(store.getState().status).toBe('done'));
    await vi.waitFor(() => expect(held.size).toBe(0));

    const other = await open();
    const resuming = other.control.resumeSaved();
    await vi.waitFor(() => expect(loads).toBe(2));
    const discarding = other.control.discardSaved();
    land();
    await Promise.all([resuming, discarding]);
    expect(other.store.getState()).toMatchObject({ saved: null, status: 'idle' });
    expect(removed).toContain('begun');
  });

  it('stays when the other tab trains something else', async () => {
    const { first, second, held, removed } = await twoTabs();
    for (const { control } of [first, second]) await control.findSaved();
    held.add('begun');
    second.store.setState({
      corpora: { status: 'ready', loaded: corpora },
      chosen: domains.map(({ about }) => about.id),
      mixtures: fromRows(rows),
    });
    measured(second.store);
    await second.control.start();
    expect(second.store.getState().job?.id).toBe('job');
    expect(removed).toEqual([]);
    held.delete('begun');
    await vi.waitFor(() => expect(second.store.getState().status).toBe('done'));
  });
});

describe('what a user asks for', () => {
  const mine = {
    ...corpora,
    id: null,
    name: 'Mine',
    domains: domains
      .slice(0, 2)
      .map((domain) => ({ ...domain, about: { ...domain.about, id: `my ${domain.about.id}` } })),
  };

  async function idle() {
    const { platform } = place(fine);
    const earlier = begin(platform, 'wasm', 4);
    await earlier.until('done');
    const store = createTrainingStore();
    const until = (status: string) =>
      vi.waitFor(() => expect(store.getState().status).toBe(status), { timeout: 30_000 });
    store.setState({
      corpora: { status: 'ready', loaded: corpora },
      chosen: domains.map(({ about }) => about.id),
      mixtures: fromRows(rows),
    });
    return { platform, store, studyStore: earlier.studyStore, until };
  }

  it('starts once, however often the button is pressed while an earlier training is cleared away', async () => {
    const { platform, store, studyStore, until } = await idle();
    measured(store);
    let ids = 0;
    const begun = new Set<string>();
    const { start } = controlOf(store, studyStore, {
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

  it('is locked from the moment it is started, and can be cancelled while it makes room', async () => {
    const { platform, store, studyStore } = await idle();
    measured(store);
    let goOn = () => {};
    const held = new Set<string>();
    const control = controlOf(store, studyStore, {
      ...platform,
      locks: {
        ...platform.locks,
        hold: async (id) => {
          held.add(id);
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
          return () => void held.delete(id);
        },
      },
    });
    const { mixtures, chosen } = store.getState();
    const starting = control.start();
    await vi.waitFor(() => expect(held.size).toBe(1));
    expect(store.getState().status).toBe('preparing');
    control.openOwn(mine);
    control.change({ seed: 9 });
    control.choose(chosen[0], false);
    expect(store.getState()).toMatchObject({ status: 'preparing', chosen });
    expect(store.getState().mixtures).toBe(mixtures);
    control.cancel();
    expect(store.getState()).toMatchObject({ status: 'cancelled', job: null });
    expect(store.getState().corpora).toMatchObject({ loaded: { name: 'Mine' } });
    goOn();
    await starting;
    expect(held.size).toBe(0);
    expect(store.getState()).toMatchObject({ status: 'cancelled', job: null });
  });

  it('waits for the user’s own text, and trains nothing in its place', async () => {
    const { platform, store, studyStore } = await idle();
    const { showOwn, open, openOwn, start, change } = controlOf(store, studyStore, platform);
    measured(store);
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

  it('does not change the form of a training when own text arrives meanwhile, and shows the text after it', async () => {
    const { platform } = place(() => true);
    const store = createTrainingStore();
    const { studyStore } = await idle();
    const control = controlOf(store, studyStore, platform);
    await control.open('built-in');
    measured(store);
    let land = () => {};
    const reading = control.readOwn(
      () =>
        new Promise((resolve) => {
          land = () => resolve(mine);
        }),
    );
    await control.start();
    await vi.waitFor(() => expect(store.getState().status).toBe('running'));
    const { chosen, mixtures } = store.getState();
    land();
    await reading;
    control.openOwn(mine);
    expect(store.getState()).toMatchObject({ chosen, own: { name: 'Mine' } });
    expect(store.getState().corpora).toMatchObject({ loaded: { id: 'built-in' } });
    expect(store.getState().mixtures).toBe(mixtures);
    await control.open('built-in');
    control.showOwn();
    expect(store.getState()).toMatchObject({ chosen, corpora: { status: 'ready' } });
    control.cancel();
    expect(store.getState().corpora).toMatchObject({ loaded: { name: 'Mine' } });
    expect(store.getState().chosen).toEqual(['my cats', 'my dogs']);
    expect(store.getState().mixtures?.columns).toBe(2);
    control.close();
  });

  it('gives up the reading of own text when another set is opened, or everything is closed', async () => {
    const { platform, store, studyStore } = await idle();
    const control = controlOf(store, studyStore, platform);
    const signals: AbortSignal[] = [];
    const read = () =>
      control.readOwn((signal) => {
        signals.push(signal);
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      });
    for (const leave of [
      () => control.open('built-in'),
      () => void read(),
      () => control.openOwn(mine),
      () => control.close(),
    ]) {
      const reading = read();
      const signal = signals.at(-1);
      expect(signal?.aborted).toBe(false);
      await leave();
      expect(signal?.aborted).toBe(true);
      await reading;
    }
    const wrong = controlOf(store, studyStore, platform);
    await expect(
      wrong.readOwn(() => Promise.reject(new Error('line 2 is not JSON'))),
    ).rejects.toThrow('line 2');
  });

  it('loads one built-in set at a time', async () => {
    const { platform, store, studyStore } = await idle();
    const signals: AbortSignal[] = [];
    const { open, stopReadingOwn } = controlOf(store, studyStore, {
      ...platform,
      load: async (id, signal) => {
        if (signal) signals.push(signal);
        if (id === 'slow') await new Promise(() => {});
        return { ...corpora, id };
      },
    });
    void open('slow');
    const other = open('other');
    // The form for own text calls this when it is unmounted: it must not affect a later read.
    stopReadingOwn();
    await other;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(store.getState().corpora).toMatchObject({ loaded: { id: 'other' } });
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
      store.setState({ saved: { job, finished: 0, isInOtherTab: false } });
      store.setState({ settings: earlier.getState().settings });
      const { resumeSaved, close } = controlOf(store, studyStore, platform);
      await resumeSaved();
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
    const { measure, change } = controlOf(store, studyStore, {
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

describe('storage that is blocked', () => {
  const denied = () =>
    Promise.reject(new DOMException('The user denied permission', 'SecurityError'));

  function open(refused: Partial<TrainingPlatform['library']>) {
    const { platform } = place(fine);
    const { job, studyStore } = begin(platform, 'wasm', 4);
    const store = createTrainingStore();
    const library = { ...platform.library, ...refused };
    const held = new Set<string>();
    const locks = {
      ...platform.locks,
      hold: async (id: string) => {
        held.add(id);
        return () => void held.delete(id);
      },
    };
    const control = controlOf(store, studyStore, { ...platform, library, locks });
    store.setState({ saved: { job: { ...job, id: 'old' }, finished: 3, isInOtherTab: false } });
    return { store, control, held };
  }

  it('is named where saved trainings are looked for', async () => {
    const { store, control } = open({ jobs: denied });
    await control.findSaved();
    expect(store.getState().failure).toBe(
      'Saved trainings could not be read: The user denied permission',
    );
  });

  it('leaves a training on offer that could not be discarded, and says so', async () => {
    const { store, control, held } = open({ remove: denied });
    await control.discardSaved();
    expect(store.getState().saved?.job.id).toBe('old');
    expect(store.getState().failure).toBe(
      'The saved training could not be discarded: The user denied permission',
    );
    expect(held).toEqual(new Set());
  });

  it('is reported where a new training cannot remove an earlier one, and the new one is trained', async () => {
    const { store, control } = open({ remove: denied });
    store.setState({
      corpora: { status: 'ready', loaded: corpora },
      chosen: domains.map(({ about }) => about.id),
      mixtures: fromRows(rows),
    });
    measured(store);
    await control.start();
    await vi.waitFor(() => expect(store.getState().status).toBe('done'), { timeout: 30_000 });
    expect(store.getState().notices).toEqual([
      'An earlier training could not be removed (The user denied permission): the next visit may offer it again.',
    ]);
  });
});

describe('what a training is offered to be', () => {
  /** A machine whose workers take so many seconds a step of 20k, and twice, a third of that at 7k. */
  async function machine(
    secondsOfStep: number,
    onGroup = fine,
    hasSimd = true,
    cores = 2,
    offeredSeconds?: number,
    offeredShare?: number,
  ) {
    const { platform } = place(onGroup);
    const store = createTrainingStore();
    const { studyStore } = begin(place(fine).platform, 'wasm', 1);
    const measuredSizes: number[] = [];
    const backends: string[] = [];
    let gate: Promise<void> = Promise.resolve();
    const start: TrainingPlatform['start'] = (events) => {
      const { post, close } = platform.start(events);
      let width = 0;
      let isMeasured = false;
      return {
        close,
        post: (message) => {
          if (message.kind === 'setting') {
            width = message.setting.shape.width;
            backends.push(message.setting.backend);
          }
          if (message.kind !== 'measure') return post(message);
          // Several measurements in one worker are one attempt.
          if (!isMeasured) measuredSizes.push(width);
          isMeasured = true;
          const step = width < 24 ? secondsOfStep / 3 : secondsOfStep;
          void gate.then(() =>
            events.onMessage({
              kind: 'measured',
              speed: { stepSeconds: [step], firstStepSeconds: step, batchSeconds: step / 3 },
            }),
          );
        },
      };
    };
    const adapter = vi.fn(async () => null);
    const machinePlatform = { ...platform, start, adapter, hasSimd, cores };
    const control = controlOf(store, studyStore, machinePlatform, offeredSeconds, offeredShare);
    await control.open('built-in');
    const choice = () => {
      const { settings, mixtures } = store.getState();
      return [settings.size, settings.tokens, settings.sampling.count, mixtures?.rows];
    };
    return {
      store,
      control,
      measuredSizes,
      backends,
      adapter,
      choice,
      hold: () => {
        let open = () => {};
        gate = new Promise((resolve) => {
          open = resolve;
        });
        return open;
      },
    };
  }

  it('is measured by one worker, without asking for a GPU, and fits into the time', async () => {
    const { store, control, choice, measuredSizes, adapter } = await machine(0.001);
    await control.measureBriefly();
    const { preflight, isOwnChoice } = store.getState();
    expect(preflight).toMatchObject({ status: 'done', proxies: choice()[2] });
    if (preflight.status !== 'done') return;
    expect(preflight.seconds.mean).toBeLessThanOrEqual(15);
    expect(preflight.seconds.mean).toBeGreaterThan(7);
    expect(isOwnChoice).toBe(false);
    expect(choice()[0]).toBe('20k');
    expect(measuredSizes).toEqual([24]);
    expect(adapter).not.toHaveBeenCalled();
  });

  it('fits into the time that its purpose gives', async () => {
    const { store, control } = await machine(0.001, fine, true, 2, 4);
    await control.measureBriefly();
    const { preflight } = store.getState();
    expect(preflight.status === 'done' && preflight.seconds.mean).toBeLessThanOrEqual(4);
    expect(control.offeredSeconds).toBe(4);
  });

  it('leaves the share of that time which its purpose leaves to other programs', async () => {
    const { store, control, choice } = await machine(0.001, fine, true, 2, 10, 0.5);
    await control.measureBriefly();
    const { preflight } = store.getState();
    expect(preflight.status === 'done' && preflight.seconds.mean).toBeLessThanOrEqual(5);
    expect(control.offeredSeconds).toBe(10);
    // It is as much as so much time allows: another machine of this speed trains the same.
    const other = await machine(0.001, fine, true, 2, 5);
    await other.control.measureBriefly();
    expect(choice()).toEqual(other.choice());
    expect(store.getState().mixtures).toEqual(other.store.getState().mixtures);
  });

  it('is measured on what tfjs has where WebAssembly has no vectors', async () => {
    const { control, store, backends } = await machine(0.001, fine, false);
    await control.measureBriefly();
    expect(new Set(backends)).toEqual(new Set(['webgl', 'cpu']));
    const { preflight } = store.getState();
    expect(preflight).toMatchObject({ status: 'done', reason: expect.stringMatching(/^WebGL\./) });
  });

  it('is smaller proxies on a slow machine, whose speed is then measured too, once', async () => {
    const { store, control, choice, measuredSizes } = await machine(0.02);
    await control.measureBriefly();
    expect(choice()[0]).toBe('7k');
    expect(measuredSizes).toEqual([24, 12]);
    const { preflight } = store.getState();
    expect(preflight.status === 'done' && preflight.seconds.mean).toBeLessThanOrEqual(15);
    // Where even the least takes longer, it says so.
    const slower = await machine(0.2);
    await slower.control.measureBriefly();
    expect(slower.choice()).toEqual(['7k', 20_000, 32, 32]);
    const { preflight: honest } = slower.store.getState();
    expect(honest.status === 'done' && honest.seconds.mean).toBeGreaterThan(100);
  });

  it('gives way to what the user has chosen, and is there again on request', async () => {
    const { store, control, choice, measuredSizes } = await machine(0.001);
    await control.measureBriefly();
    const usual = choice();
    control.change({ tokens: 300_000 });
    const { preflight } = store.getState();
    // The speed is known: nothing is measured again.
    expect(preflight.status === 'done' && preflight.seconds.mean).toBeGreaterThan(15);
    control.choose('birds', false);
    control.change({ seed: 2 });
    expect(choice()).toEqual(['20k', 300_000, usual[2], usual[3]]);
    expect(store.getState()).toMatchObject({ isOwnChoice: true, preflight: { status: 'done' } });
    control.change({ size: '7k' });
    expect(store.getState().preflight.status).toBe('idle');
    await control.measureBriefly();
    expect(choice()).toEqual(['7k', 300_000, usual[2], usual[3]]);
    expect(measuredSizes).toEqual([24, 12]);
    control.choose('birds', true);
    control.offer();
    control.change({ seed: 1 });
    expect(choice()).toEqual(usual);
    expect(measuredSizes).toHaveLength(2);
  });

  it.each(['measureBriefly', 'measure'] as const)(
    'trains on every core although few proxies were measured (%s)',
    async (measure) => {
      const { store, control } = await machine(0.001, fine, true, 8);
      const { sampling } = store.getState().settings;
      const count = (proxies: number) =>
        control.change({ sampling: { ...sampling, count: proxies } });
      const found = () => {
        const { preflight } = store.getState();
        return preflight.status === 'done' ? preflight : null;
      };
      count(2);
      await control[measure]();
      const few = found();
      expect(few?.chosen.trainers).toBe(2);
      count(64);
      const many = found();
      expect(many?.chosen.trainers).toBe(8);
      expect(many?.measured.best).toEqual(many?.chosen);
      expect(many?.chosen.rate).toBeGreaterThan(2 * (few?.chosen.rate ?? Number.NaN));
      await control.start();
      expect(store.getState().job).toMatchObject({ trainers: 8 });
      control.cancel();
      count(2);
      expect(found()?.chosen.trainers).toBe(2);
      expect(found()?.seconds.mean).toBeCloseTo(few?.seconds.mean ?? Number.NaN, 9);
    },
  );

  it('draws the same mixtures for the same choice', async () => {
    const { store, control } = await machine(0.001);
    await control.measureBriefly();
    const offered = store.getState().mixtures;
    const other = await machine(10);
    const { sampling } = other.store.getState().settings;
    other.control.change({ sampling: { ...sampling, count: offered?.rows ?? 0 } });
    expect(other.store.getState().mixtures).toEqual(offered);
  });

  it('can be trained while it is being measured, and is then what was found', async () => {
    const { store, control, hold, choice, measuredSizes } = await machine(0.03);
    const release = hold();
    const measuring = control.measureBriefly();
    expect(store.getState().preflight.status).toBe('measuring');
    const starting = control.start();
    expect(store.getState().status).toBe('preparing');
    // Its inputs do not change any more.
    control.change({ tokens: 5_000 });
    release();
    await Promise.all([measuring, starting]);
    await vi.waitFor(() => expect(store.getState().status).toBe('done'), { timeout: 30_000 });
    expect(choice()[0]).toBe('7k');
    expect(store.getState().job).toMatchObject({ size: '7k', population: 1 });
    expect(measuredSizes).toEqual([24, 12]);
  });

  it('has as much time left from the first moment as was announced, evaluation included', async () => {
    const { store, control } = await machine(0.001, () => true);
    await control.measureBriefly();
    const { preflight } = store.getState();
    void control.start();
    await vi.waitFor(() => expect(store.getState().progress).not.toBeNull());
    const announced = preflight.status === 'done' ? preflight.seconds : null;
    expect(announced?.evaluating).toBeGreaterThan(0);
    expect(store.getState().progress).toMatchObject({ done: 0, share: 0, isMeasured: false });
    expect(store.getState().progress?.left).toBeCloseTo(announced?.mean ?? Number.NaN, 9);
    // Its speed and its time are one figure.
    const { job, progress } = store.getState();
    const { steps, rows: windows } = job?.training ?? { steps: 0, rows: 0 };
    const tokens = (job?.proxies.length ?? 0) * steps * windows * sizes['20k'].context;
    expect(progress?.rate).toBeCloseTo(tokens / (announced?.mean ?? Number.NaN), 6);
    expect(preflight.status === 'done' && preflight.rate).toBeCloseTo(progress?.rate ?? 0, 6);
    control.close();
  });

  it('follows what a training took, once that has gone on for some seconds', async () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    try {
      let secondsOfProxy = 0;
      const { store, control, choice } = await machine(0.001, () => {
        clock += 1000 * secondsOfProxy;
        return false;
      });
      await control.measureBriefly();
      const before = store.getState().preflight;
      const offered = choice();
      if (before.status !== 'done') throw new Error('it was not measured');
      expect(before.isByTraining).toBe(false);
      // Each of the workers waits for the other: twice the announced time, and then some.
      secondsOfProxy = (2 * before.seconds.mean) / before.proxies;
      await control.start();
      await vi.waitFor(() => expect(store.getState().status).toBe('done'), { timeout: 30_000 });
      const after = store.getState().preflight;
      if (after.status !== 'done') throw new Error('it is not known any more');
      expect(after.isByTraining).toBe(true);
      // What nobody has chosen fits into the time again: it is less.
      expect(after.seconds.mean).toBeLessThanOrEqual(15);
      expect(choice()).not.toEqual(offered);
      const [size, tokens, count] = offered;
      const { sampling } = store.getState().settings;
      control.change({ tokens: Number(tokens), sampling: { ...sampling, count: Number(count) } });
      expect(choice().slice(0, 3)).toEqual([size, tokens, count]);
      const again = store.getState().preflight;
      expect(again.status === 'done' && again.seconds.mean / before.seconds.mean).toBeCloseTo(2, 1);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('follows a training of an earlier visit that goes on, whose speed was never measured', async () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    try {
      const { platform } = place(() => {
        clock += 1000;
        return false;
      });
      const { job, studyStore, until } = begin(place(fine).platform, 'wasm', 1);
      await until('done');
      const store = createTrainingStore();
      const saved = { ...job, trainers: 2 };
      store.setState({ saved: { job: saved, finished: 0, isInOtherTab: false } });
      await controlOf(store, studyStore, platform).resumeSaved();
      await vi.waitFor(() => expect(store.getState().status).toBe('done'), { timeout: 30_000 });
      const { preflight, progress } = store.getState();
      expect(preflight).toMatchObject({ status: 'done', isByTraining: true, proxies: 12 });
      if (preflight.status !== 'done') return;
      expect(preflight.rate / (progress?.rate ?? Number.NaN)).toBeCloseTo(1, 6);
      expect(preflight.seconds.mean).toBeCloseTo(12, 3);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('can be cancelled while it is being measured', async () => {
    const { store, control, hold } = await machine(0.03);
    hold();
    void control.measureBriefly();
    const starting = control.start();
    control.cancel();
    await starting;
    expect(store.getState()).toMatchObject({ status: 'cancelled', job: null });
    // Nor is it measured again by itself.
    expect(store.getState().preflight.status).toBe('stopped');
  });

  it('is not measured again by itself where that was stopped, until the settings change', async () => {
    const { store, control, hold, measuredSizes } = await machine(0.001);
    const release = hold();
    const status = () => store.getState().preflight.status;
    const measuring = control.measureBriefly();
    control.stopMeasuring();
    expect(status()).toBe('stopped');
    await measuring;
    await control.measureBriefly();
    expect(status()).toBe('stopped');
    const before = measuredSizes.length;
    release();
    control.change({ tokens: 5_000 });
    expect(status()).toBe('idle');
    await control.measureBriefly();
    expect(status()).toBe('done');
    expect(measuredSizes.length).toBeGreaterThan(before);
    // What is known stays known when a longer measurement is stopped.
    const known = store.getState().preflight;
    hold();
    const longer = control.measure();
    expect(status()).toBe('measuring');
    control.stopMeasuring();
    await longer;
    expect(store.getState().preflight).toEqual(known);
  });

  it('asks for a GPU only where it takes long', async () => {
    const { store, control, adapter } = await machine(0.001);
    await control.measureBriefly();
    control.change({ tokens: 100_000_000 });
    void control.start();
    await vi.waitFor(() => expect(adapter).toHaveBeenCalledTimes(1));
    await vi.waitFor(() => expect(store.getState().job).not.toBeNull());
    expect(store.getState().preflight).toMatchObject({
      adapter: null,
      reason: 'WebAssembly: this browser offers no WebGPU adapter.',
    });
    control.cancel();
  });

  it('goes on with groups of a former version one proxy after the other, from their states', async () => {
    const begun: unknown[] = [];
    const { platform, states, log } = place((_, group) => {
      begun.push(group.state?.checkpoint.step ?? null);
      return false;
    });
    const { job, studyStore, until } = begin(place(fine).platform, 'wasm', 4);
    await until('done');
    const group = { kind: 'group', proxies: planProxies(fromRows(rows), { seed: 1, repeats: 0 }) };
    const four = {
      ...group,
      kind: 'group',
      proxies: group.proxies.slice(0, 4),
      state: null,
    } as const;
    states.set('1+4', stateFor(four));
    const store = createTrainingStore();
    store.setState({ saved: { job, finished: 0, isInOtherTab: false } });
    await controlOf(store, studyStore, platform).resumeSaved();
    await vi.waitFor(() => expect(store.getState().status).toBe('done'), { timeout: 30_000 });
    expect(store.getState().job?.population).toBe(1);
    expect(log.every((line) => line.endsWith('+1'))).toBe(true);
    expect(log).toHaveLength(12);
    expect(begun.filter((step) => step === 2)).toHaveLength(4);
  });
});
