'use client';

import { useCallback, useEffect, useRef } from 'react';
import { type Client, createClient } from '../../lib/rpc/client';
import type { Methods } from '../../lib/rpc/protocol';

/**
 * Gives the client of a worker, which starts with the first call and ends with the component. One that
 * has failed is started again.
 *
 * @param start makes the worker; the same function at every call
 */
export function useClient<M extends Methods>(start: () => Worker): () => Client<M> {
  const client = useRef<Client<M> | null>(null);
  useEffect(
    () => () => {
      client.current?.close();
      client.current = null;
    },
    [],
  );
  return useCallback(() => {
    if (!client.current || client.current.state === 'failed') {
      client.current = createClient<M>(start);
    }
    return client.current;
  }, [start]);
}
