'use client';

import { useMemo, useState } from 'react';
import type { FitReport, RegressorId } from '../../lib/model/regressor';
import type { Study } from '../../lib/model/study';
import { useActiveFit, useSession } from '../shell/stores';

/** A fit with the study whose runs it was made of. */
interface ShownFit {
  readonly study: Study;
  readonly target: string;
  readonly chosen: RegressorId;
  readonly regressor: RegressorId;
  /** Whether it stands in for the chosen regressor. */
  readonly isPreliminary: boolean;
  readonly report: FitReport;
}

/**
 * The fit on view. While a study gains runs, and the fit to them is being made, the former one stays: nothing
 * empties between two of them.
 */
export function useShownFit(): ShownFit | null {
  const { study, settings } = useSession();
  const { state, regressor, isPreliminary } = useActiveFit();
  const { target, regressor: chosen } = settings;
  const report = state?.status === 'done' ? state.report : null;
  const latest = useMemo(
    () => report && { study, target, chosen, regressor, isPreliminary, report },
    [study, target, chosen, regressor, isPreliminary, report],
  );
  const [kept, setKept] = useState(latest);
  const isOfStudy = kept?.study.id === study.id && kept.target === target && kept.chosen === chosen;
  const shown = latest ?? (isOfStudy && state?.status !== 'failed' ? kept : null);
  if (shown !== kept) setKept(shown);
  return shown;
}
