'use client';

import { revisionOf } from '../../lib/study/revision';
import { useOptimum, useSession } from '../explorer/stores';

/** Whether the mixture on view was found from former runs of the study, until the fit to those of now is made. */
export function useFormer(): boolean {
  const { study } = useSession();
  return useOptimum(
    ({ report, solved }) => report !== null && solved?.revision !== revisionOf(study),
  );
}
