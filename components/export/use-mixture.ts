'use client';

import type { Advice } from '../../lib/model/limits';
import { useOutdated } from '../optimum/hooks';
import { useOptimum } from '../shell/stores';

/** The mixture on view, if somebody may train on it. */
interface SavedMixture {
  /** D weights; null where there is none within the limits, or where the runs do not tell mixtures apart. */
  readonly weights: Float64Array | null;
  readonly advice: Advice | null;
  /** Whether a better fit is about to replace it. */
  readonly isPassing: boolean;
  /** Domains whose weight is outside of its limits. */
  readonly violated: readonly number[];
}

/** The mixture to save. */
export function useMixture(): SavedMixture {
  const { report, advice, solved, status, isRecalled } = useOptimum((state) => state);
  // A mixture that the limits no longer allow is shown elsewhere as outdated; it is not offered for
  // training.
  const isUsable = !useOutdated() && status !== 'infeasible';
  const isAdvised = advice?.verb !== 'none';
  return {
    weights: isUsable && isAdvised && report ? report.optimum.weights : null,
    advice: isUsable && report ? advice : null,
    isPassing: isRecalled || status !== 'ready' || (solved?.isPreliminary ?? false),
    violated: isUsable && report ? report.optimum.violated : [],
  };
}
