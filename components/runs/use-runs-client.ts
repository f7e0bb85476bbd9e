'use client';

import type { RunsMethods } from '../../lib/analysis/methods';
import { createRunsClient } from '../../lib/browser/workers';
import type { Client } from '../../lib/rpc/client';
import { useClient } from '../shell/hooks';

/** The client of a worker that reads runs. */
export function useRunsClient(): () => Client<RunsMethods> {
  return useClient(createRunsClient);
}
