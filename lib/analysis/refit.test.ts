import { afterEach, describe, expect, it } from 'vitest';
import type { OptimumReport } from '../model/limits';
import type { Client } from '../rpc/client';
import { createStudyStore } from '../session/study-store';
import { openTrained, withMoreTrained } from '../study/trained';
import { begin, fine, place } from '../training/training.fixture';
import { activeModels, createAnalysisStore, emptyAnalysis } from './analysis-store';
import { createDemandStore } from './demand-store';
import type { FitMethods, OptimumMethods } from './methods';
import { startPipeline } from './pipeline';
import { questionOf } from './plan';

let stop: () => void = () => {};
afterEach(() => stop());

/** A worker that is asked and has not answered yet. */
function busyWorker<Methods extends FitMethods | OptimumMethods>(): Client<Methods> {
  return { call: () => new Promise(() => {}), close: () => {} };
}

const report: OptimumReport = {
  optimum: {
    engine: 'exact',
    score: 2,
    weights: Float64Array.of(1, 0, 0),
    predicted: 2,
    predictions: [2],
    binding: [],
    violated: [],
    notes: [],
  },
  least: [],
  prior: [3],
  human: null,
  yours: null,
  coverage: { nearest: 0, distance: 0, percentile: 0, far: false, beyond: false },
  prices: null,
  tokenPrices: null,
  cost: null,
};

function trainedSession() {
  const { job, handle } = begin(place(fine).platform, 'cpu', 4);
  handle.leave();
  const runs = (count: number) =>
    job.proxies.slice(0, count).map(({ id, mixture }) => ({
      id,
      evaluations: [{ step: 1, losses: [...mixture] }],
      curve: [],
    }));
  return { job, runs };
}

describe('more proxies of the training that the study is of', () => {
  it('leave the study the one that it is, and its last optimum on view', () => {
    const { job, runs } = trainedSession();
    const studyStore = createStudyStore(openTrained(job, runs(8)));
    const analysis = createAnalysisStore(emptyAnalysis);
    stop = startPipeline(studyStore, analysis, createDemandStore(), busyWorker(), busyWorker());
    const { session } = studyStore.getState();
    const solved = questionOf(session, activeModels(session, new Map()));
    analysis.setState(({ optimum }) => ({
      optimum: { ...optimum, report, solved, status: 'ready' },
    }));
    studyStore.follow((before) => withMoreTrained(before, job, runs(9)));
    expect(studyStore.getState().session.study.id).toBe(session.study.id);
    expect(studyStore.getState().session.study.training.ids).toHaveLength(9);
    expect(analysis.getState().optimum).toMatchObject({ report, solved, status: 'waiting' });
    // Another question has no answer yet.
    studyStore.editSettings({ target: 'dogs' });
    expect(analysis.getState().optimum).toMatchObject({ report: null, solved: null });
  });
});
