'use client';

import type { FitState } from '../../lib/analysis/analysis-store';
import { fitKey } from '../../lib/analysis/keys';
import type { Model } from '../../lib/model/regressor';
import type { Target } from '../../lib/model/study';
import { useAdvisedOptimum } from '../shell/hooks';
import { useActiveFit, useSession } from '../shell/stores';

/**
 * What the views of the mixture space draw: the fit shown, and the mixture that they start from.
 */
export function useViewModel(): {
  readonly target: Target;
  /** Index of the target in the study's rows. */
  readonly targetIndex: number;
  readonly model: Model | null;
  /** Identifies the model, for requests about it. */
  readonly modelKey: string;
  /** The optimum that is advised, or the prior while there is none. */
  readonly at: Float64Array;
  readonly baseName: string;
  /** Why there is no model, and what to do about it; empty where there is one. */
  readonly waiting: string;
} {
  const { study, settings } = useSession();
  const { state, regressor } = useActiveFit();
  const optimum = useAdvisedOptimum();
  const targetIndex = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  return {
    target: study.targets[targetIndex],
    targetIndex,
    model: state?.status === 'done' ? state.model : null,
    modelKey: fitKey(study, settings.target, regressor, settings),
    at: optimum ?? study.prior.weights,
    baseName: optimum ? 'the optimum' : 'the prior',
    waiting: whyNone(state, study.targets[targetIndex].name),
  };
}

function whyNone(state: FitState | undefined, target: string): string {
  if (state?.status === 'failed') {
    return `No prediction: ${target} could not be fitted. ${state.message} ${state.advice}`.trim();
  }
  // Of a fit that came with the page only its report may be there.
  return state?.status === 'done' && state.model ? '' : `Fitting ${target}…`;
}
