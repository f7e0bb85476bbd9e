import { describe, expect, it } from 'vitest';
import { type Job, runJob } from '../model/job';
import { createSolver, prepareParts } from '../optimum/solver';
import { CancelledError, type Client } from '../rpc/client';
import type { Session } from '../session/study-store';
import { openTrained } from '../study/trained';
import { begin, fine, place } from '../training/training.fixture';
import { createFitHandlers } from './fit-handlers';
import type { FitMethods, OptimumMethods, OptimumProblem } from './methods';
import {
  askedFor,
  courseOf,
  lastMove,
  type Moment,
  replayMoments,
  replaySizes,
  withMoment,
} from './moments';

const moment = (runs: number, part: Partial<Moment> = {}): Moment => ({
  job: 'job',
  question: 'what',
  runs,
  weights: Float64Array.of(1, 0),
  predicted: 3,
  rho: 0.5,
  p: 0.01,
  ...part,
});

describe('the moments of a training', () => {
  it('are one for each number of runs, the latest fit’s, in ascending order', () => {
    let all: Moment[] = [];
    for (const runs of [8, 16, 12]) all = withMoment(all, moment(runs));
    all = withMoment(all, moment(16, { predicted: 2 }));
    expect(courseOf(all, 'job', 'what').map(({ runs }) => runs)).toEqual([8, 12, 16]);
    expect(courseOf(all, 'job', 'what').at(-1)?.predicted).toBe(2);
  });

  it('are kept apart by training and by question', () => {
    const others = [moment(8, { job: 'other' }), moment(8, { question: 'else' })];
    const all = [moment(8), ...others].reduce<Moment[]>(withMoment, []);
    expect(courseOf(all, 'job', 'what')).toEqual([moment(8)]);
    expect(courseOf(all, 'job', 'else')).toEqual([others[1]]);
  });

  it('tell which weight moved most over the last quarter of the runs', () => {
    const course = [
      moment(8, { weights: Float64Array.of(1, 0, 0) }),
      moment(12, { weights: Float64Array.of(0.5, 0.3, 0.2) }),
      moment(15, { weights: Float64Array.of(0, 1, 0) }),
      moment(16, { weights: Float64Array.of(0.4, 0.2, 0.4) }),
    ];
    expect(lastMove(course)).toEqual({ runs: 4, domain: 2, from: 0.2, to: 0.4 });
    expect(lastMove(course.slice(0, 1))).toBeNull();
    expect(lastMove(course.slice(2))).toBeNull();
    expect(lastMove([])).toBeNull();
  });

  it('are of another question under other limits, and of the same by another regressor', () => {
    const { settings } = trained(8);
    const { constraints } = settings;
    const tighter = { ...constraints, max: settings.constraints.availableTokens.map(() => 0.5) };
    expect(askedFor({ settings: { ...settings, regressor: 'ols' } })).toBe(askedFor({ settings }));
    expect(askedFor({ settings: { ...settings, constraints: tighter } })).not.toBe(
      askedFor({ settings }),
    );
  });

  it('are found again for some numbers of runs, the last for all', () => {
    expect(replaySizes(64, 10)).toHaveLength(12);
    expect(replaySizes(64, 10)[0]).toBe(10);
    expect(replaySizes(64, 10).at(-1)).toBe(64);
    expect(replaySizes(9, 5)).toEqual([8, 9]);
    expect(replaySizes(8, 5)).toEqual([8]);
    expect(replaySizes(7, 5)).toEqual([]);
  });
});

/** A study of so many finished proxies, each better the more of its first domain it read. */
function trained(count: number): Session {
  const { job, handle } = begin(place(fine).platform, 'cpu', 1);
  handle.leave();
  const runs = job.proxies.slice(0, count).map(({ id, mixture }) => ({
    id,
    evaluations: [{ step: 1, losses: mixture.map((weight) => 3 - weight) }],
    curve: [],
  }));
  const session = openTrained(job, runs);
  return { ...session, settings: { ...session.settings, regressor: 'ridge' } };
}

/** Workers in this thread. */
function workers() {
  const handlers = createFitHandlers();
  const loaded: number[] = [];
  let problem: OptimumProblem | null = null;
  const answer = async (work: unknown) => runJob(work as Job<never>);
  const none = new AbortController().signal;
  const fit: Client<FitMethods> = {
    call: (method, request) => {
      if (method === 'load')
        loaded.push((request as FitMethods['load']['request']).training.ids.length);
      return answer(handlers[method](request as never, none));
    },
    close: () => {},
  };
  const optimum: Client<OptimumMethods> = {
    call: (async (method: string, request: never) => {
      if (method === 'prepare') {
        problem = request;
        return null;
      }
      if (!problem) throw new Error('nothing is prepared');
      const { engine, bounds, topK } = request as OptimumMethods['solve']['request'];
      const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
      return runJob(solver.solve(engine, bounds, topK));
    }) as Client<OptimumMethods>['call'],
    close: () => {},
  };
  return { fit, optimum, loaded };
}

describe('a replay', () => {
  it('fits the first runs alone, then more of them, and ends with the optimum from all', async () => {
    const session = trained(12);
    const { fit, optimum, loaded } = workers();
    const seen: [number, number][] = [];
    const found: Moment[] = [];
    await replayMoments(
      session,
      'job',
      { fit, optimum },
      (each, left) => {
        seen.push([each.runs, left]);
        found.push(each);
      },
      new AbortController().signal,
    );
    expect(loaded).toEqual([8, 9, 10, 11, 12]);
    expect(seen).toEqual([
      [8, 4],
      [9, 3],
      [10, 2],
      [11, 1],
      [12, 0],
    ]);
    for (const { weights, rho, p, question } of found) {
      expect(p).toBeLessThan(0.05);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
      expect(rho).toBeGreaterThan(0.5);
      expect(question).toBe(askedFor(session));
      // The first domain's target is best where that weighs most.
      expect(weights[0]).toBe(Math.max(...weights));
    }
  });

  it('ends when it is stopped', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const replayed = replayMoments(
      trained(12),
      'job',
      workers(),
      ({ runs }) => {
        seen.push(runs);
        abort.abort();
      },
      abort.signal,
    );
    await expect(replayed).rejects.toThrow(CancelledError);
    expect(seen).toEqual([8]);
  });
});
