'use client';

import { useCallback, useEffect, useRef } from 'react';
import { type Client, createClient } from '../../lib/rpc/client';
import type { RunsMethods } from '../../lib/rpc/methods';

/** Gives the client of a worker that reads runs; it starts with the first call and ends with the component. */
export function useRunsClient(): () => Client<RunsMethods> {
  const client = useRef<Client<RunsMethods> | null>(null);
  useEffect(
    () => () => {
      client.current?.close();
      client.current = null;
    },
    [],
  );
  return useCallback(() => {
    if (!client.current || client.current.state === 'failed') {
      client.current = createClient<RunsMethods>(
        () =>
          new Worker(new URL('../../workers/runs.worker.ts', import.meta.url), { type: 'module' }),
      );
    }
    return client.current;
  }, []);
}
