import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWorkerClient, type WorkerLike } from '../browser/worker-client';
import { revisionOf } from '../study/identity';
import { smallSession } from '../study/session.fixture';
import { createExploreClient } from './explore-client';
import type { ExploreMethods } from './methods';

afterEach(() => {
  vi.useRealTimers();
});

describe('explorations', () => {
  it('go on with a new worker, which knows the study, after the first has died', async () => {
    vi.useFakeTimers();
    const asked: string[][] = [];
    const explore = createExploreClient(() =>
      createWorkerClient<ExploreMethods>(
        () => {
          const own: string[] = [];
          asked.push(own);
          const worker: WorkerLike = {
            postMessage(message) {
              const { id, method } = message as { id: number; method: string };
              own.push(method);
              // The first dies of its first question.
              queueMicrotask(() => {
                if (asked.length > 1 || method === 'load') {
                  worker.onmessage?.({
                    data: { kind: 'result', id, result: null },
                  } as MessageEvent);
                } else {
                  worker.onerror?.(Object.assign(new Event('error')) as ErrorEvent);
                }
              });
            },
            terminate: () => {},
            onmessage: null,
            onmessageerror: null,
            onerror: null,
          };
          queueMicrotask(() => worker.onmessage?.({ data: { kind: 'ready' } } as MessageEvent));
          return worker;
        },
        { stateful: ['load'] },
      ),
    );
    const { study } = smallSession();
    const answer = explore.call(study, 'rankAgreement', {
      revision: revisionOf(study),
      target: 'a',
      seed: 1,
    });
    await vi.advanceTimersByTimeAsync(15_000);
    await expect(answer).resolves.toBeNull();
    expect(asked).toEqual([
      ['load', 'rankAgreement'],
      ['load', 'rankAgreement'],
    ]);
    explore.close();
  });
});
