import { defaultEngine } from '../optimum/engines';
import type { EngineId } from '../optimum/types';
import { regressors } from '../regression/regressors';
import type { Model, RegressorId } from '../regression/types';
import type { OptimumProblem } from '../rpc/methods';
import { fitKey } from './keys';
import type { Session } from './study-store';

/** One fit that the page wants. */
export interface Wanted {
  readonly key: string;
  readonly target: string;
  readonly regressor: RegressorId;
}

/** Above this many weights (rows x domains) only what is on view is fitted, not every target. */
const fitAllBelow = 2_000_000;

/** What to fit, the most wanted first: what is on view, then its rivals, then the other targets. */
export function wantedFits({ study, settings }: Session): Wanted[] {
  const wanted = (target: string, regressor: RegressorId): Wanted => ({
    key: fitKey(study, target, regressor, settings),
    target,
    regressor,
  });
  const list = [wanted(settings.target, settings.regressor)];
  for (const { id, stopsOnTestSet } of regressors) {
    if (id === settings.regressor || (stopsOnTestSet && study.testSets.length === 0)) continue;
    list.push(wanted(settings.target, id));
  }
  const { rows, columns } = study.training.mixtures;
  if (rows * columns <= fitAllBelow) {
    for (const { id } of study.targets) {
      if (id !== settings.target) list.push(wanted(id, settings.regressor));
    }
  }
  return list;
}

/** The active fit as a problem for the optimum worker. */
export function problemOf({ study, settings }: Session, fit: string, model: Model): OptimumProblem {
  const { samples, seed, target } = settings;
  const prior = study.prior.weights;
  const human = study.human?.weights ?? null;
  const partsKey = JSON.stringify([study.id, samples, seed, Array.from(prior)]);
  return {
    key: JSON.stringify([fit, partsKey, human && Array.from(human)]),
    partsKey,
    model,
    direction: study.targets.find(({ id }) => id === target)?.direction ?? 'lower',
    runs: study.training.mixtures,
    prior,
    human,
    samples,
    seed,
  };
}

/**
 * A simulation first where a slower engine follows, so that a slider always has an answer. The
 * exact engine chosen for a linear model gives way when trees take its place.
 */
export function enginesFor(chosen: EngineId | null, model: Model): readonly EngineId[] {
  const fits = chosen !== 'exact' || model.kind === 'linear';
  const engine = chosen !== null && fits ? chosen : defaultEngine(model);
  return engine === 'search' ? ['simulation', 'search'] : [engine];
}
