/** The analysis pipeline: which fits and optima to compute, in which order, and when to cancel them. */
import { totalVariation } from '../mixture/simplex';
import type { Bounds, EngineId, OptimumReport } from '../model/limits';
import { boundsOf, feasibilityOf } from '../optimum/constraints';
import { CancelledError, type Client, RemoteError } from '../rpc/client';
import type { Session, StudyStore } from '../session/study-store';
import { revisionOf } from '../study/identity';
import { adviceFor } from './advice';
import {
  type AnalysisStore,
  activeModels,
  chosenModels,
  emptyAnalysis,
  type Failure,
  type FitState,
  type InteractionsState,
  type OptimumState,
  reportOf,
  type Solved,
} from './analysis-store';
import type { DemandStore } from './demand-store';
import { type AnswerMemory, answerKey } from './kept-answer';
import { fitOptions, importedModel } from './keys';
import type { FitMethods, OptimumMethods, OptimumProblem } from './methods';
import { enginesFor, type NeededFit, neededFits, problemOf, questionOf } from './plan';

/** Number of fits cached: more than 100 targets by all regressors. */
const maxFits = 500;

/**
 * Keeps the analysis up to date with the session and with the requests of panels near the viewport. One fit
 * runs at a time, the visible ones first; a fit that is no longer next is cancelled. Only the newest request
 * for the optimum counts: a simulation answers at once, then the chosen engine refines it.
 *
 * @param answers the answer of a study that is opened again is shown until it is found anew
 */
