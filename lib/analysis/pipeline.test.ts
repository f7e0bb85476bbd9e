import { afterEach, describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows } from '../model/matrix';
import type { RegressorId } from '../model/regressor';
import { defaultSettings } from '../model/settings';
import type { Study } from '../model/study';
import { boundsOf } from '../optimum/constraints';
import { createSolver, prepareParts } from '../optimum/solver';
import { assessStudy } from '../regression/assess';
import { measureInteractions } from '../regression/interactions';
import { regressors } from '../regression/regressors';
import { CancelledError, type Client, RemoteError } from '../rpc/client';
import { createStudyStore, type Session } from '../session/study-store';
import { activeFit, createAnalysisStore, emptyAnalysis } from './analysis-store';
import { createDemandStore, type Demand } from './demand-store';
import { createAnswerMemory } from './kept-answer';
import { fitKey } from './keys';
import type { FitMethods, OptimumMethods, OptimumProblem } from './methods';
import { startPipeline } from './pipeline';

function makeStudy(id: string, rows: number): Study {
  const weights = Array.from({ length: rows }, (_, run) => ((run * 7) % rows) / (rows - 1));
  return {
    version: 1,
    id,
    name: id,
    source: { kind: 'files', detail: 'made for a test' },
    domains: [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ],
    targets: [
      { id: 'first', name: 'First', unit: '', direction: 'lower' },
      { id: 'second', name: 'Second', unit: '', direction: 'higher' },
    ],
    training: {
      name: 'training',
      ids: weights.map((_, run) => String(run)),
      mixtures: fromRows(weights.map((a) => [a, 1 - a])),
      losses: fromRows(weights.map((a) => [3 - a, a * a])),
    },
    testSets: [],
    prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
    human: null,
  };
}

/** Workers that answer in this thread, one call at a time like the real ones, and log their requests. */
function fakeWorkers() {
  const asked: string[] = [];
  let study: Study | null = null;
  let problem: OptimumProblem | null = null;
  const queues: Promise<unknown>[] = [];
  let refuse: string | null = null;
  let interrupted = false;

  function call(method: string, request: never, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) throw new CancelledError('Cancelled.');
    asked.push(method);
    if (refuse === method) {
      const payload = { name: 'StageError', stage: 'regression', message: 'No.', advice: 'Stop.' };
      throw new RemoteError(payload);
    }
    const handlers: Record<string, () => unknown> = {
      load: () => {
        study = request;
        return null;
      },
      assess: () => {
        const { target, regressor, options } = request as FitMethods['assess']['request'];
        asked[asked.length - 1] = `assess ${target} ${regressor}`;
        if (!study) throw new Error('nothing is loaded');
        return runJob(assessStudy(study, target, regressor, { ...options, rounds: 20 }));
      },
      interactions: () => study && runJob(measureInteractions(study.training, study.targets)),
      prepare: () => {
        problem = null;
        if (interrupted) throw new CancelledError('Cancelled.');
        problem = request;
        return null;
      },
      solve: () => {
        const { engine, bounds, topK } = request as OptimumMethods['solve']['request'];
        asked[asked.length - 1] = `solve ${engine}`;
        if (!problem) throw new Error('nothing is prepared');
        const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
        return runJob(solver.solve(engine, bounds, topK));
      },
      pinCosts: () => {
        const { engine, weights, topK, pins } = request as OptimumMethods['pinCosts']['request'];
        if (!problem) throw new Error('nothing is prepared');
        const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
        return new Map(
          pins.map(({ domain, wider }) => [
            domain,
            runJob(solver.costAgainst(engine, weights, wider, topK)),
          ]),
        );
      },
    };
    return handlers[method]();
  }

  /** The mean takes longer than finding an optimum does. */
  async function take(method: string, request: never): Promise<void> {
    if (method !== 'assess') return;
    const { regressor } = request as FitMethods['assess']['request'];
    const turns = regressor === 'mean' ? 8 : 0;
    for (let turn = 0; turn < turns; turn++) await new Promise((done) => setImmediate(done));
  }

  function client<Methods extends FitMethods | OptimumMethods>(): Client<Methods> {
    const own = queues.push(Promise.resolve()) - 1;
    return {
      call: (method, request, options) => {
        const answer = queues[own]
          .then(() => take(method, request as never))
          .then(() => call(method, request as never, options?.signal));
        queues[own] = answer.catch(() => undefined);
        return answer as never;
      },
      close: () => {},
    };
  }
  return {
    asked,
    fit: client<FitMethods>(),
    optimum: client<OptimumMethods>(),
    refuse: (method: string) => {
      refuse = method;
    },
    /** Makes preparations stop half-way, as a newer request does. */
    interrupt: (value: boolean) => {
      interrupted = value;
    },
    /** Waits until no call is left. */
    async settle() {
      for (let quiet = 0; quiet < 5; ) {
        const before = asked.length;
        await Promise.all(queues);
        await new Promise((resolve) => setImmediate(resolve));
        quiet = asked.length === before ? quiet + 1 : 0;
      }
    },
  };
}

