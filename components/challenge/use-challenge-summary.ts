'use client';

import { plural } from '../../lib/model/format';
import { useSession } from '../shell/stores';

/** The state of the challenge, for the rail. */
export function useChallengeSummary(): string {
  const { attempts, yours } = useSession().settings;
  if (attempts) return plural(attempts.length, 'attempt');
  return yours ? 'not kept yet' : 'set a mixture';
}
