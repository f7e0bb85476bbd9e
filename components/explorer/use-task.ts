'use client';

import { useEffect, useRef, useState } from 'react';
import { inWords } from '../../lib/errors';
import type { Progress } from '../../lib/job';
import { CancelledError } from '../../lib/rpc/client';
import type { Explorations } from '../../lib/store/explore-client';
import { useSession, useStores } from './stores';

/** What is known of something that the explore worker computes. */
export interface Task<Value> {
  readonly status: 'idle' | 'running' | 'done' | 'failed';
  readonly progress: Progress | null;
  /** The latest value; of an earlier request while a newer one runs. */
  readonly value: Value | null;
  /** Why it failed, in words; empty otherwise. */
  readonly problem: string;
}

const idle = { status: 'idle', progress: null, value: null, problem: '' } as const;

/**
 * Has the explore worker compute something about the study, anew whenever the key changes; an older
 * request is cancelled.
 *
 * @param key identifies the request: equal keys have equal answers; null = nothing is asked
 * @param request what to ask, read when the key changes
 */
export function useTask<K extends keyof Explorations & string>(
  method: K,
  key: string | null,
  request: () => Explorations[K]['request'],
): Task<Explorations[K]['result']> {
  const { study } = useSession();
  const { explore } = useStores();
  const [task, setTask] = useState<Task<Explorations[K]['result']>>(idle);
  const latest = useRef({ request, study });
  useEffect(() => {
    latest.current = { request, study };
  });
  useEffect(() => {
    if (key === null) {
      setTask(idle);
      return;
    }
    const abort = new AbortController();
    const isNewest = () => !abort.signal.aborted;
    setTask((before) => ({ ...before, status: 'running', progress: null, problem: '' }));
    explore
      .call(latest.current.study, method, latest.current.request(), {
        signal: abort.signal,
        onProgress: (progress) => {
          if (isNewest()) setTask((before) => ({ ...before, progress }));
        },
      })
      .then(
        (value) => {
          if (isNewest()) setTask({ status: 'done', progress: null, value, problem: '' });
        },
        (error: unknown) => {
          if (error instanceof CancelledError || !isNewest()) return;
          setTask({ status: 'failed', progress: null, value: null, problem: inWords(error) });
        },
      );
    return () => abort.abort();
  }, [explore, method, key]);
  return task;
}
