'use client';

/**
 * Runs far from the rest of the target, and those that are left out: each with one button on the page, and
 * links to where that is.
 */
import { type ReactNode, useState } from 'react';
import { errorMessage } from '../../lib/model/errors';
import { formatList, plural } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import type { Study } from '../../lib/model/study';
import { type FarRun, farRuns } from '../../lib/regression/outliers';
import { leaveOut, takeBack } from '../../lib/runs/left-out';
import type { StageId } from '../shell/stage';
import { useActiveFit, useSession, useStores, useView } from '../shell/stores';

/** Runs named at once; the others are counted. */
const maxNamed = 5;

/** The runs that the fit on view found far from the rest of its target. */
function useFarRuns(): FarRun[] {
  const { study, settings } = useSession();
  const { state: fit } = useActiveFit();
  const place = study.targets.findIndex(({ id }) => id === settings.target);
  const report = fit?.status === 'done' ? fit.report : null;
  if (!report || place < 0 || report.outOfFold.length !== study.training.ids.length) return [];
  const values = columnOf(study.training.losses, place);
  return farRuns(study.training, study.targets[place], values, report);
}

/** A sentence per run that is far from the rest, with a button that leaves it out. */
export function FarRuns() {
  const far = useFarRuns();
  const { problem, change } = useRunsChange();
  if (far.length === 0) return null;
  return (
    <div className="notice">
      {far.slice(0, maxNamed).map(({ id, isFitted, text }) => (
        <p key={id} className="measure">
          {text} {isFitted ? 'It is fitted, but counts little.' : 'It is not fitted.'}{' '}
          <button
            type="button"
            className="button"
            onClick={() => change((study) => leaveOut(study, [id]))}
          >
            Leave run {id} out
          </button>
        </p>
      ))}
      {far.length > maxNamed && (
        <p className="quiet">and {plural(far.length - maxNamed, 'run')} more</p>
      )}
      {far.length > 1 && (
        <button
          type="button"
          className="button"
          onClick={() =>
            change((study) =>
              leaveOut(
                study,
                far.map(({ id }) => id),
              ),
            )
          }
        >
          Leave all out
        </button>
      )}
      <Problem text={problem} />
    </div>
  );
}

/** One line beside the optimum: which runs look diverged and are not fitted, and where to leave them out. */
export function UnfittedRuns() {
  const { study, settings } = useSession();
  const target = study.targets.find(({ id }) => id === settings.target);
  const unfitted = useFarRuns().filter(({ isFitted }) => !isFitted);
  if (unfitted.length === 0) return null;
  const ids = unfitted.map(({ id }) => id);
  const isOne = ids.length === 1;
  const named =
    ids.length > maxNamed ? plural(ids.length, 'run') : `Run${isOne ? '' : 's'} ${formatList(ids)}`;
  return (
    <p className="small">
      {named} {isOne ? 'looks' : 'look'} diverged and {isOne ? 'is' : 'are'} not fitted
      {target && ` to ${target.name}`}.{' '}
      <StageLink id="regression">
        Leave {isOne ? 'it' : 'them'} out of all targets in Evidence
      </StageLink>
      .
    </p>
  );
}

/** One line beside the fit: how many runs are left out, and where to take them back. */
export function LeftOutCount() {
  const { study } = useSession();
  const count = study.leftOut?.ids.length ?? 0;
  if (count === 0) return null;
  return (
    <p className="small">
      {plural(count, 'run')} left out of this study.{' '}
      <StageLink id="runs">Take {count === 1 ? 'it' : 'them'} back in Explore</StageLink>.
    </p>
  );
}

/** A link to a stage; mere text where a lesson hides it. */
function StageLink({ id, children }: { id: StageId; children: ReactNode }) {
  const isHidden = useView(({ lesson }) => lesson.hiddenStages.includes(id));
  return isHidden ? children : <a href={`#${id}`}>{children}</a>;
}

/** The runs that are left out, with buttons that take them back. */
export function LeftOutRuns() {
  const { study } = useSession();
  const { problem, change } = useRunsChange();
  const ids = study.leftOut?.ids ?? [];
  if (ids.length === 0) return null;
  return (
    <div className="notice">
      <p>{plural(ids.length, 'run')} left out of this study.</p>
      <div className="button-row">
        {ids.slice(0, maxNamed).map((id) => (
          <button
            key={id}
            type="button"
            className="button"
            onClick={() => change((open) => takeBack(open, [id]))}
          >
            Take run {id} back
          </button>
        ))}
        {ids.length > 1 && (
          <button
            type="button"
            className="button"
            onClick={() => change((open) => takeBack(open, ids))}
          >
            Take all back
          </button>
        )}
      </div>
      <Problem text={problem} />
    </div>
  );
}

/** Changes the study as one undo step, and says why where it cannot. */
function useRunsChange() {
  const { study: store } = useStores();
  const [problem, setProblem] = useState('');
  function change(make: (study: Study) => Study): void {
    try {
      store.edit((session) => ({ ...session, study: make(session.study) }));
      setProblem('');
    } catch (error) {
      setProblem(errorMessage(error));
    }
  }
  return { problem, change };
}

function Problem({ text }: { text: string }) {
  return text === '' ? null : (
    <span role="alert" className="refused">
      {text}
    </span>
  );
}
