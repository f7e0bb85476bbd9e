/**
 * The user's actions on a training: choosing text and settings, measuring, starting, pausing, resuming and
 * discarding.
 */

import type { LoadedCorpora, LoadedDomain } from '../corpora/types';
import { StageError } from '../model/errors';
import { formatNumber, formatTokens } from '../model/format';
import type { Matrix } from '../model/matrix';
import {
  type Calibration,
  calibrate,
  chooseRung,
  evaluationBatches,
  fasterBy,
  largestPopulation,
  type MeasuredBackends,
  secondsFor,
  speedAt,
  speedFor,
  usesCores,
  usualSeconds,
  type Workload,
} from './calibrate';
import type { TrainingJob } from './checkpoints';
import { type BackendId, backendNames } from './engine';
import { chosenDomains, drawMixtures, formOf, makeJob, settingOf } from './plan';
import type { TrainingSetting } from './protocol';
import { type RunHandle, runTraining } from './run';
import { type SizeId, sizeIds } from './shape';
import {
  type AdapterInfo,
  isActive,
  type Preflight,
  type TrainingPlatform,
  type TrainingPurpose,
  type TrainingSettings,
  type TrainingState,
  type TrainingStore,
  type Unguarded,
} from './state';

/**
 * Seconds of training per measurement: of one backend in passing, where the fastest of some counts, and of all
 * of them on request.
 */
const briefSeconds = 0.25;
const briefTries = 3;
const measureSeconds = 2;
/** Seconds by WebAssembly from which on it pays to find out how fast a GPU is. */
export const worthAGpu = 60;

/** The user's actions on a training. */
export interface TrainingControl {
  /** Opens a built-in set of corpora. */
  readonly open: (id: string) => Promise<void>;
  /** Shows text that was read elsewhere; during a training, as soon as it ends. */
  readonly openOwn: (corpora: LoadedCorpora) => void;
  /**
   * Reads the user's own text and shows it. The signal is aborted when other text is opened or read.
   *
   * @throws the error of `read`, unless it was aborted
   */
  readonly readOwn: (read: (signal: AbortSignal) => Promise<LoadedCorpora>) => Promise<void>;
  /** Cancels `readOwn`. */
  readonly stopReadingOwn: () => void;
  /** Returns to the user's own text, or waits for it. */
  readonly showOwn: () => void;
  readonly choose: (domain: string, isIn: boolean) => void;
  readonly change: (settings: Partial<TrainingSettings>) => void;
  /** Sets mixtures that were edited or read from a file: N x chosen domains. */
  readonly setMixtures: (mixtures: Matrix) => void;
  readonly redraw: () => void;
  /** Whether it offers what this machine trains in a short time: see `offer`. */
  readonly isOffered: boolean;
  /** Seconds that what it offers may take. */
  readonly offeredSeconds: number;
  /** Returns from the user's size, tokens and number of proxies to what this machine trains in a short time. */
  readonly offer: () => void;
  /**
   * Measures in passing how fast this machine trains by the settings, where that is not known yet: one worker,
   * for a second at most. Then offers what it trains in a short time, unless the user has chosen.
   */
  readonly measureBriefly: () => Promise<void>;
  /** Measures all available backends, a few seconds each. */
  readonly measure: () => Promise<void>;
  /** Stops measuring; `measureBriefly` does nothing more before the settings change. */
  readonly stopMeasuring: () => void;
  /** Starts training, after measuring if that was not done yet. */
  readonly start: () => Promise<void>;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly step: () => void;
  readonly cancel: () => void;
  /** Resumes the training of an earlier visit, or discards it. */
  readonly resumeSaved: () => Promise<void>;
  readonly discardSaved: () => Promise<void>;
  /**
   * Finds the latest training of an earlier visit that no other tab holds, or else one that another tab
   * holds.
   */
  readonly findSaved: () => Promise<void>;
  /** Cancels everything; what was saved stays. */
  readonly close: () => void;
}

/** Initially chosen domains: few enough to train in a minute, the languages of the built-in study. */
const firstDomains: Readonly<Record<string, readonly string[]>> = {
  languages: ['en', 'es', 'pt_br', 'it', 'fr', 'de', 'pl', 'ru'],
};

