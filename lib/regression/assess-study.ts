import { StageError } from '../errors';
import type { Job } from '../job';
import type { Cache } from '../recent';
import type { RunTable, Target } from '../study/types';
import { type AssessmentInput, assess } from './assess';
import { assessImported } from './imported';
import { findRegressor } from './regressors';
import { targetSample } from './sample';
import type { Assessment, FitOptions, Model, RegressorId } from './types';

/** The tables of a study. */
export interface StudyRows {
  readonly targets: readonly Target[];
  readonly training: RunTable;
  readonly testSets: readonly RunTable[];
}

/**
 * Fits one regressor to one target of a study and measures it on all of its test sets.
 *
 * @param target id of the target
 * @param known assessments made before, which are not made again; the new ones are added to it
 * @param imported the model to measure when the regressor is `imported`
 * @throws StageError when there is no such target, too few runs, or nothing to learn
 */
export function assessStudy(
  { targets, training, testSets }: StudyRows,
  target: string,
  regressor: RegressorId,
  options: FitOptions,
  known: Cache<Assessment> = new Map(),
  imported?: Model,
): Job<Assessment> {
  const index = targets.findIndex(({ id }) => id === target);
  if (index < 0) {
    const known = targets.map(({ id }) => id).join(', ');
    throw new StageError(
      'regression',
      `There is no target “${target}”.`,
      `Choose one of ${known}.`,
    );
  }
  const input = (id: RegressorId): AssessmentInput => {
    const { usesRecordedWeights } = findRegressor(id);
    return {
      regressor: id,
      target,
      training: targetSample(training, index, usesRecordedWeights),
      tests: testSets.map((table) => ({
        name: table.name,
        ...targetSample(table, index, usesRecordedWeights),
      })),
      options: { ...options, direction: targets[index].direction },
    };
  };
  if (regressor === 'imported') {
    const { training: rows, tests } = input('imported');
    return assessImported(imported, rows, tests, targets[index], options.seed);
  }
  function* assessOnce(id: RegressorId): Job<Assessment> {
    const key = JSON.stringify([id, target, options]);
    const made = known.get(key) ?? (yield* assess(input(id), assessOnce));
    known.set(key, made);
    return made;
  }
  return assessOnce(regressor);
}
