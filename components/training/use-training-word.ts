'use client';

import { useTraining } from './session';

/**
 * How a training stands, in a word or two for the rail.
 *
 * @param idle said when there is nothing to go on with
 * @param ended said when it is done, of so many proxies
 */
export function useTrainingWord(idle: string, ended: (total: number) => string): string {
  const status = useTraining((state) => state.status);
  const done = useTraining((state) => state.progress?.done ?? 0);
  const total = useTraining((state) => state.progress?.total ?? 0);
  const saved = useTraining((state) => state.saved);
  switch (status) {
    case 'preparing':
    case 'starting':
      return 'starting';
    case 'running':
      return `${done} of ${total}`;
    case 'paused':
      return `paused at ${done}`;
    case 'done':
      return ended(total);
    case 'failed':
      return 'failed';
    default:
      return saved ? 'unfinished' : idle;
  }
}
