import { describe, expect, it } from 'vitest';
import { type Job, runJob } from '../model/job';
import { recentCache } from '../model/recent';
import type { Assessment } from '../model/regressor';
import { revisionOf } from '../study/identity';
import { smallSession } from '../study/session.fixture';
import { createFitHandlers } from './fit-handlers';

describe('the fit worker', () => {
  it('holds no more assessments than it may, and none of former data', () => {
    const { study } = smallSession();
    const known = recentCache<Assessment>(3);
    const handlers = createFitHandlers(known);
    const { signal } = new AbortController();
    // All of its jobs go on by themselves.
    const run = <Value>(job: unknown) => runJob(job as Job<Value>);
    const load = (training: typeof study.training) => {
      const { targets, testSets } = study;
      const revision = revisionOf({ ...study, training });
      run(handlers.load({ revision, targets, training, testSets }, signal));
      return revision;
    };
    const revision = load(study.training);
    const request = { revision, target: 'loss', regressor: 'ols' } as const;
    for (let seed = 1; seed <= 5; seed++) {
      run(handlers.assess({ ...request, options: { seed } }, signal));
    }
    expect(known.size()).toBe(3);
    const other = load({ ...study.training, name: 'other' });
    expect(other).not.toBe(revision);
    expect(known.size()).toBe(0);
    expect(() => run(handlers.assess({ ...request, options: { seed: 1 } }, signal))).toThrow(
      'The runs have changed since.',
    );
  });
});

describe('a cache of recently used values', () => {
  it('discards the least recently used value', () => {
    const cache = recentCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  });
});