export function startPipeline(
  studyStore: StudyStore,
  analysisStore: AnalysisStore,
  demandStore: DemandStore,
  fitClient: Client<FitMethods>,
  optimumClient: Client<OptimumMethods>,
  answers: AnswerMemory | null = null,
): () => void {
  let loadedStudy = '';
  let loadedRevision = '';
  let fitting: { key: string; abort: AbortController } | null = null;
  let measuring: AbortController | null = null;
  let solving: AbortController | null = null;
  let solvedInputs: readonly unknown[] = [];
  let stopped = false;
  let hasPreparedOptimum = analysisStore.getState().optimum.report !== null;
  /** What the recalled answer on view was found for; empty = there is none. */
  let recalledKey = '';
  /** The last answer in full, and what it was found for. */
  let found: { readonly session: Session; readonly report: OptimumReport } | null = null;
  let kept: Pick<OptimumState, 'report' | 'advice' | 'correction'> | null = null;

  function setFit(key: string, state: FitState): void {
    analysisStore.setState((analysis) => ({ fits: withEntry(analysis.fits, key, state) }));
  }

  function patchOptimum(change: Partial<OptimumState>): void {
    analysisStore.setState((analysis) => ({ optimum: { ...analysis.optimum, ...change } }));
  }

  /**
   * Sends the current data to the worker, and discards results of other data except the optimum of the same
   * study.
   */
  function loadData({ study }: Session, revision: string): void {
    const isFirst = loadedRevision === '';
    loadedRevision = revision;
    fitting?.abort.abort();
    measuring?.abort();
    measuring = null;
    solving?.abort();
    solvedInputs = [];
    if (!isFirst) {
      hasPreparedOptimum = false;
      const { fits, interactions } = emptyAnalysis;
      analysisStore.setState({ fits, interactions });
    }
    const { targets, training, testSets } = study;
    fitClient.call('load', { revision, targets, training, testSets }).catch((error: unknown) => {
      if (revision === loadedRevision) {
        patchOptimum({ status: 'failed', failure: failureOf(error) });
      }
    });
  }

  /** Switches to another study, perhaps of the same data, whose optimum has yet to be found. */
  function showStudy(session: Session): void {
    if (loadedStudy !== '') {
      solving?.abort();
      solving = null;
      solvedInputs = [];
      found = null;
      hasPreparedOptimum = false;
      const answer = answers?.recall(session) ?? null;
      recalledKey = answer ? answerKey(session) : '';
      analysisStore.setState(({ fits }) => ({
        // A prerendered report would have the optimum wait for its model; the preliminary one is faster.
        fits: answer ? fits : withModels(fits),
        optimum: { ...emptyAnalysis.optimum, ...answer, isRecalled: answer !== null },
      }));
    }
    loadedStudy = session.study.id;
  }

  /** Keeps the latest answer in full for the next visit, once nothing is being dragged. */
  function keepAnswer(): void {
    const { optimum } = analysisStore.getState();
    const { report, solved, advice, status } = optimum;
    // One of other limits is no part of this answer.
    const correction = optimum.correction?.asked === solved?.asked ? optimum.correction : null;
    if (!answers || !found || found.report !== report || !solved || status !== 'ready') return;
    const { session, gesture } = studyStore.getState();
    // Only a saved study is opened again; the one that the page comes with must not displace its answer.
    if (gesture !== null || session.document === undefined) return;
    if (session.study.id !== found.session.study.id) return;
    const answer = { report, solved, advice, correction };
    if (
      kept?.report === report &&
      kept.advice === advice &&
      kept.correction?.at === correction?.at
    ) {
      return;
    }
    kept = answer;
    answers.keep(found.session, answer);
  }

  /**
   * Measures interactions. Cancelled when no panel is near, or when a visible fit needs the worker; restarted
   * after that fit.
   */
  function measure(): void {
    if (measuring || analysisStore.getState().interactions.status !== 'pending') return;
    const abort = new AbortController();
    const revision = loadedRevision;
    measuring = abort;
    const set = (interactions: InteractionsState) => {
      if (revision === loadedRevision) analysisStore.setState({ interactions });
    };
    fitClient
      .call(
        'interactions',
        { revision },
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
    const { demands } = demandStore.getState();
    const wanted = neededFits(session, demands);
    const next = wanted.find(({ key, needsModel }) => {
      const state = analysisStore.getState().fits.get(key);
      if (!state || state.status === 'fitting') return true;
      // A prerendered report has no model yet.
      return needsModel && state.status === 'done' && state.model === null;
    });
    if (!next?.isUrgent && demands.some(({ kind }) => kind === 'interactions')) measure();
    else {
      measuring?.abort();
      measuring = null;
    }
    if (fitting && fitting.key === next?.key) return;
    fitting?.abort.abort();
    fitting = null;
    if (next) startFit(session, next);
    else discardUnneeded(wanted);
  }

  /** Discards fits that nothing shows any more, as a change of the seed leaves behind. */
  function discardUnneeded(wanted: readonly NeededFit[]): void {
    const { fits } = analysisStore.getState();
    if (fits.size <= maxFits) return;
    const keys = new Set(wanted.map(({ key }) => key));
    analysisStore.setState({ fits: new Map([...fits].filter(([key]) => keys.has(key))) });
  }

  function startFit(session: Session, { key, target, regressor }: NeededFit): void {
    const abort = new AbortController();
    fitting = { key, abort };
    const known = analysisStore.getState().fits.get(key);
    // A prerendered report stays visible meanwhile.
    const prepared = known?.status === 'done' ? known : null;
    const startedAt = performance.now();
    if (!prepared) setFit(key, { status: 'fitting', progress: null, startedAt });
    const revision = loadedRevision;
    const request = {
      revision,
      target,
      regressor,
      options: fitOptions(session.settings),
      imported: regressor === 'imported' ? importedModel(session.study, target)?.model : undefined,
    };
    const settle = (state: FitState | null) => {
      if (fitting?.abort === abort) fitting = null;
      // Cancelled, and begun again since.
      else if (fitting?.key === key) return;
      if (revision !== loadedRevision) return;
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
          if (error instanceof CancelledError) settle(prepared);
          else settle({ status: 'failed', ...failureOf(error) });
        },
      );
  }

  function solve(): void {
    const { session } = studyStore.getState();
    const { study, settings } = session;
    const { fits: known } = analysisStore.getState();
    if (recalledKey !== '' && answerKey(session) !== recalledKey) recalledKey = '';
    // The preliminary fit is no better than an answer that is known already.
    const active = recalledKey === '' ? activeModels(session, known) : chosenModels(session, known);
    const { models, failed } = active;
    const solved = questionOf(session, active);
    const inputs = [
      solved.key,
      ...(models ?? []),
      failed,
      settings.objective,
      settings.constraints,
      settings.engine,
      settings.samples,
      settings.topK,
      study.training,
      study.prior,
      study.human,
      settings.yours,
    ];
    const isSame = inputs.length === solvedInputs.length;
    if (isSame && inputs.every((input, index) => input === solvedInputs[index])) return;
    solvedInputs = inputs;
    solving?.abort();
    solving = null;

    const bounds = boundsOf(settings.constraints, study);
    const feasibility = feasibilityOf(bounds, settings.constraints, study.domains);
    const { optimum } = analysisStore.getState();
    // A mixture found for other targets or by another fit must not be shown under these names. One for the
    // same question from earlier runs may, and is marked as such.
    const { pinCosts } = emptyAnalysis.optimum;
    const nothing = {
      report: null,
      solved: null,
      advice: null,
      isRecalled: false,
      refinement: null,
      pinCosts,
    };
    const { solved: before } = optimum;
    const isFormer = before?.question === solved.question && before.revision !== solved.revision;
    const former = isFormer || before?.key === solved.key ? {} : nothing;
    const waiting = { feasibility, progress: null, failure: null };
    if (!feasibility.feasible) {
      patchOptimum({ ...waiting, ...former, status: 'infeasible' });
      return;
    }
    if (failed) {
      const { message, advice } = failed;
      patchOptimum({ ...waiting, ...nothing, status: 'failed', failure: { message, advice } });
      return;
    }
    if (!models) {
      patchOptimum({ ...waiting, ...former, status: 'waiting' });
      return;
    }
    const abort = new AbortController();
    solving = abort;
    // Until the fit is done, the only result is the one for other limits.
    const status = optimum.status === 'waiting' ? 'waiting' : 'simulating';
    patchOptimum({ feasibility, status, failure: null });
    const problem = problemOf(session, active.key, models);
    const engines = enginesFor(settings.engine, problem.objective);
    // A prerendered optimum must not be replaced by a rougher one on the way to the same result.
    const needed = hasPreparedOptimum ? engines.slice(-1) : engines;
    hasPreparedOptimum = false;
    const show = (report: OptimumReport, isLast: boolean) => {
      if (solving !== abort) return;
      const { fits } = analysisStore.getState();
      recalledKey = '';
      found = isLast && !solved.isPreliminary ? { session, report } : null;
      patchOptimum({
        report,
        isRecalled: false,
        solved,
        advice: adviceFor(session, fits, solved, problem.objective, report),
        refinement: refinementBy(analysisStore.getState().optimum, report, solved),
        status: isLast ? 'ready' : 'searching',
        progress: null,
      });
    };
    solveInTurn(problem, needed, bounds, settings.topK, abort, show)
      .then((report) => pricePins(problem, session, report, needed.slice(-1)[0], abort))
      .catch((error: unknown) => {
        if (error instanceof CancelledError || solving !== abort) return;
        patchOptimum({ status: 'failed', progress: null, failure: failureOf(error) });
      });
  }

  /** What each pin costs, once the optimum with all of them is known. */
  async function pricePins(
    problem: OptimumProblem,
    session: Session,
    { optimum }: OptimumReport,
    engine: EngineId,
    abort: AbortController,
  ): Promise<void> {
    const { settings } = session;
    const isPriced = optimum.engine !== 'paper' && settings.objective.seek === 'best';
    const pins = isPriced ? pinsOf(session) : [];
    const { key } = problem;
    const { topK } = settings;
    const { weights } = optimum;
    const pinCosts =
      pins.length === 0
        ? emptyAnalysis.optimum.pinCosts
        : await optimumClient.call(
            'pinCosts',
            { key, engine, topK, weights, pins },
            { signal: abort.signal },
          );
    if (solving === abort && analysisStore.getState().optimum.pinCosts !== pinCosts) {
      patchOptimum({ pinCosts });
    }
  }

  async function solveInTurn(
    problem: OptimumProblem,
    engines: readonly EngineId[],
    bounds: Bounds,
    topK: number,
    abort: AbortController,
    show: (report: OptimumReport, isLast: boolean) => void,
  ): Promise<OptimumReport> {
    const { signal } = abort;
    if (problem.key !== preparedKey) {
      // A cancelled preparation leaves the worker without any.
      preparedKey = '';
      await optimumClient.call('prepare', problem, {
        signal,
        onProgress: (progress) => {
          if (solving === abort) patchOptimum({ progress });
        },
      });
      preparedKey = problem.key;
    }
    const ask = (engine: EngineId) =>
      optimumClient.call('solve', { key: problem.key, engine, topK, bounds }, { signal });
    for (const engine of engines.slice(0, -1)) show(await ask(engine), false);
    const last = await ask(engines[engines.length - 1]);
    show(last, true);
    return last;
  }
  let preparedKey = '';

  function update(): void {
    if (stopped) return;
    const { session } = studyStore.getState();
    const { study } = session;
    if (study.id !== loadedStudy) showStudy(session);
    const revision = revisionOf(study);
    if (revision !== loadedRevision) loadData(session, revision);
    fitNext();
    solve();
    keepAnswer();
  }

  const unsubscribe = [
    studyStore.subscribe(update),
    demandStore.subscribe(fitNext),
    analysisStore.subscribe(keepAnswer),
  ];
  update();
  return () => {
    stopped = true;
    for (const each of unsubscribe) each();
    fitting?.abort.abort();
    measuring?.abort();
    solving?.abort();
  };
}

