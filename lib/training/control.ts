/**
 * The user's actions on a training: choosing text and settings, measuring, starting, pausing, resuming and
 * discarding.
 */

import type { LoadedCorpora } from '../corpora/types';
import { StageError } from '../model/errors';
import { formatNumber, formatTokens } from '../model/format';
import type { Matrix } from '../model/matrix';
import { type Calibration, calibrate, type MeasuredBackends } from './calibrate';
import { type BackendId, backendNames } from './engine';
import { chosenDomains, drawMixtures, formOf, makeJob, settingOf } from './plan';
import { type RunHandle, runTraining } from './run';
import {
  type AdapterInfo,
  isActive,
  type TrainingPlatform,
  type TrainingPurpose,
  type TrainingSettings,
  type TrainingState,
  type TrainingStore,
} from './state';

/** Seconds of training per measurement. */
const measureSeconds = 2;

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
  /** Measures the available backends. */
  readonly measure: () => Promise<void>;
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
  let measuring: AbortController | null = null;
  let run: RunHandle | null = null;
  /** The text being read; only the latest counts. */
  let reading: { readonly isOwn: boolean; readonly abort: AbortController } | null = null;
  /** Text that arrived during a training on other text. */
  let pending: LoadedCorpora | null = null;
  /** Counts starts and resumptions, so that only the latest one continues. */
  let attempt = 0;

  function giveUpMeasuring(): void {
    measuring?.abort();
    measuring = null;
  }

  /** Changes settings, and discards or cancels the measurement made for the previous ones. */
  function discardMeasured(change: Parameters<TrainingStore['setState']>[0]): void {
    giveUpMeasuring();
    store.setPreflight({ status: 'idle' }, change);
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
    store.setState({ corpora: { status: 'ready', loaded }, chosen });
    redraw();
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
    const text = `${loaded.name} was read; it is on view when this training ends.`;
    store.setState({ notices: [...notices, text] });
  }

  const unsubscribe = store.subscribe(({ status }, before) => {
    if (!pending || isActive(status) || !isActive(before.status)) return;
    const loaded = pending;
    pending = null;
    show(loaded);
  });

  /** Clears text and the mixtures drawn for it: nothing can be trained until there is text. */
  function clearText(corpora: TrainingState['corpora']): void {
    discardMeasured({ corpora, chosen: [], mixtures: null, problem: '' });
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

  function redraw(): void {
    const state = store.getState();
    if (isActive(state.status) || state.corpora.status === 'none') return;
    try {
      const mixtures = drawMixtures(chosenDomains(state), state.settings);
      discardMeasured({ isEdited: false, mixtures, problem: '' });
    } catch (error) {
      discardMeasured({ isEdited: false, mixtures: null, problem: messageOf(error) });
    }
  }

  async function measure(): Promise<void> {
    const { settings, mixtures } = store.getState();
    const domains = chosenDomains(store.getState());
    if (!mixtures) return;
    giveUpMeasuring();
    const abort = new AbortController();
    measuring = abort;
    const set = (state: TrainingState['preflight']) => {
      if (measuring === abort) store.setPreflight(state);
    };
    const settingFor = (backend: BackendId) =>
      settingOf(domains, settings, backend, platform.wasmPath, purpose.evaluations);
    set({ status: 'measuring', candidate: null });
    try {
      const adapter = await platform.adapter();
      const measured = await calibrate(
        {
          backends: backendsFor(settings.engine, adapter),
          settingOf: settingFor,
          proxies: purpose.plan(mixtures, settings),
          cores: platform.cores,
          largestBuffer: adapter?.largestBuffer ?? null,
          seconds: measureSeconds,
        },
        platform.start,
        (candidate) => set({ status: 'measuring', candidate }),
        abort.signal,
      );
      const chosen = measured.best;
      const reason = reasonFor(settings.engine, chosen, measured, adapter);
      const { evaluateAt, validation, shape } = settingFor(chosen.backend);
      const windows = Math.max(...validation.map(({ length }) => length / (shape.context + 1)));
      const evaluation = { times: evaluateAt.length, tokens: windows * shape.context };
      set({ status: 'done', measured, chosen, adapter, reason, evaluation });
    } catch (error) {
      set(
        abort.signal.aborted ? { status: 'idle' } : { status: 'failed', message: messageOf(error) },
      );
    } finally {
      if (measuring === abort) measuring = null;
    }
  }

  async function start(): Promise<void> {
    if (isActive(store.getState().status)) return;
    const thisAttempt = ++attempt;
    if (store.getState().preflight.status !== 'done') await measure();
    const { corpora, settings, mixtures, preflight } = store.getState();
    if (thisAttempt !== attempt) return;
    if (corpora.status !== 'ready' || !mixtures || preflight.status !== 'done') return;
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
    store.moveTo('preparing', { saved: null, progress: null, notices: [], failure: '' });
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
    run = runTraining(
      { store, platform, purpose },
      job,
      domains,
      loaded,
      release,
      preflight.chosen.rate,
    );
  }

  function giveUpPreparing(): void {
    if (store.getState().status === 'preparing') store.moveTo('cancelled');
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

  async function resumeSaved(): Promise<void> {
    const { saved } = store.getState();
    if (!saved) return;
    const thisAttempt = ++attempt;
    const { job } = saved;
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
        throw new StageError('corpora', `The text of ${job.corpora.name} was not saved.`);
      run?.leave();
      stopReading();
      pending = null;
      show(loaded);
      const chosen = job.domains.map(({ id }) => id);
      store.setState({ chosen });
      store.setState(formOf(job, store.getState(), purpose.isOfForm));
      isBegun = true;
      store.moveTo('preparing', { saved: null, notices: [] });
      run = runTraining({ store, platform, purpose }, job, null, loaded, release);
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
      store.setState({ chosen: ids.filter((id) => selected.has(id)) });
      redraw();
    },
    change(settings) {
      const state = store.getState();
      if (isActive(state.status)) return;
      discardMeasured({ settings: { ...state.settings, ...settings } });
      if (settings.sampling || settings.seed !== undefined) redraw();
    },
    setMixtures(mixtures) {
      if (isActive(store.getState().status)) return;
      // Speed does not depend on the weights: the measurement stays valid for the same number of mixtures.
      if (mixtures.rows !== store.getState().mixtures?.rows) {
        discardMeasured({});
      }
      store.setState({ mixtures, isEdited: true, problem: '' });
    },
    redraw,
    measure,
    stopMeasuring: () => measuring?.abort(),
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
      giveUpPreparing();
    },
    resumeSaved,
    async discardSaved() {
      attempt++;
      const { saved } = store.getState();
      if (!saved) return;
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

/** Backends that may be the fastest here; a software adapter never is. */
function backendsFor(
  engine: TrainingSettings['engine'],
  adapter: AdapterInfo | null,
): readonly BackendId[] {
  if (engine !== 'auto') return [engine];
  return adapter && !adapter.isSoftware ? ['webgpu', 'wasm'] : ['wasm'];
}

function reasonFor(
  engine: TrainingSettings['engine'],
  chosen: Calibration,
  { all, failed }: MeasuredBackends,
  adapter: AdapterInfo | null,
): string {
  if (engine !== 'auto') return `${backendNames[engine]} because you chose it.`;
  if (!adapter) return 'WebAssembly: this browser offers no WebGPU adapter.';
  if (adapter.isSoftware) {
    return `WebAssembly: the WebGPU adapter (${adapter.name}) computes on the processor, which is slower.`;
  }
  const rival = all
    .filter(({ backend }) => backend !== chosen.backend)
    .sort((a, b) => b.rate - a.rate)[0];
  if (rival) {
    return `${backendNames[chosen.backend]}: ${formatNumber(chosen.rate / rival.rate, 1)} times as fast as ${backendNames[rival.backend]} (${formatTokens(rival.rate)} tokens/s).`;
  }
  const [other] = failed;
  return `${backendNames[chosen.backend]}: ${backendNames[other?.candidate.backend ?? 'webgpu']} could not train here (${other?.reason ?? 'unknown'}).`;
}

/** The message of an error with its advice, also when it comes from a worker. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const advice = 'advice' in error && typeof error.advice === 'string' ? error.advice : '';
  return `${error.message} ${advice}`.trim();
}
