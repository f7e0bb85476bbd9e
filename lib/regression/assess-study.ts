import { StageError } from '../errors';
import type { Job } from '../job';
import type { RunTable, Target } from '../study/types';
import { assess } from './assess';
import { findRegressor } from './regressors';
import { targetSample } from './sample';
import type { Assessment, FitOptions, RegressorId } from './types';

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
 * @throws StageError when there is no such target, too few runs, or nothing to learn
 */
export function assessStudy(
  { targets, training, testSets }: StudyRows,
  target: string,
  regressor: RegressorId,
  options: FitOptions,
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
  const { usesRecordedWeights } = findRegressor(regressor);
  return assess({
    regressor,
    target,
    training: targetSample(training, index, usesRecordedWeights),
    tests: testSets.map((table) => ({
      name: table.name,
      ...targetSample(table, index, usesRecordedWeights),
    })),
    options,
  });
}
