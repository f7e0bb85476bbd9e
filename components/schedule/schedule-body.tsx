'use client';

import { useMemo, useState } from 'react';
import { plural } from '../../lib/format';
import { revisionOf, trajectoryRevisionOf } from '../../lib/study/revision';
import type { Trajectory } from '../../lib/study/types';
import type { ScheduleQuestion } from '../../lib/verify/optima-over-training';
import { useOptimum, useSession } from '../explorer/stores';
import { useTask } from '../explorer/use-task';
import { ProgressLine } from '../ui/progress';
import { OpenTrajectory } from './open-trajectory';
import { questionFor } from './question';
import { ScheduleResult } from './schedule-result';
import { useTrajectory } from './use-trajectory';

/** A request that was made, and what it was about. */
interface Asked {
  readonly question: ScheduleQuestion;
  readonly trajectory: Trajectory;
  /** Of the study's data then, its own losses on the way among them: others may have been opened since. */
  readonly data: string;
  /** Identifies the request: equal keys have equal schedules. */
  readonly key: string;
}

/** Fits the regression at every checkpoint when asked, and shows the schedule. */
export default function ScheduleBody() {
  const { study, settings } = useSession();
  const isFeasible = useOptimum(({ feasibility }) => feasibility.feasible);
  const source = useTrajectory(study);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState('');
  const question = questionFor(study, settings);
  const own = study.training.trajectory;
  const revision = revisionOf(study);
  const data = useMemo(
    () => JSON.stringify([revision, own ? trajectoryRevisionOf(own) : null]),
    [revision, own],
  );
  const key = keyOf(data, question);
  const about = asked?.data === data ? asked : null;
  const task = useTask('schedule', about?.key ?? null, () => {
    if (!about) throw new Error('no schedule was asked for');
    return { ...about.question, revision, trajectory: about.trajectory };
  });
  if (!source.isKnown) return <OpenTrajectory />;

  async function ask(): Promise<void> {
    setProblem('');
    try {
      const trajectory = await source.load();
      setAsked({ question, trajectory, data, key });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  const name = study.targets.find(({ id }) => id === settings.target)?.name ?? '';
  const isAlone = settings.objective.kind === 'single' && settings.objective.seek === 'best';
  const isRunning = task.status === 'running';
  const isStale = about !== null && about.key !== key;
  const shown = about && task.status === 'done' ? task.value : null;
  return (
    <>
      {isRunning ? (
        <div className="button-row">
          {task.progress ? (
            <ProgressLine progress={task.progress} />
          ) : (
            <span role="status">Fitting…</span>
          )}
          <button type="button" className="button" onClick={() => setAsked(null)}>
            Cancel
          </button>
        </div>
      ) : (
        (shown === null || isStale) && (
          <div className="button-row">
            <button
              type="button"
              className="button primary"
              disabled={!isFeasible}
              onClick={() => void ask()}
            >
              {shown ? 'Fit again' : 'Fit every checkpoint'}
            </button>
            <span className="quiet">
              {!isFeasible
                ? 'No mixture meets the limits.'
                : shown
                  ? 'The target, the limits or the regressor have changed since.'
                  : `For ${name}${isAlone ? '' : ' alone, as a schedule follows one target'}, within the token limits above.`}
            </span>
          </div>
        )
      )}
      {(problem !== '' || task.status === 'failed') && (
        <p role="alert" className="refused">
          {problem || task.problem}
        </p>
      )}
      {about && shown && <ScheduleResult moments={shown} target={about.question.target} />}
      {shown && (
        <p className="quiet small measure">
          {plural(shown.length, 'checkpoint')}, each fitted and cross-validated on its own losses.
        </p>
      )}
    </>
  );
}

/** Equal keys have equal schedules. */
function keyOf(data: string, { bounds, base, ...rest }: ScheduleQuestion): string {
  const arrays = [bounds.lower, bounds.upper, base.prior, base.unique ?? []];
  return JSON.stringify([data, rest, base.kl, arrays.map((values) => Array.from(values))]);
}