let stop: () => void = () => {};
afterEach(() => stop());

/** @param kept texts of answers, the latest last */
function start(
  study: Study,
  refuse?: string,
  regressor: RegressorId = 'law',
  { kept = [], document }: { kept?: (string | null)[]; document?: string } = {},
) {
  const workers = fakeWorkers();
  if (refuse) workers.refuse(refuse);
  const settings = { ...defaultSettings(study), regressor, samples: 200, topK: 8 };
  const session = { study, settings, document };
  const studyStore = createStudyStore(session);
  const analysis = createAnalysisStore(emptyAnalysis);
  const demand = createDemandStore();
  const answers = createAnswerMemory({
    get: () => kept.at(-1) ?? null,
    set: (text) => kept.push(text),
  });
  stop = startPipeline(studyStore, analysis, demand, workers.fit, workers.optimum, answers);
  return { workers, studyStore, analysis, demand, session };
}

describe('the pipeline', () => {
  const fitsOf = (asked: readonly string[]) =>
    asked.filter((entry) => entry.startsWith('assess') || entry === 'interactions');

  it('fits what the current optimum needs, and nothing for panels that are not near', async () => {
    const { workers, analysis } = start(makeStudy('one', 40), undefined, 'mean');
    await workers.settle();
    expect(fitsOf(workers.asked)).toEqual(['assess first law', 'assess first mean']);
    expect(analysis.getState().optimum.status).toBe('ready');
    expect(analysis.getState().interactions.status).toBe('pending');
  });

  it.each([
    ['rivals', regressors.filter((each) => !each.stopsOnTestSet).map(({ id }) => `first ${id}`)],
    ['targets', ['first law', 'second law']],
    ['laws', ['first law', 'second law']],
  ] as const)('fits %s once while a panel is near that shows them', async (kind, expected) => {
    const { workers, demand } = start(makeStudy('one', 40));
    await workers.settle();
    for (let time = 0; time < 2; time++) {
      const leave = [demand.request({ kind }), demand.request({ kind })];
      await workers.settle();
      for (const each of leave) each();
      await workers.settle();
    }
    const asked = fitsOf(workers.asked);
    expect([...asked].sort()).toEqual(expected.map((fit) => `assess ${fit}`).sort());
    expect(asked[0]).toBe('assess first law');
    expect(demand.getState().demands).toEqual([]);
  });

  it('cancels what was begun for a panel that the reader has left, and begins it again', async () => {
    const { workers, analysis, demand } = start(makeStudy('one', 40));
    await workers.settle();
    const want = () => demand.request({ kind: 'model', target: 'second' });
    const fitting = () => [...analysis.getState().fits.values()].map(({ status }) => status);
    const leave = want();
    expect(fitting()).toEqual(['done', 'fitting']);
    leave();
    await workers.settle();
    expect(fitsOf(workers.asked)).toEqual(['assess first law']);
    expect(fitting()).toEqual(['done']);
    // Left and come back to before the worker has said that it stopped.
    want()();
    const states: (string | undefined)[] = [];
    want();
    const stopWatching = analysis.subscribe(() => states.push(fitting()[1]));
    await workers.settle();
    stopWatching();
    expect(fitsOf(workers.asked)).toEqual(['assess first law', 'assess second law']);
    expect(new Set(states)).toEqual(new Set(['done']));
  });

  it('prices a pin against the optimum without it, and forgets the price with the pin', async () => {
    const { workers, studyStore, analysis, session } = start(makeStudy('one', 40));
    await workers.settle();
    const free = analysis.getState().optimum;
    expect(free.pinCosts.size).toBe(0);
    const { constraints } = session.settings;
    studyStore.editSettings({ constraints: { ...constraints, locked: [0.4, null] } });
    await workers.settle();
    const pinned = analysis.getState().optimum;
    const loss = (pinned.report?.optimum.score ?? 0) - (free.report?.optimum.score ?? 0);
    expect(loss).toBeGreaterThan(0.01);
    expect(pinned.pinCosts.get(0)).toBeCloseTo(loss, 8);
    studyStore.undo();
    await workers.settle();
    expect(analysis.getState().optimum.pinCosts.size).toBe(0);
  });

  it('has no price for a pin without which no mixture meets the limits', async () => {
    const { workers, studyStore, analysis, session } = start(makeStudy('one', 40));
    const { constraints } = session.settings;
    const limits = { ...constraints, max: [0.2, 0.3], locked: [0.7, null] };
    studyStore.editSettings({ constraints: limits });
    await workers.settle();
    expect(analysis.getState().optimum).toMatchObject({ status: 'ready', pinCosts: new Map() });
  });

  it('fits the targets of an objective, whatever panel is near', async () => {
    const { workers, studyStore } = start(makeStudy('one', 40));
    const { objective } = studyStore.getState().session.settings;
    const weights = { first: 1, second: 1 };
    studyStore.editSettings({ objective: { ...objective, kind: 'weighted', weights } });
    await workers.settle();
    expect(fitsOf(workers.asked)).toEqual(['assess first law', 'assess second law']);
  });

  it('fits what is on view first, then its rivals, then the other targets', async () => {
    const { workers, analysis, demand } = start(makeStudy('one', 40));
    const kinds: readonly Demand['kind'][] = ['interactions', 'laws', 'rivals'];
    for (const kind of kinds) demand.request({ kind } as Demand);
    await workers.settle();
    const fits = workers.asked.filter((entry) => entry.startsWith('assess'));
    const rivals = regressors.filter(({ id, stopsOnTestSet }) => id !== 'law' && !stopsOnTestSet);
    expect(fits).toEqual([
      'assess first law',
      ...rivals.map(({ id }) => `assess first ${id}`),
      'assess second law',
    ]);
    const state = analysis.getState();
    expect([...state.fits.values()].map(({ status }) => status)).toEqual(fits.map(() => 'done'));
    expect(state.interactions.status).toBe('done');
    expect(state.optimum.status).toBe('ready');
    expect(state.optimum.report?.optimum.weights[0]).toBeGreaterThan(0.8);
  });

  it('answers a new limit by trees with a simulation, then refines it, without fitting again', async () => {
    const { workers, studyStore, analysis } = start(makeStudy('one', 40), undefined, 'gbdt');
    await workers.settle();
    workers.asked.length = 0;
    studyStore.edit((session) => {
      const constraints = { ...session.settings.constraints, max: [0.25, null] };
      return { ...session, settings: { ...session.settings, constraints } };
    });
    await workers.settle();
    expect(workers.asked).toEqual(['solve simulation', 'solve search']);
    const { report } = analysis.getState().optimum;
    expect(report?.optimum.weights[0]).toBeCloseTo(0.25, 9);
    expect(report?.optimum.binding).toContain(0);
  });

  it('calls a mixture outdated from the edit until the fit that limits wait for has given another', async () => {
    const study = makeStudy('one', 40);
    const { workers, studyStore, analysis } = start(study);
    await workers.settle();
    const statuses = new Set<string>();
    const stopWatching = analysis.subscribe(({ optimum }) => {
      if ((optimum.report?.optimum.weights[0] ?? 0) > 0.25 + 1e-9) statuses.add(optimum.status);
    });
    // The fit is wanted again, as that of a page that came with its report.
    analysis.setState(({ fits }) => ({
      fits: new Map(
        [...fits].filter(([key]) => key !== fitKey(study, 'first', 'law', defaultSettings(study))),
      ),
    }));
    studyStore.edit((session) => {
      const constraints = { ...session.settings.constraints, max: [0.25, null] };
      return { ...session, settings: { ...session.settings, constraints } };
    });
    await workers.settle();
    stopWatching();
    expect([...statuses]).toEqual(['ready', 'waiting']);
    expect(analysis.getState().optimum.status).toBe('ready');
    expect(analysis.getState().optimum.report?.optimum.weights[0]).toBeCloseTo(0.25, 9);
  });

  it('answers only the newest of many limits in full', async () => {
    const { workers, studyStore, analysis } = start(makeStudy('one', 40));
    await workers.settle();
    workers.asked.length = 0;
    studyStore.beginGesture();
    for (let step = 1; step <= 20; step++) {
      studyStore.edit((session) => {
        const constraints = { ...session.settings.constraints, max: [step / 50, null] };
        return { ...session, settings: { ...session.settings, constraints } };
      });
    }
    studyStore.endGesture();
    await workers.settle();
    expect(workers.asked.filter((entry) => entry === 'solve exact')).toHaveLength(1);
    expect(analysis.getState().optimum.report?.optimum.weights[0]).toBeCloseTo(0.4, 9);
  });

  it('asks no worker about limits that no mixture meets, and keeps the last mixture', async () => {
    const { workers, studyStore, analysis } = start(makeStudy('one', 40));
    await workers.settle();
    const before = analysis.getState().optimum.report;
    workers.asked.length = 0;
    studyStore.edit((session) => {
      const constraints = { ...session.settings.constraints, max: [0.2, 0.3] };
      return { ...session, settings: { ...session.settings, constraints } };
    });
    await workers.settle();
    expect(workers.asked).toEqual([]);
    const { status, feasibility, report } = analysis.getState().optimum;
    expect(status).toBe('infeasible');
    expect(feasibility.feasible).toBe(false);
    expect(report).toBe(before);
    studyStore.undo();
    await workers.settle();
    expect(analysis.getState().optimum.status).toBe('ready');
  });

  it('follows the target: its own direction, its own fit', async () => {
    const { workers, studyStore, analysis } = start(makeStudy('one', 40));
    await workers.settle();
    studyStore.editSettings({ target: 'second' });
    await workers.settle();
    const { optimum } = analysis.getState();
    expect(optimum.status).toBe('ready');
    const best = optimum.report?.optimum;
    expect(best?.predicted).toBeGreaterThan(optimum.report?.prior[0] ?? Number.NaN);
  });

  it('prepares again after a preparation that was stopped half-way', async () => {
    const { workers, studyStore, analysis } = start(makeStudy('one', 40));
    await workers.settle();
    workers.interrupt(true);
    studyStore.editSettings({ target: 'second' });
    await workers.settle();
    workers.interrupt(false);
    studyStore.editSettings({ target: 'first' });
    await workers.settle();
    expect(analysis.getState().optimum).toMatchObject({ status: 'ready', failure: null });
  });

  it('shows the law while the accurate fit is made, then lets it take over with a note', async () => {
    const { workers, studyStore, analysis, session } = start(
      makeStudy('one', 40),
      undefined,
      'mean',
    );
    const shown: string[] = [];
    const unsubscribe = analysis.subscribe(({ optimum }) => {
      const { solved } = optimum;
      const label = solved
        ? `${solved.regressor}${solved.isPreliminary ? ', standing in' : ''}`
        : '';
      if (label !== '' && shown.at(-1) !== label) shown.push(label);
    });
    await workers.settle();
    unsubscribe();
    expect(shown).toEqual(['law, standing in', 'mean']);
    const { refinement } = analysis.getState().optimum;
    expect(refinement?.from).toBe('law');
    expect(refinement?.moved).toBeGreaterThanOrEqual(0);
    expect(activeFit(session, analysis.getState().fits)).toMatchObject({
      regressor: 'mean',
      isPreliminary: false,
    });
    // A later mixture is by the accurate fit from the start, but the note stays.
    studyStore.editSettings({ yours: [0.5, 0.5] });
    await workers.settle();
    expect(analysis.getState().optimum.refinement?.from).toBe('law');
    expect(analysis.getState().optimum.report?.yours).toHaveLength(1);
    // Of other limits it would not be true.
    const { constraints } = studyStore.getState().session.settings;
    studyStore.editSettings({ constraints: { ...constraints, max: [0.4, 1] } });
    await workers.settle();
    expect(analysis.getState().optimum.refinement).toBeNull();
  });

  /** What a visit to a saved study keeps. */
  async function firstVisit(): Promise<(string | null)[]> {
    const kept: (string | null)[] = [];
    const { workers } = start(makeStudy('mine', 40), undefined, 'mean', {
      kept,
      document: 'mine',
    });
    await workers.settle();
    stop();
    return kept;
  }

  /** The steps of the answer after a study is opened again, as they were shown. */
  async function reopened(
    kept: (string | null)[],
    change: (session: Session) => Session = (session) => session,
  ): Promise<string[]> {
    const { workers, analysis, studyStore, session } = start(
      makeStudy('served', 30),
      undefined,
      'mean',
      { kept },
    );
    await workers.settle();
    const steps: string[] = [];
    analysis.subscribe(({ optimum: { solved, report, isRecalled, status } }) => {
      const by = solved?.isPreliminary ? 'preliminary' : 'accurate';
      const step = report ? `${by}${isRecalled ? ', recalled' : ''}, ${status}` : 'none';
      if (steps.at(-1) !== step) steps.push(step);
    });
    studyStore.open(change({ ...session, study: makeStudy('mine', 40), document: 'mine' }));
    await workers.settle();
    return steps;
  }

  it('shows the kept answer of a study that is opened again until it is found anew', async () => {
    const kept = await firstVisit();
    expect(kept).toHaveLength(1);
    const steps = await reopened([...kept]);
    expect(steps[0]).toBe('accurate, recalled, waiting');
    expect(steps.at(-1)).toBe('accurate, ready');
    expect(steps.every((step) => step.startsWith('accurate'))).toBe(true);
  });

  it('shows no kept answer where limits or runs differ, but the preliminary one', async () => {
    const kept = await firstVisit();
    const limited = (session: Session): Session => ({
      ...session,
      settings: {
        ...session.settings,
        constraints: { ...session.settings.constraints, max: [0.3, null] },
      },
    });
    const otherRuns = (session: Session): Session => ({ ...session, study: makeStudy('mine', 36) });
    for (const change of [limited, otherRuns]) {
      const steps = await reopened([...kept], change);
      expect(steps[0]).toBe('none');
      expect(steps.some((step) => step.includes('recalled'))).toBe(false);
      expect(steps).toContain('preliminary, ready');
      stop();
    }
  });

  it('optimises several targets at once, and drops the mixture when the question changes', async () => {
    const { workers, studyStore, analysis, session } = start(makeStudy('one', 40));
    await workers.settle();
    const objective = {
      ...session.settings.objective,
      kind: 'weighted' as const,
      weights: { first: 1, second: 1 },
    };
    studyStore.editSettings({ objective });
    await workers.settle();
    const { report, solved } = analysis.getState().optimum;
    expect(solved?.terms.map(({ target }) => target)).toEqual(['first', 'second']);
    expect(report?.optimum.predictions).toHaveLength(2);
    // Limits that cannot be met, and another question: the previous answer must not be shown under it.
    studyStore.edit(({ study, settings }) => ({
      study,
      settings: {
        ...settings,
        objective: session.settings.objective,
        constraints: { ...settings.constraints, max: [0.2, 0.3] },
      },
    }));
    await workers.settle();
    expect(analysis.getState().optimum).toMatchObject({
      status: 'infeasible',
      report: null,
      solved: null,
    });
  });

  it('forgets the old analysis when another study is opened', async () => {
    const { workers, studyStore, analysis } = start(makeStudy('one', 40));
    await workers.settle();
    const study = makeStudy('two', 50);
    const settings = {
      ...defaultSettings(study),
      regressor: 'law',
      samples: 200,
      topK: 8,
    } as const;
    studyStore.open({ study, settings });
    expect(analysis.getState().optimum.report).toBeNull();
    await workers.settle();
    const { fits } = analysis.getState();
    const fit = fits.get(fitKey(study, 'first', 'law', settings));
    expect(fit?.status === 'done' && fit.report.crossValidation.n).toBe(50);
    const reports = [...fits.values()].flatMap((state) =>
      state.status === 'done' ? [state.report.crossValidation.n] : [],
    );
    expect(new Set(reports)).toEqual(new Set([50]));
  });

  it('says what a worker refused, and goes on with the rest', async () => {
    const { workers, analysis, demand, session } = start(makeStudy('one', 40), 'assess');
    await workers.settle();
    const key = fitKey(session.study, 'first', 'law', session.settings);
    expect(analysis.getState().fits.get(key)).toEqual({
      status: 'failed',
      message: 'No.',
      advice: 'Stop.',
    });
    expect(analysis.getState().optimum).toMatchObject({
      status: 'failed',
      failure: { message: 'No.', advice: 'Stop.' },
    });
    expect(analysis.getState().interactions.status).toBe('pending');
    demand.request({ kind: 'interactions' });
    await workers.settle();
    expect(analysis.getState().interactions.status).toBe('done');
  });

  it('solves within the bounds of the settings it was given', async () => {
    const { workers, studyStore, analysis } = start(makeStudy('one', 40));
    studyStore.edit((session) => {
      const constraints = { ...session.settings.constraints, min: [0, 0.3], locked: [null, null] };
      return { ...session, settings: { ...session.settings, constraints } };
    });
    await workers.settle();
    const { study, settings } = studyStore.getState().session;
    const weights = analysis.getState().optimum.report?.optimum.weights;
    expect(weights?.[1]).toBeGreaterThanOrEqual(
      boundsOf(settings.constraints, study).lower[1] - 1e-9,
    );
  });
});
