import { regressorInfo } from '../regression/catalogue';
import type { Model, RegressorId } from '../regression/types';
import type { FitState } from './analysis-store';
import { fitKey } from './keys';
import { targetShares } from './objective';
import type { Session } from './study-store';

type Fits = ReadonlyMap<string, FitState>;

/** The fit that the page shows for the target on view. */
export interface ActiveFit {
  /** The chosen regressor, or the one that stands in for it while it is being fitted. */
  readonly regressor: RegressorId;
  readonly standsIn: boolean;
  readonly state: FitState | undefined;
}

/** The chosen regressor's fit; while that is being made, the fit of the regressor that stands in for it. */
export function activeFit({ study, settings }: Session, fits: Fits): ActiveFit {
  const { target, regressor } = settings;
  const state = fits.get(fitKey(study, target, regressor, settings));
  const { standIn } = regressorInfo(regressor);
  if (standIn && (!state || state.status === 'fitting')) {
    const other = fits.get(fitKey(study, target, standIn, settings));
    if (other?.status === 'done') return { regressor: standIn, standsIn: true, state: other };
  }
  return { regressor, standsIn: false, state };
}

/** The models that the optimum is looked for with, one per target of the objective. */
export interface ActiveModels {
  readonly regressor: RegressorId;
  readonly standsIn: boolean;
  /** Identifies the fits: equal keys have equal models. */
  readonly key: string;
  /** null while one of them is being fitted. */
  readonly models: readonly Model[] | null;
  /** The first of them that could not be fitted. */
  readonly failed: Extract<FitState, { status: 'failed' }> | null;
}

/** As {@link activeFit}, for all targets of the objective: the stand-in counts when it has all of them. */
export function activeModels(session: Session, fits: Fits): ActiveModels {
  const { study, settings } = session;
  const targets = targetShares(session).map(({ target }) => target);
  const modelsBy = (regressor: RegressorId, standsIn: boolean): ActiveModels => {
    const keys = targets.map((target) => fitKey(study, target, regressor, settings));
    const states = keys.map((key) => fits.get(key));
    const models = states.flatMap((state) =>
      state?.status === 'done' && state.model ? [state.model] : [],
    );
    const failed = states.find((state) => state?.status === 'failed');
    return {
      regressor,
      standsIn,
      key: JSON.stringify(keys),
      models: models.length === targets.length ? models : null,
      failed: failed?.status === 'failed' ? failed : null,
    };
  };
  const chosen = modelsBy(settings.regressor, false);
  const { standIn } = regressorInfo(settings.regressor);
  // Reports that came with the page have no models yet, but their mixture is on view already.
  const isReported = targets.every((target) => {
    return fits.get(fitKey(study, target, settings.regressor, settings))?.status === 'done';
  });
  if (isReported || chosen.failed || !standIn) return chosen;
  const other = modelsBy(standIn, true);
  return other.models ? other : chosen;
}
