import { boundsOf, feasibilityOf } from '../optimum/constraints';
import type { Bounds, EngineId } from '../optimum/types';
import type { Model } from '../regression/types';
import { CancelledError, type Client, RemoteError } from '../rpc/client';
import type { FitMethods, OptimumMethods, OptimumProblem } from '../rpc/methods';
import {
  type AnalysisStore,
  emptyAnalysis,
  type Failure,
  type FitState,
  type InteractionsState,
  type OptimumState,
  reportOf,
} from './analysis-store';
import { fitKey, fitOptions } from './keys';
import { enginesFor, problemOf, type Wanted, wantedFits } from './plan';
import type { Session, StudyStore } from './study-store';

/**
 * Keeps the analysis in step with the session. One fit runs at a time, what is on view first; a fit
 * that is no longer wanted next is cancelled. Of the optimum, only the newest request counts: a
 * simulation answers at once, then the chosen engine refines it.
 */
export function startPipeline(
  studyStore: StudyStore,
  analysisStore: AnalysisStore,
  fitClient: Client<FitMethods>,
  optimumClient: Client<OptimumMethods>,
): () => void {
  let loadedStudy = '';
  let fitting: { key: string; abort: AbortController } | null = null;
  let measuring: AbortController | null = null;
  let solving: AbortController | null = null;
  let solvedInputs: readonly unknown[] = [];
  let stopped = false;
  let hasPreparedOptimum = analysisStore.getState().optimum.report !== null;

  function setFit(key: string, state: FitState): void {
    analysisStore.setState((analysis) => ({ fits: withEntry(analysis.fits, key, state) }));
  }

  function patchOptimum(change: Partial<OptimumState>): void {
    analysisStore.setState((analysis) => ({ optimum: { ...analysis.optimum, ...change } }));
  }

  function loadStudy({ study }: Session, keepAnalysis: boolean): void {
    loadedStudy = study.id;
    fitting?.abort.abort();
    measuring?.abort();
    measuring = null;
    solving?.abort();
    solvedInputs = [];
    if (!keepAnalysis) {
      hasPreparedOptimum = false;
      analysisStore.setState(emptyAnalysis);
    }
    const { id, targets, training, testSets } = study;
    fitClient.call('load', { id, targets, training, testSets }).catch((error: unknown) => {
      patchOptimum({ status: 'failed', failure: failureOf(error) });
    });
  }

  /** Cancelled when a fit on view needs the worker; begun again after it. */
  function measure(study: string): void {
    if (measuring || analysisStore.getState().interactions.status !== 'pending') return;
    const abort = new AbortController();
    measuring = abort;
    const set = (interactions: InteractionsState) => {
      if (study === loadedStudy) analysisStore.setState({ interactions });
    };
    fitClient
      .call(
        'interactions',
        { study },
        {
          signal: abort.signal,
          onProgress: (progress) => set({ status: 'pending', progress }),
        },
      )
      .then(
        (value) => set({ status: 'done', value }),
        (error: unknown) => {
          if (!(error instanceof CancelledError)) set({ status: 'failed', ...failureOf(error) });
        },
      )
      .finally(() => {
        if (measuring === abort) measuring = null;
      });
  }

  function fitNext(): void {
    if (stopped) return;
    const session = studyStore.getState().session;
    const wanted = wantedFits(session);
    const next = wanted.findIndex(({ key }, index) => {
      const state = analysisStore.getState().fits.get(key);
      if (!state) return true;
      // A report that came with the page has no model yet; the one on view needs it.
      return state.status === 'fitting' || (index === 0 && isWithoutModel(state));
    });
    if (next === 0) {
      measuring?.abort();
      measuring = null;
    } else {
      measure(session.study.id);
    }
    const key = next < 0 ? undefined : wanted[next].key;
    if (fitting?.key === key) return;
    fitting?.abort.abort();
    fitting = null;
    if (next >= 0) startFit(session, wanted[next]);
  }

  function startFit(session: Session, { key, target, regressor }: Wanted): void {
    const abort = new AbortController();
    fitting = { key, abort };
    const prepared = analysisStore.getState().fits.get(key);
    const startedAt = performance.now();
    if (!prepared) setFit(key, { status: 'fitting', progress: null, startedAt });
    const request = {
      study: session.study.id,
      target,
      regressor,
      options: fitOptions(session.settings),
    };
    const settle = (state: FitState | null) => {
      if (fitting?.abort === abort) fitting = null;
      if (session.study.id !== loadedStudy) return;
      analysisStore.setState((analysis) => ({ fits: withEntry(analysis.fits, key, state) }));
      update();
    };
    fitClient
      .call('assess', request, {
        signal: abort.signal,
        onProgress: (progress) => {
          if (fitting?.abort === abort && !prepared) {
            setFit(key, { status: 'fitting', progress, startedAt });
          }
        },
      })
      .then(
        (assessment) =>
          settle({ status: 'done', report: reportOf(assessment), model: assessment.model }),
        (error: unknown) => {
          if (error instanceof CancelledError) settle(prepared ?? null);
          else settle({ status: 'failed', ...failureOf(error) });
        },
      );
  }

  function solve(): void {
    const { session } = studyStore.getState();
    const { study, settings } = session;
    const key = fitKey(study, settings.target, settings.regressor, settings);
    const fit = analysisStore.getState().fits.get(key);
    const model = fit?.status === 'done' ? fit.model : null;
    const inputs = [
      key,
      model,
      fit?.status === 'failed',
      settings.constraints,
      settings.engine,
      settings.samples,
      settings.topK,
      study.prior,
      study.human,
      study.targets,
    ];
    if (inputs.every((input, index) => input === solvedInputs[index])) return;
    solvedInputs = inputs;
    solving?.abort();
    solving = null;

    const bounds = boundsOf(settings.constraints);
    const feasibility = feasibilityOf(bounds, settings.constraints, study.domains);
    if (!feasibility.feasible) {
      patchOptimum({ feasibility, status: 'infeasible', progress: null, failure: null });
      return;
    }
    if (fit?.status === 'failed') {
      const { message, advice } = fit;
      patchOptimum({
        feasibility,
        status: 'failed',
        progress: null,
        failure: { message, advice },
        report: null,
      });
      return;
    }
    if (!model) {
      // The former mixture belongs to another fit: it must not stand under this one's name.
      const shown = hasPreparedOptimum ? {} : { report: null };
      patchOptimum({ feasibility, status: 'waiting', progress: null, failure: null, ...shown });
      return;
    }
    const abort = new AbortController();
    solving = abort;
    patchOptimum({ feasibility, status: 'simulating', failure: null });
    const problem = problemOf(session, key, model);
    const engines = enginesFor(settings.engine, model);
    // A page that came with its optimum must not show a rougher one on the way to the same.
    const needed = hasPreparedOptimum ? engines.slice(-1) : engines;
    hasPreparedOptimum = false;
    solveInTurn(problem, needed, bounds, settings.topK, abort).catch((error: unknown) => {
      if (error instanceof CancelledError || solving !== abort) return;
      patchOptimum({ status: 'failed', progress: null, failure: failureOf(error) });
    });
  }

  async function solveInTurn(
    problem: OptimumProblem,
    engines: readonly EngineId[],
    bounds: Bounds,
    topK: number,
    abort: AbortController,
  ): Promise<void> {
    const { signal } = abort;
    if (problem.key !== preparedKey) {
      // A preparation that is cancelled half-way leaves the worker without any.
      preparedKey = '';
      await optimumClient.call('prepare', problem, {
        signal,
        onProgress: (progress) => {
          if (solving === abort) patchOptimum({ progress });
        },
      });
      preparedKey = problem.key;
    }
    for (const [index, engine] of engines.entries()) {
      const report = await optimumClient.call(
        'solve',
        { key: problem.key, engine, topK, bounds },
        { signal },
      );
      if (solving !== abort) return;
      const last = index === engines.length - 1;
      patchOptimum({ report, status: last ? 'ready' : 'searching', progress: null });
    }
  }
  let preparedKey = '';

  function update(): void {
    if (stopped) return;
    const { session } = studyStore.getState();
    if (session.study.id !== loadedStudy) loadStudy(session, loadedStudy === '');
    fitNext();
    solve();
  }

  const unsubscribe = studyStore.subscribe(update);
  update();
  return () => {
    stopped = true;
    unsubscribe();
    fitting?.abort.abort();
    measuring?.abort();
    solving?.abort();
  };
}

function isWithoutModel(state: { status: string; model?: Model | null }): boolean {
  return state.status === 'done' && state.model === null;
}

function withEntry<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  key: Key,
  value: Value | null,
): ReadonlyMap<Key, Value> {
  const copy = new Map(map);
  if (value === null) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

function failureOf(error: unknown): Failure {
  if (error instanceof RemoteError) return { message: error.message, advice: error.advice };
  const message = error instanceof Error ? error.message : String(error);
  return { message, advice: 'Reload the page; your files are unchanged.' };
}
