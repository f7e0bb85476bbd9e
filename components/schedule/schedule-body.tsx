'use client';

/**
 * The schedule stage: fits the optimum at every checkpoint on request, and finds or asks for the
 * losses over training.
 */
import { useMemo, useState } from 'react';
import { fitOptions } from '../../lib/analysis/keys';
import { StageError } from '../../lib/model/errors';
import { formatNumber, plural } from '../../lib/model/format';
import { defaultSettings, type Settings } from '../../lib/model/settings';
import type { Study, Trajectory } from '../../lib/model/study';
import { boundsOf, uniqueShares } from '../../lib/optimum/constraints';
import { decodeText } from '../../lib/runs/decode';
import { wholeStudy, withTrajectory } from '../../lib/runs/left-out';
import { readTrajectory } from '../../lib/runs/read-trajectory';
import type { ScheduleQuestion } from '../../lib/schedule/optima';
import { builtInTrajectories, checkpointsOf } from '../../lib/study/built-in-trajectories';
import { revisionOf, trajectoryRevisionOf } from '../../lib/study/identity';
import { useTask } from '../shell/hooks';
import { hrefOf } from '../shell/rooms';
import { useOptimum, useSession, useStores } from '../shell/stores';
import { FilePicker } from '../ui/controls';
import { ProgressLine } from '../ui/progress';
import { ScheduleResult } from './schedule-result';

/** A request and the data it was made for. */
interface Asked {
  readonly question: ScheduleQuestion;
  readonly trajectory: Trajectory;
  /**
   * The study at that time, with its own losses over training: other ones may have been opened
   * since.
   */
  readonly data: string;
  /** Identifies the request: equal keys have equal schedules. */
  readonly key: string;
}

/** Fits the regression at every checkpoint on request, and shows the schedule. */
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
    if (!about) throw new Error('no schedule was requested');
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
              {!isFeasible ? (
                <>
                  No mixture meets the <a href={hrefOf('limits')}>limits</a>.
                </>
              ) : shown ? (
                'The target, the limits or the regressor have changed since.'
              ) : (
                <>
                  For {name}
                  {isAlone ? '' : ' alone, since a schedule has one target'}, within the{' '}
                  <a href={hrefOf('limits')}>limits of Answer</a>.
                </>
              )}
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

const maxBytes = 20e6;

/** Shown where a study has no losses over training: what is needed, and a way to open a file. */
function OpenTrajectory() {
  const { study } = useSession();
  const { study: store } = useStores();
  const [problem, setProblem] = useState('');

  async function open(file: File): Promise<void> {
    try {
      if (file.size > maxBytes) {
        throw new Error(
          `${file.name}: found ${formatNumber(file.size / 1e6, 0)} MB, expected at most ${maxBytes / 1e6} MB.`,
        );
      }
      const { text } = decodeText(file.name, new Uint8Array(await file.arrayBuffer()));
      const trajectory = readTrajectory({ name: file.name, text }, wholeStudy(study));
      // One undo step, and saved with the study.
      store.edit((session) => {
        // Other runs may be open by now: the file was read for these.
        if (session.study.id !== study.id || revisionOf(session.study) !== revisionOf(study)) {
          throw new Error('The runs have changed while the file was read. Open it again.');
        }
        return { ...session, study: withTrajectory(session.study, trajectory) };
      });
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <div className="notice schedule-empty">
      <p className="measure">
        These runs have final losses only. A schedule needs intermediate losses: a CSV with a row
        per run and checkpoint, and the columns <code>index</code>, <code>step</code> and{' '}
        <code>metric/{study.targets[0].id}</code> or the like. Proxies that train in this tab keep
        them.
      </p>
      <FilePicker
        label="Open a trajectory"
        accept=".csv,.tsv,text/csv"
        onFiles={([file]) => void open(file)}
      />
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </div>
  );
}

/** The objective at every checkpoint, from the study's settings: its target and its limits. */
function questionFor(study: Study, settings: Settings): ScheduleQuestion {
  const { target, objective, constraints } = settings;
  return {
    target,
    regressor: refittable(study, settings),
    options: fitOptions(settings),
    bounds: boundsOf(constraints, study),
    base: {
      kl: objective.kl,
      prior: study.prior.weights,
      unique: objective.discountRepeats ? uniqueShares(constraints) : null,
    },
  };
}

/**
 * Imported models cannot be fitted to a checkpoint, and there are no test sets for early stopping.
 */
function refittable(study: Study, { regressor }: Settings): ScheduleQuestion['regressor'] {
  if (regressor === 'imported') return defaultSettings(study).regressor;
  return regressor === 'gbdt-paper' ? 'gbdt' : regressor;
}

/** Source of the losses over training of a study's runs. */
interface TrajectorySource {
  /** Whether there are any. */
  readonly isKnown: boolean;
  /** Loads built-in ones; others are available already. */
  readonly load: () => Promise<Trajectory>;
}

/**
 * Losses over training: of the study itself, or of the matching built-in one, loaded on request.
 */
function useTrajectory(study: Study): TrajectorySource {
  const [loaded, setLoaded] = useState<{
    readonly revision: string;
    readonly value: Trajectory;
  } | null>(null);
  const revision = revisionOf(study);
  const own = study.training.trajectory;
  const isOwn = own !== undefined && own.steps.length > 0;
  return {
    isKnown: checkpointsOf(study) > 0,
    load: async () => {
      if (isOwn) return own;
      if (loaded?.revision === revision) return loaded.value;
      const { builtIn = '' } = study.source;
      const name = builtInTrajectories.get(builtIn)?.file ?? '';
      const address = new URL(`studies/${builtIn}/${name}`, document.baseURI);
      const response = await fetch(address).catch(() => null);
      if (!response?.ok) {
        throw new StageError(
          'verify',
          'The losses on the way could not be loaded.',
          'Check that you are online, and try again.',
        );
      }
      const text = await response.text();
      const read = readTrajectory({ name, text }, wholeStudy(study));
      const value = withTrajectory(study, read).training.trajectory ?? read;
      setLoaded({ revision, value });
      return value;
    },
  };
}
