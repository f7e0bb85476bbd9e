/** How far predictions for the optimum of a study are from the truth: the same in a worker and while building. */
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import type { AtOptimum, Bounds, Objective } from '../model/limits';
import type { FitOptions, RegressorId, Sample } from '../model/regressor';
import { measureOptimism } from '../optimum/stability';
import type { StudyRows } from '../regression/assess';
import { findRegressor } from '../regression/regressors';
import { fittedRows, sampleOf, targetSample } from '../regression/sample';

/** @throws StageError when there is no such target */
export function indexOfTarget({ targets }: Pick<StudyRows, 'targets'>, target: string): number {
  const index = targets.findIndex((each) => each.id === target);
  if (index < 0) throw new StageError('regression', `There is no target “${target}”.`);
  return index;
}

/** The rows that a regressor is fitted to. */
export function sampleOfStudy(study: StudyRows, target: string, regressor: RegressorId): Sample {
  const index = indexOfTarget(study, target);
  const { usesRecordedWeights } = findRegressor(regressor);
  const rows = targetSample(study.training, index, usesRecordedWeights);
  return sampleOf(rows, fittedRows(rows, study.targets[index].direction));
}

/** Options of a fit, with the direction of its target. */
export function optionsOfStudy(study: StudyRows, target: string, options: FitOptions): FitOptions {
  return { ...options, direction: study.targets[indexOfTarget(study, target)].direction };
}

/** @returns one per term of the objective; null where the regressor is not refitted */
export function* optimismOfStudy(
  study: StudyRows,
  { regressor, options }: { readonly regressor: RegressorId; readonly options: FitOptions },
  objective: Objective,
  bounds: Bounds,
): Job<readonly AtOptimum[] | null> {
  const samples = objective.terms.map(({ target }) => ({
    sample: sampleOfStudy(study, target, regressor),
    options: optionsOfStudy(study, target, options),
  }));
  const { mixtures } = study.training;
  return yield* measureOptimism(objective, samples, findRegressor(regressor), bounds, mixtures);
}
