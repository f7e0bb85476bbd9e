import { boundsOf, uniqueShares } from '../../lib/optimum/constraints';
import { fitOptions } from '../../lib/store/keys';
import { defaultSettings, type Settings } from '../../lib/study/settings';
import type { Study } from '../../lib/study/types';
import type { ScheduleQuestion } from '../../lib/verify/optima-over-training';

/** What is sought at every checkpoint, by what was chosen about the study: its target and its limits. */
export function questionFor(study: Study, settings: Settings): ScheduleQuestion {
  const { target, objective, constraints } = settings;
  return {
    target,
    regressor: refittable(study, settings),
    options: fitOptions(settings),
    bounds: boundsOf(constraints),
    base: {
      kl: objective.kl,
      prior: study.prior.weights,
      unique: objective.discountRepeats ? uniqueShares(constraints) : null,
    },
  };
}

/** Imported models cannot be fitted to a checkpoint, and there are no test sets to stop on. */
function refittable(study: Study, { regressor }: Settings): ScheduleQuestion['regressor'] {
  if (regressor === 'imported') return defaultSettings(study).regressor;
  return regressor === 'gbdt-paper' ? 'gbdt' : regressor;
}
