'use client';

import { deviationsOf } from '../../lib/session/deviations';
import { DeviationChips } from '../shell/deviation-chips';
import { useSession } from '../shell/stores';

/** What else than the target decides the optimum, in the words of the bar. */
export function ObjectiveNotes() {
  const found = deviationsOf(useSession()).filter(({ isObjective }) => isObjective);
  return found.length === 0 ? null : <DeviationChips found={found} label="Beside the target" />;
}