export function createTrainingControl(
  store: TrainingStore,
  platform: TrainingPlatform,
  purpose: TrainingPurpose,
): TrainingControl {
  let measuring: { readonly key: string; readonly abort: AbortController } | null = null;
  /** Settles once nothing more is being measured, also of another size that is then offered. */
  let latestMeasurement: Promise<void> = Promise.resolve();
  /** What was measured, by {@link keyOf}. */
  const known = new Map<string, KnownSpeed>();
  const { offeredSeconds = usualSeconds, offeredShare = 1 } = purpose;
  let run: RunHandle | null = null;
  /** What was known of the speed of the training under way when it began. */
  let begun: { readonly key: string; readonly speed: KnownSpeed; readonly rate: number } | null =
    null;
  /** The text being read; only the latest counts. */
  let reading: { readonly isOwn: boolean; readonly abort: AbortController } | null = null;
  /** Text that arrived during a training on other text. */
  let pending: LoadedCorpora | null = null;
  /** Counts starts and resumptions, so that only the latest one continues. */
  let attempt = 0;
  /** The resumption whose text is being loaded: this tab holds its lock. */
  let resuming: Promise<void> | null = null;

  function giveUpMeasuring(): void {
    measuring?.abort.abort();
    measuring = null;
  }

  /** Ends a measurement under way; without being asked, none is made before the settings change. */
  function stopMeasuring(): void {
    if (!measuring) return;
    giveUpMeasuring();
    store.setPreflight(estimated(store.getState()) ?? { status: 'stopped' });
  }

  /**
   * Changes what is to be trained, and what is known of its duration. A measurement under way goes on if it is
   * about the same speed.
   */
  function settle(change: Unguarded): void {
    const changed = { ...store.getState(), ...change };
    const all = { ...change, ...offered(changed) };
    const state = { ...changed, ...all };
    if (measuring && measuring.key === keyOf(state.settings) && state.mixtures) {
      store.setState(all);
      return;
    }
    giveUpMeasuring();
    store.setPreflight(estimated(state) ?? { status: 'idle' }, all);
  }

  /** The setting of a training by these settings. @throws RangeError when a domain has too little text */
  function settingBy(
    state: Pick<TrainingState, 'corpora' | 'chosen'>,
    settings: Pick<TrainingSettings, 'size' | 'tokens'>,
    backend: BackendId,
  ): TrainingSetting {
    const domains = chosenDomains(state);
    return settingOf(domains, settings, backend, purpose.evaluations);
  }

  /** The measured speed at the settings; null when it is not known. */
  function speedOf({ settings, mixtures }: Pick<TrainingState, 'settings' | 'mixtures'>) {
    const found = known.get(keyOf(settings));
    if (!found) return null;
    // How many proxies a GPU trains side by side was chosen for their number.
    const isValid = usesCores(found.measured.best.backend) || found.mixtures === mixtures?.rows;
    return isValid ? found : null;
  }

  /** What is known of the duration of a training; null when it has to be measured. */
  function estimated(state: TrainingState): Preflight | null {
    const { settings, mixtures } = state;
    const speed = speedOf(state);
    if (!mixtures || !speed) return null;
    const { adapter } = speed;
    try {
      const proxies = purpose.plan(mixtures, settings).length;
      const now = (each: Calibration) => speedFor(each, proxies, platform.cores);
      const { best, all, failed } = speed.measured;
      const measured = { best: now(best), all: all.map(now), failed };
      const chosen = measured.best;
      const setting = settingBy(state, settings, chosen.backend);
      const { evaluateAt, validation, shape } = setting;
      const windows = Math.max(...validation.map(({ length }) => length / (shape.context + 1)));
      const seconds = secondsFor(chosen, workOf(setting, proxies));
      return {
        status: 'done',
        measured,
        chosen,
        adapter,
        reason: reasonFor(settings.engine, chosen, measured, adapter),
        evaluation: { times: evaluateAt.length, tokens: windows * shape.context },
        proxies,
        seconds,
        rate: (proxies * tokensOfOne(setting)) / seconds.mean,
        isByTraining: speed.isByTraining,
      };
    } catch {
      // Measuring names what is wrong with the text.
      return null;
    }
  }

  /** Settings and mixtures of what to offer, by the speeds known; nothing once the user has chosen. */
  function offered(state: TrainingState): Unguarded {
    const { settings, isOwnChoice } = state;
    if (!purpose.isOffered || isOwnChoice || chosenDomains(state).length < 2) return {};
    const speeds = new Map<SizeId, Calibration>();
    for (const size of sizeIds) {
      const best = known.get(keyOf({ ...settings, size }))?.measured.best;
      if (best && usesCores(best.backend)) speeds.set(size, best);
    }
    if (speeds.size === 0) return {};
    try {
      const { size, tokens, proxies } = chooseRung((rung) => {
        const measured = speedAt(rung.size, speeds);
        if (!measured) return Number.POSITIVE_INFINITY;
        const speed = speedFor(measured, rung.proxies, platform.cores);
        const setting = settingBy(state, rung, speed.backend);
        return secondsFor(speed, workOf(setting, rung.proxies)).mean;
      }, offeredShare * offeredSeconds);
      const sampling = { ...settings.sampling, count: proxies };
      const isSame =
        size === settings.size && tokens === settings.tokens && proxies === state.mixtures?.rows;
      if (isSame && settings.sampling.count === proxies) return {};
      const next = { ...settings, size, tokens, sampling };
      return { settings: next, ...drawn(state, next) };
    } catch {
      return {};
    }
  }

  function stopReading(): void {
    reading?.abort.abort();
    reading = null;
  }

  /** @returns the signal of a new read, which replaces any other */
  function startReading(isOwn: boolean): AbortSignal {
    stopReading();
    const abort = new AbortController();
    reading = { isOwn, abort };
    pending = null;
    return abort.signal;
  }

  function show(loaded: LoadedCorpora): void {
    const { id } = loaded;
    const selected = id !== null && Object.hasOwn(firstDomains, id) ? firstDomains[id] : undefined;
    const chosen = loaded.domains
      .map(({ about }) => about.id)
      .filter((id) => !selected || selected.includes(id));
    settleDrawn({ corpora: { status: 'ready', loaded }, chosen });
  }

  /** Shows text as soon as no training is active, since its inputs must not change. */
  function showWhenIdle(loaded: LoadedCorpora): void {
    if (loaded.id === null) store.setState({ own: loaded });
    const { status, notices } = store.getState();
    if (!isActive(status)) {
      show(loaded);
      return;
    }
    pending = loaded;
    const text = `${loaded.name} was read; it opens when this training ends.`;
    store.setState({ notices: [...notices, text] });
  }

  /**
   * Corrects what is known of the speed by the training under way: a fraction of a second before it says little
   * of a busy machine. Once it has ended, what is offered follows.
   */
  function learnSpeed({ status, progress, job }: TrainingState, before: TrainingState): void {
    if (!begun) return;
    const { key, speed, rate } = begun;
    const { best, all, failed } = speed.measured;
    if (progress?.isMeasured && progress !== before.progress && job?.backend === best.backend) {
      const times = progress.rate / rate;
      const now = (each: Calibration) => (each === best ? fasterBy(each, times) : each);
      const measured = { best: now(best), all: all.map(now), failed };
      known.set(key, { ...speed, measured, isByTraining: true });
      const preflight = estimated(store.getState());
      if (preflight && store.getState().preflight.status === 'done') store.setPreflight(preflight);
    }
    if (isActive(status)) return;
    begun = null;
    settle({});
  }

  const unsubscribe = store.subscribe((state, before) => {
    learnSpeed(state, before);
    const { status } = store.getState();
    if (!pending || isActive(status) || !isActive(before.status)) return;
    const loaded = pending;
    pending = null;
    show(loaded);
  });

  /** Clears text and the mixtures drawn for it: nothing can be trained until there is text. */
  function clearText(corpora: TrainingState['corpora']): void {
    settle({ corpora, chosen: [], mixtures: null, problem: '' });
  }

  async function open(id: string): Promise<void> {
    if (isActive(store.getState().status)) return;
    const signal = startReading(false);
    store.setState({ corpora: { status: 'loading', id } });
    try {
      const loaded = await platform.load(id, signal);
      if (!signal.aborted) showWhenIdle(loaded);
    } catch (error) {
      if (signal.aborted) return;
      store.setState({ corpora: { status: 'failed', id, message: messageOf(error) } });
    }
  }

  async function readOwn(read: (signal: AbortSignal) => Promise<LoadedCorpora>): Promise<void> {
    const signal = startReading(true);
    try {
      const loaded = await read(signal);
      if (!signal.aborted) showWhenIdle(loaded);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Changes what is to be trained, and draws its mixtures. */
  function settleDrawn(change: Unguarded): void {
    const state = { ...store.getState(), ...change };
    settle({ ...change, ...drawn(state, state.settings) });
  }

  function redraw(): void {
    const { status, corpora } = store.getState();
    if (!isActive(status) && corpora.status !== 'none') settleDrawn({});
  }

  function measureBy(isBrief: boolean): Promise<void> {
    latestMeasurement = measureAll(isBrief);
    return latestMeasurement;
  }

  async function measureAll(isBrief: boolean): Promise<void> {
    const state = store.getState();
    const { settings, mixtures } = state;
    if (!mixtures) return;
    giveUpMeasuring();
    const { engine } = settings;
    const key = keyOf(settings);
    const mine = { key, abort: new AbortController() };
    measuring = mine;
    const { signal } = mine.abort;
    const set = (preflight: Preflight) => {
      if (measuring === mine) store.setPreflight(preflight);
    };
    set({ status: 'measuring', candidate: null });
    try {
      // Browsers report to the console that there is none: it is not looked for in passing.
      const adapter = isBrief && engine !== 'webgpu' ? undefined : await platform.adapter();
      const measured = await calibrate(
        {
          backends: backendsFor(engine, adapter ?? null, platform.hasSimd),
          settingOf: (backend) => settingBy(state, settings, backend),
          proxies: purpose.plan(mixtures, settings),
          cores: platform.cores,
          largestBuffer: adapter?.largestBuffer ?? null,
          seconds: isBrief ? briefSeconds : measureSeconds,
          tries: isBrief ? briefTries : 1,
          byOne: isBrief,
        },
        platform.start,
        (candidate) => set({ status: 'measuring', candidate }),
        signal,
      );
      if (measuring !== mine) return;
      measuring = null;
      known.set(key, { measured, adapter, mixtures: mixtures.rows, isByTraining: false });
      settle({});
    } catch (error) {
      // Whoever stops it says what is known instead.
      set({ status: 'failed', message: messageOf(error) });
      if (measuring === mine) measuring = null;
      return;
    }
    // What is offered may be of another size.
    if (store.getState().preflight.status === 'idle') await measureAll(isBrief);
  }

  async function measureBriefly(): Promise<void> {
    if (store.getState().preflight.status === 'idle') await measureBy(true);
  }

  /**
   * Finds out how fast this machine trains by the settings: in passing, and with its GPU where that may pay.
   *
   * @returns whether it is known
   */
  async function knowSpeed(): Promise<boolean> {
    const { status } = store.getState().preflight;
    // A measurement under way is about these very settings, and takes a moment more.
    if (status === 'measuring') await latestMeasurement;
    else if (status !== 'done') await measureBy(true);
    const { preflight, settings } = store.getState();
    if (preflight.status !== 'done') return false;
    const mayPay = settings.engine === 'auto' && preflight.seconds.mean > worthAGpu;
    if (!mayPay || preflight.adapter !== undefined) return true;
    const adapter = await platform.adapter();
    if (adapter && !adapter.isSoftware) await measureBy(false);
    else {
      const found = known.get(keyOf(settings));
      if (found) known.set(keyOf(settings), { ...found, adapter });
      settle({});
    }
    return store.getState().preflight.status === 'done';
  }

  async function start(): Promise<void> {
    const { status, corpora: text, mixtures: some, progress } = store.getState();
    if (isActive(status) || text.status !== 'ready' || !some) return;
    const thisAttempt = ++attempt;
    store.moveTo('preparing', { progress: null, notices: [], failure: '' });
    const isKnown = await knowSpeed();
    if (thisAttempt !== attempt) return;
    const { corpora, settings, mixtures, preflight } = store.getState();
    if (!isKnown || corpora.status !== 'ready' || !mixtures || preflight.status !== 'done') {
      giveUpPreparing({ progress });
      return;
    }
    const domains = chosenDomains(store.getState());
    const { loaded } = corpora;
    const job = makeJob(
      platform.newId(),
      loaded,
      domains,
      settings,
      purpose.plan(mixtures, settings),
      preflight.chosen,
    );
    const { saved, job: before } = store.getState();
    run?.leave();
    run = null;
    store.setState({ saved: null });
    for (const old of new Set([saved?.job.id, before?.id])) {
      if (old === undefined) continue;
      try {
        await forget(old);
      } catch (error) {
        const text = `An earlier training could not be removed (${messageOf(error)}): the next visit may offer it again.`;
        store.setState({ notices: [text] });
      }
    }
    const release = await platform.locks.hold(job.id);
    if (thisAttempt !== attempt || !release) {
      giveUpPreparing();
      return release?.();
    }
    runJob(job, domains, loaded, release);
  }

  /** Trains a job, at the speed that is known of its settings. @param domains of the job; null = by hash */
  function runJob(
    job: TrainingJob,
    domains: readonly LoadedDomain[] | null,
    loaded: LoadedCorpora,
    release: () => void,
  ): void {
    const { preflight, settings } = store.getState();
    const speed = speedOf(store.getState());
    const isKnown = preflight.status === 'done' && preflight.chosen.backend === job.backend;
    const rate = isKnown ? preflight.rate : 0;
    const key = keyOf(settings);
    begun = isKnown && speed ? { key, speed, rate } : assumed(job, key);
    run = runTraining({ store, platform, purpose }, job, domains, loaded, release, rate);
  }

  /** What to correct by a training whose speed was not measured, such as one of an earlier visit: a second a step. */
  function assumed(
    { backend, population, trainers, proxies: { length: proxies } }: TrainingJob,
    key: string,
  ): typeof begun {
    const state = store.getState();
    try {
      const setting = settingBy(state, state.settings, backend);
      const { training, shape } = setting;
      const best: Calibration = {
        backend,
        population,
        trainers,
        rate: trainers * population * training.rows * shape.context,
        stepSeconds: { low: 1, mean: 1, high: 1 },
        startSeconds: 0,
        // A forward pass of the three that a step costs.
        batchSeconds: 1 / 3,
      };
      const { mean } = secondsFor(best, workOf(setting, proxies));
      const measured = { best, all: [best], failed: [] };
      const mixtures = state.mixtures?.rows ?? proxies;
      const speed = { measured, adapter: undefined, mixtures, isByTraining: false };
      return { key, speed, rate: (proxies * tokensOfOne(setting)) / mean };
    } catch {
      // The training itself names what is wrong with the text.
      return null;
    }
  }

  function giveUpPreparing(change: Unguarded = {}): void {
    if (store.getState().status === 'preparing') store.moveTo('cancelled', change);
  }

  /**
   * Removes a saved training.
   *
   * @returns false when another tab trains it
   * @throws the error of the storage; the training is then still saved
   */
  async function forget(job: string): Promise<boolean> {
    const release = await platform.locks.hold(job);
    if (!release) return false;
    try {
      await platform.library.remove(job);
    } finally {
      release();
    }
    return true;
  }

  function leaveToOtherTab(): void {
    const { saved } = store.getState();
    if (saved) store.setState({ saved: { ...saved, isInOtherTab: true } });
  }

  function resumeSaved(): Promise<void> {
    resuming ??= resume().finally(() => {
      resuming = null;
    });
    return resuming;
  }

  async function resume(): Promise<void> {
    const { saved, status } = store.getState();
    if (!saved || isActive(status)) return;
    const thisAttempt = ++attempt;
    const job = inSmallGroups(saved.job);
    const release = await platform.locks.hold(job.id);
    if (thisAttempt !== attempt) return release?.();
    if (!release) return leaveToOtherTab();
    let isBegun = false;
    try {
      const loaded =
        job.corpora.id === null
          ? await platform.library.corpora(job.id)
          : await platform.load(job.corpora.id);
      if (thisAttempt !== attempt) return;
      if (!loaded)
        throw new StageError(
          'corpora',
          `The text of ${job.corpora.name} was not saved.`,
          'Choose the text again.',
        );
      run?.leave();
      stopReading();
      pending = null;
      show(loaded);
      const chosen = job.domains.map(({ id }) => id);
      store.setState({ chosen, isOwnChoice: true });
      settle(formOf(job, store.getState(), purpose.isOfForm));
      isBegun = true;
      store.moveTo('preparing', { saved: null, notices: [] });
      runJob(job, null, loaded, release);
    } catch (error) {
      if (thisAttempt === attempt) store.setState({ failure: messageOf(error) });
    } finally {
      if (!isBegun) release();
    }
  }

  return {
    open,
    openOwn: (corpora) => {
      stopReading();
      showWhenIdle(corpora);
    },
    readOwn,
    stopReadingOwn() {
      if (reading?.isOwn) stopReading();
    },
    showOwn() {
      const { own, status } = store.getState();
      if (isActive(status)) return;
      stopReading();
      if (own) show(own);
      else clearText({ status: 'none' });
    },
    choose(domain, isIn) {
      const { chosen, corpora, status } = store.getState();
      if (corpora.status !== 'ready' || isActive(status)) return;
      const selected = new Set(chosen);
      if (isIn) selected.add(domain);
      else selected.delete(domain);
      const ids = corpora.loaded.domains.map(({ about }) => about.id);
      settleDrawn({ chosen: ids.filter((id) => selected.has(id)) });
    },
    change(part) {
      const { status, settings: before, corpora, isOwnChoice } = store.getState();
      if (isActive(status)) return;
      const settings = { ...before, ...part };
      const isChosen =
        settings.size !== before.size ||
        settings.tokens !== before.tokens ||
        settings.repeats !== before.repeats ||
        settings.sampling.count !== before.sampling.count;
      const isRedrawn = part.sampling !== undefined || part.seed !== undefined;
      const change = { settings, isOwnChoice: isOwnChoice || isChosen };
      if (isRedrawn && corpora.status !== 'none') settleDrawn(change);
      else settle(change);
    },
    setMixtures(mixtures) {
      if (isActive(store.getState().status)) return;
      settle({ mixtures, isEdited: true, isOwnChoice: true, problem: '' });
    },
    redraw,
    isOffered: purpose.isOffered === true,
    offeredSeconds,
    offer() {
      if (isActive(store.getState().status)) return;
      settle({ isOwnChoice: false });
    },
    measureBriefly,
    measure: () => measureBy(false),
    stopMeasuring,
    start,
    pause: () => run?.pause(),
    resume: () => run?.resume(),
    step: () => run?.step(),
    cancel() {
      if (store.getState().status !== 'preparing') {
        run?.cancel();
        return;
      }
      attempt++;
      stopMeasuring();
      giveUpPreparing();
    },
    resumeSaved,
    async discardSaved() {
      const { saved, status } = store.getState();
      if (!saved || isActive(status)) return;
      attempt++;
      await resuming;
      try {
        if (await forget(saved.job.id)) store.setState({ saved: null, failure: '' });
        else leaveToOtherTab();
      } catch (error) {
        const failure = `The saved training could not be discarded: ${messageOf(error)}`;
        store.setState({ failure });
      }
    },
    async findSaved() {
      try {
        const jobs = await platform.library.jobs();
        const held = await Promise.all(jobs.map(({ id }) => platform.locks.isHeld(id)));
        const free = jobs.find((_, place) => !held[place]);
        const job = free ?? jobs.at(0);
        const finished = job ? (await platform.library.checkpoints(job.id).finished()).length : 0;
        if (isActive(store.getState().status)) return;
        store.setState({ saved: job ? { job, finished, isInOtherTab: !free } : null });
      } catch (error) {
        const message = messageOf(error);
        // The storage's own errors do not say what was being read.
        const failure =
          error instanceof StageError ? message : `Saved trainings could not be read: ${message}`;
        store.setState({ failure });
      }
    },
    close() {
      attempt++;
      unsubscribe();
      stopReading();
      giveUpMeasuring();
      giveUpPreparing();
      run?.leave();
    },
  };
}

/** A measurement, with the adapter if one was asked for. */
interface KnownSpeed {
  readonly measured: MeasuredBackends;
  readonly adapter: AdapterInfo | null | undefined;
  /** Number of mixtures that it was made for. */
  readonly mixtures: number;
  /** Whether a training has shown how fast it is since. */
  readonly isByTraining: boolean;
}

/** What a speed depends on: neither the number of tokens nor, on the processor, that of proxies. */
function keyOf({ engine, size }: Pick<TrainingSettings, 'engine' | 'size'>): string {
  return `${engine} ${size}`;
}

function workOf(setting: TrainingSetting, proxies: number): Workload {
  return { proxies, steps: setting.training.steps, batches: evaluationBatches(setting) };
}

/** Mixtures drawn anew; none, and the problem, where they cannot be. */
function drawn(
  state: Pick<TrainingState, 'corpora' | 'chosen'>,
  settings: TrainingSettings,
): Pick<TrainingState, 'mixtures' | 'isEdited' | 'problem'> {
  try {
    const mixtures = drawMixtures(chosenDomains(state), settings);
    return { mixtures, isEdited: false, problem: '' };
  } catch (error) {
    return { mixtures: null, isEdited: false, problem: messageOf(error) };
  }
}

/** Tokens that a proxy reads. */
function tokensOfOne({ training, shape }: TrainingSetting): number {
  return training.steps * training.rows * shape.context;
}

/** A saved job whose groups are as large as they are today: it may be from an earlier version. */
function inSmallGroups(job: TrainingJob): TrainingJob {
  return { ...job, population: Math.min(job.population, largestPopulation(job.backend)) };
}

/** Backends that may be the fastest here; a software adapter never is. */
function backendsFor(
  engine: TrainingSettings['engine'],
  adapter: AdapterInfo | null,
  hasSimd: boolean,
): readonly BackendId[] {
  if (engine !== 'auto') return [engine];
  const onCores: readonly BackendId[] = hasSimd ? ['wasm'] : ['webgl', 'cpu'];
  return adapter && !adapter.isSoftware ? ['webgpu', ...onCores] : onCores;
}

function reasonFor(
  engine: TrainingSettings['engine'],
  chosen: Calibration,
  { all, failed }: MeasuredBackends,
  adapter: AdapterInfo | null | undefined,
): string {
  const name = backendNames[chosen.backend];
  if (engine !== 'auto') return `${name} because you chose it.`;
  if (adapter === undefined) {
    return `${name}. A GPU is measured, too, where this takes more than a minute.`;
  }
  if (!adapter) return `${name}: this browser offers no WebGPU adapter.`;
  if (adapter.isSoftware) {
    return `${name}: the WebGPU adapter (${adapter.name}) computes on the processor, which is slower.`;
  }
  const rival = all
    .filter(({ backend }) => backend !== chosen.backend)
    .sort((a, b) => b.rate - a.rate)[0];
  if (rival) {
    return `${name}: ${formatNumber(chosen.rate / rival.rate, 1)} times as fast as ${backendNames[rival.backend]} (${formatTokens(rival.rate)} tokens/s).`;
  }
  const [other] = failed;
  return `${name}: ${backendNames[other?.candidate.backend ?? 'webgpu']} could not train here (${other?.reason ?? 'unknown'}).`;
}

/** The message of an error with its advice, also when it comes from a worker. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const advice = 'advice' in error && typeof error.advice === 'string' ? error.advice : '';
  return `${error.message} ${advice}`.trim();
}