/**
 * How far the accurate fit moved the mixture of the preliminary one; retained while later mixtures are by
 * that fit under the same limits.
 */
function refinementBy(
  before: OptimumState,
  report: OptimumReport,
  { regressor, isPreliminary, terms, seek, revision, asked }: Solved,
): OptimumState['refinement'] {
  if (!before.report || !before.solved || isPreliminary) return null;
  if (before.solved.revision !== revision) return null;
  if (!before.solved.isPreliminary) {
    const isSame = before.solved.regressor === regressor && before.solved.asked === asked;
    return isSame ? before.refinement : null;
  }
  const isSameQuestion =
    before.solved.seek === seek && JSON.stringify(before.solved.terms) === JSON.stringify(terms);
  if (!isSameQuestion) return null;
  const moved = totalVariation(before.report.optimum.weights, report.optimum.weights);
  return { from: before.solved.regressor, moved };
}

/** Pins priced at most: each takes a search of its own. */
const maxPriced = 12;

/** Every pin with the bounds that remain without it; without those that no mixture could do without. */
function pinsOf({ study, settings }: Session): { domain: number; wider: Bounds }[] {
  const { constraints } = settings;
  return constraints.locked
    .flatMap((weight, domain) => (weight === null ? [] : [domain]))
    .slice(0, maxPriced)
    .flatMap((domain) => {
      const locked = constraints.locked.map((weight, each) => (each === domain ? null : weight));
      const free = { ...constraints, locked };
      const wider = boundsOf(free, study);
      return feasibilityOf(wider, free, study.domains).feasible ? [{ domain, wider }] : [];
    });
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

/** Fits without those whose model is yet to be made. */
function withModels(fits: ReadonlyMap<string, FitState>): ReadonlyMap<string, FitState> {
  return new Map([...fits].filter(([, fit]) => fit.status !== 'done' || fit.model !== null));
}

function failureOf(error: unknown): Failure {
  if (error instanceof RemoteError) return { message: error.message, advice: error.advice };
  const message = error instanceof Error ? error.message : String(error);
  return { message, advice: 'Reload the page; your files are unchanged.' };
}
