'use client';

import { useEffect, useRef, useState } from 'react';
import { inWords } from '../../lib/errors';
import { CancelledError } from '../../lib/rpc/client';
import type { Explorations } from '../../lib/store/explore-client';
import { startedTask, type Task, type TaskState, taskOf } from '../../lib/store/task';
import { useSession, useStores } from './stores';

/**
 * Has the explore worker compute something about the study, anew whenever the key changes; an older
 * request is cancelled. What it gives is always about `subject`.
 *
 * @param key identifies the request: equal keys have equal answers; null = nothing is asked
 * @param request what to ask, read when the key changes
 * @param subject what the page says the answer is about, target and study at least; while a newer request
 *   about the same runs, the former answer stays. Left out, no former answer does.
 * @param isWanted whether it is on view or near: while it is not, nothing is asked, and what has been given stays
 */
export function useTask<K extends keyof Explorations & string>(
  method: K,
  key: string | null,
  request: () => Explorations[K]['request'],
  subject = key ?? '',
  isWanted = true,
): Task<Explorations[K]['result']> {
  const { study } = useSession();
  const { explore } = useStores();
  const [known, setKnown] = useState<TaskState<Explorations[K]['result']> | null>(null);
  /** The key of what was given last; null while something is being asked. */
  const settled = useRef<string | null>(null);
  const latest = useRef({ request, study, subject });
  useEffect(() => {
    latest.current = { request, study, subject };
  });
  useEffect(() => {
    if (key === null || !isWanted || settled.current === key) return;
    settled.current = null;
    const abort = new AbortController();
    const isNewest = () => !abort.signal.aborted;
    const about = latest.current;
    const answered = { key, subject: about.subject, progress: null } as const;
    setKnown((before) => startedTask(before, key, about.subject));
    explore
      .call(about.study, method, about.request(), {
        signal: abort.signal,
        onProgress: (progress) => {
          if (isNewest()) setKnown((before) => before && { ...before, progress });
        },
      })
      .then(
        (value) => {
          if (!isNewest()) return;
          settled.current = key;
          setKnown({ ...answered, status: 'done', value, problem: '' });
        },
        (error: unknown) => {
          if (error instanceof CancelledError || !isNewest()) return;
          settled.current = key;
          setKnown({ ...answered, status: 'failed', value: null, problem: inWords(error) });
        },
      );
    return () => abort.abort();
  }, [explore, method, key, isWanted]);
  return taskOf(known, key, subject);
}
