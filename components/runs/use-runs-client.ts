'use client';

import { createRunsClient } from '../../lib/browser/workers';
import type { Client } from '../../lib/rpc/client';
import type { RunsMethods } from '../../lib/rpc/methods';
import { useClient } from '../explorer/use-client';

/** Gives the client of a worker that reads runs. */
export function useRunsClient(): () => Client<RunsMethods> {
  return useClient(createRunsClient);
}
