/** Training runs that the reader leaves out of a study, and takes back. */
import { StageError } from '../model/errors';
import { plural } from '../model/format';
import { type Matrix, selectRows } from '../model/matrix';
import type { RunTable, Study, Trajectory } from '../model/study';
import { minimumTrainingRows } from './recognition';

/** All training runs of a study, those left out among them. */
export function allRuns({ training, leftOut }: Pick<Study, 'training' | 'leftOut'>): RunTable {
  return leftOut?.whole ?? training;
}

/** The study with all of its runs. */
export function wholeStudy(study: Study): Study {
  const { leftOut: _, ...rest } = study;
  return { ...rest, training: allRuns(study) };
}

/**
 * The study without further training runs: nothing is fitted to them, counted or drawn, but they stay with
 * it and can be taken back. Ids that it does not have change nothing.
 *
 * @throws StageError when fewer runs would be left than a study needs
 */
export function leaveOut(study: Study, ids: readonly string[]): Study {
  return withRuns(study, allRuns(study), [...(study.leftOut?.ids ?? []), ...ids]);
}

/** The study with those of its left out runs again, in their places. */
export function takeBack(study: Study, ids: readonly string[]): Study {
  const back = new Set(ids);
  const still = (study.leftOut?.ids ?? []).filter((id) => !back.has(id));
  return withRuns(study, allRuns(study), still);
}

/**
 * The study with another table of training runs, without those that it left out before.
 *
 * @param whole all runs
 */
export function withTraining(study: Study, whole: RunTable): Study {
  return withRuns(study, whole, study.leftOut?.ids ?? []);
}

/**
 * The study with intermediate losses of its training runs.
 *
 * @param trajectory of all runs, those left out among them
 */
export function withTrajectory(study: Study, trajectory: Trajectory): Study {
  return withTraining(study, { ...allRuns(study), trajectory });
}

function withRuns(study: Study, whole: RunTable, ids: readonly string[]): Study {
  const { leftOut: _, ...rest } = study;
  const out = new Set(ids);
  const rows = whole.ids.flatMap((id, row) => (out.has(id) ? [] : [row]));
  if (rows.length === whole.ids.length) return { ...rest, training: whole };
  if (rows.length < minimumTrainingRows) {
    throw new StageError(
      'runs',
      `That would leave ${plural(rows.length, 'training run')}; a study needs ${minimumTrainingRows}.`,
      'Take others back first.',
    );
  }
  return {
    ...rest,
    training: selectRuns(whole, Int32Array.from(rows)),
    leftOut: { ids: whole.ids.filter((id) => out.has(id)), whole },
  };
}

function selectRuns(table: RunTable, rows: Int32Array): RunTable {
  const { name, ids, mixtures, recorded, losses, trajectory, rounds } = table;
  const select = (matrix: Matrix) => selectRows(matrix, rows);
  return {
    name,
    ids: Array.from(rows, (row) => ids[row]),
    mixtures: select(mixtures),
    ...(recorded && { recorded: select(recorded) }),
    losses: select(losses),
    ...(trajectory && {
      trajectory: { steps: trajectory.steps, losses: trajectory.losses.map(select) },
    }),
    ...(rounds && { rounds: Int32Array.from(rows, (row) => rounds[row]) }),
  };
}
