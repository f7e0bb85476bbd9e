'use client';

import { useCallback, useEffect, useRef } from 'react';
import type { Client } from '../../lib/rpc/client';
import type { Methods } from '../../lib/rpc/protocol';

/**
 * Gives the client of a worker, which starts with the first call and ends with the component.
 *
 * @param create makes the client; the same function at every call
 */
export function useClient<M extends Methods>(create: () => Client<M>): () => Client<M> {
  const client = useRef<Client<M> | null>(null);
  useEffect(
    () => () => {
      client.current?.close();
      client.current = null;
    },
    [],
  );
  return useCallback(() => {
    client.current ??= create();
    return client.current;
  }, [create]);
}
