'use client';

import type { Client } from '../../lib/rpc/client';
import type { RunsMethods } from '../../lib/rpc/methods';
import { useClient } from '../explorer/use-client';

const start = () =>
  new Worker(new URL('../../workers/runs.worker.ts', import.meta.url), { type: 'module' });

/** Gives the client of a worker that reads runs. */
export function useRunsClient(): () => Client<RunsMethods> {
  return useClient<RunsMethods>(start);
}
