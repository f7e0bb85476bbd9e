'use client';

import { fitKey } from '../../lib/analysis/keys';
import type { FitReport, LawModel } from '../../lib/model/regressor';
import type { Target } from '../../lib/model/study';
import { predictRow } from '../../lib/regression/predict';
import { useAnalysis, useSession } from '../shell/stores';

/** The selected target, and its index in the study. */
export function useTarget(): { readonly target: Target; readonly place: number } {
  const { study, settings } = useSession();
  const place = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  return { target: study.targets[place], place };
}

/** The law fitted to the target, with its statistics; null while it is being fitted. */
export function useLaw(): { readonly model: LawModel; readonly report: FitReport } | null {
  const { study, settings } = useSession();
  const state = useAnalysis(({ fits }) =>
    fits.get(fitKey(study, settings.target, 'law', settings)),
  );
  return state?.status === 'done' && state.model?.kind === 'law'
    ? { model: state.model, report: state.report }
    : null;
}

/** The reader's own mixture; the prior until there is one. */
export function useYours(): Float64Array {
  const { study, settings } = useSession();
  return settings.yours ? Float64Array.from(settings.yours) : study.prior.weights;
}

/**
 * The law's prediction for the reader's mixture, in the target's unit; null while it is being
 * fitted.
 */
export function useYourPrediction(): number | null {
  const law = useLaw();
  const yours = useYours();
  return law && predictRow(law.model, yours);
}
