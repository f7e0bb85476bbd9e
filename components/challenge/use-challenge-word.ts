'use client';

import { plural } from '../../lib/format';
import { useSession } from '../explorer/stores';

/** How the challenge stands, for the rail. */
export function useChallengeWord(): string {
  const { attempts, yours } = useSession().settings;
  if (attempts) return plural(attempts.length, 'attempt');
  return yours ? 'not kept yet' : 'set a mixture';
}
