/** Creates studies of checked runs, and adds runs and tables to them. */

import { meanOfRuns } from '../mixture/prior';
import { StageError } from '../model/errors';
import { formatList, plural } from '../model/format';
import type { Matrix } from '../model/matrix';
import { defaultSettings, type Settings } from '../model/settings';
import {
  lastRound,
  maxDetail,
  maxTestSets,
  type RunTable,
  type Study,
  type Trajectory,
} from '../model/study';
import { allRuns, withTraining } from '../runs/left-out';
import type { StudyRuns } from '../runs/recognition';
import { publishedStudy, publishedTarget, withPublishedMixtures } from './published';

/** A study with its settings. */
export interface OpenedStudy {
  readonly study: Study;
  readonly settings: Settings;
}

/**
 * A study of newly read runs with default settings: prior = mean of the runs, the Pile's own
 * where the domains are the Pile's.
 *
 * @param knowsPile whether domains named like the Pile's are taken for them
 * @throws StageError without a training set, and for more than {@link maxTestSets} test sets
 */
export function openRuns(
  runs: StudyRuns,
  { id, name, source }: Pick<Study, 'id' | 'name' | 'source'>,
  knowsPile = true,
): OpenedStudy {
  const { domains, targets, training, testSets, notes } = runs;
  if (!training) {
    throw new StageError(
      'runs',
      'None of these files is used for training.',
      'Mark one set of runs as training.',
    );
  }
  checkCount(testSets);
  const plain: Study = {
    version: 1,
    id,
    name,
    source: { ...source, detail: inOne([source.detail, ...notes.map(({ text }) => text)]) },
    domains,
    targets,
    training,
    testSets,
    prior: meanOfRuns(training.mixtures),
    human: null,
  };
  const study = knowsPile ? withPublishedMixtures(plain) : plain;
  const settings = defaultSettings(study);
  const isPile = study.prior.kind === 'file';
  const hasPublishedTarget = targets.some(({ id }) => id === publishedTarget);
  return {
    study,
    settings: isPile && hasPublishedTarget ? { ...settings, target: publishedTarget } : settings,
  };
}

/**
 * The study with further test sets; one of the same name is replaced. Everything else, settings
 * included, stays, and so does its id: it is the same study with more data.
 *
 * @throws StageError for more than {@link maxTestSets} test sets
 */
export function addTestSets(opened: OpenedStudy, runs: StudyRuns): OpenedStudy {
  const { study, settings } = opened;
  const added = new Set(runs.testSets.map(({ name }) => name));
  const testSets = [...study.testSets.filter(({ name }) => !added.has(name)), ...runs.testSets];
  checkCount(testSets);
  // Public copies of the study do not contain these runs.
  const { addresses: _, file: __, builtIn: ___, ...source } = study.source;
  return { study: { ...study, source, testSets }, settings };
}

/** The published runs with those of larger models: without other runs, everybody can open them. */
export function withScales(opened: OpenedStudy, scales: StudyRuns): OpenedStudy {
  const { study, settings } = addTestSets(opened, scales);
  if (opened.study.source.builtIn !== publishedStudy.source.builtIn) return { study, settings };
  const source = { ...study.source, builtIn: 'published-scales' };
  return { study: { ...study, source }, settings };
}

/**
 * The study with the newly trained runs among its training runs, as the round after its last, and with
 * further test sets as in {@link addTestSets}. The prior stays, since the first round was drawn around it;
 * the laws of earlier runs are dropped. Ids that the study already has get the round as a suffix; the study's
 * source says so. The id of the study stays.
 *
 * @param files what the runs were read from, for the study's source
 * @throws StageError without a set for the next round, and when the last round is the highest allowed
 */
export function addRound(opened: OpenedStudy, runs: StudyRuns, files: string): OpenedStudy {
  if (!runs.nextRound) {
    throw new StageError(
      'runs',
      'None of these files is used as the next round.',
      'Mark one set of runs as the next round.',
    );
  }
  const { study, settings } = addTestSets(opened, runs);
  // The laws do not apply to runs that were not drawn from them.
  const { truth: _, ...known } = study;
  const { table, sentences } = appendRound(allRuns(study), runs.nextRound, files);
  const said = [study.source.detail, ...sentences, ...runs.notes.map(({ text }) => text)];
  const source = { ...study.source, detail: inOne(said) };
  return { study: withTraining({ ...known, source }, table), settings };
}

/** Refuses what could not be saved in a file. */
function checkCount(testSets: readonly unknown[]): void {
  if (testSets.length <= maxTestSets) return;
  throw new StageError(
    'runs',
    `That makes ${testSets.length} test sets; a study holds at most ${maxTestSets}.`,
    'Open fewer files, or combine test runs in one file.',
  );
}

function inOne(sentences: readonly string[]): string {
  const text = sentences.filter((sentence) => sentence !== '').join(' ');
  return text.length <= maxDetail ? text : `${text.slice(0, maxDetail - 1)}…`;
}

/** Maximum number of renamed runs listed in a sentence. */
const listedRuns = 5;

/** Training runs of several rounds, with notes on how they were combined. */
interface AppendedRound {
  readonly table: RunTable;
  /** Notes on what was added, and which ids had to change. */
  readonly sentences: readonly string[];
}

/**
 * The runs with further ones after them, as the round after the last.
 *
 * @param added of the same domains and targets, in the same order; rounds of its own are not read
 * @param files what the further runs were read from
 * @throws StageError when the last round is as high as rounds can go
 */
function appendRound(table: RunTable, added: RunTable, files: string): AppendedRound {
  const before = table.rounds ?? new Int32Array(table.ids.length);
  const round = before.reduce((last, each) => Math.max(last, each), 0) + 1;
  if (round > lastRound) {
    throw new StageError(
      'runs',
      `A study has rounds up to ${lastRound}.`,
      'Renumber its rounds from 0.',
    );
  }
  const renamed: string[] = [];
  const taken = new Set([...table.ids, ...added.ids]);
  const known = new Set(table.ids);
  const ids = added.ids.map((id) => {
    if (!known.has(id)) return id;
    const free = freeId(`${id}-round-${round}`, taken);
    taken.add(free);
    renamed.push(`${id} is ${free}`);
    return free;
  });
  const recorded = (table.recorded || added.recorded) && {
    recorded: stack(table.recorded ?? table.mixtures, added.recorded ?? added.mixtures),
  };
  const sentences = [`Round ${round}: ${plural(ids.length, 'run')} of ${files}.`];
  if (renamed.length > 0) {
    const listed = renamed.slice(0, listedRuns);
    const rest = renamed.length - listed.length;
    const all = rest > 0 ? [...listed, `${rest} more likewise`] : listed;
    sentences.push(
      `${plural(renamed.length, 'id')} already used by earlier runs: ${formatList(all)}.`,
    );
  }
  return {
    table: {
      name: table.name,
      ids: [...table.ids, ...ids],
      mixtures: stack(table.mixtures, added.mixtures),
      ...recorded,
      losses: stack(table.losses, added.losses),
      ...trajectoryOfBoth(table.trajectory, added.trajectory),
      rounds: Int32Array.from({ length: table.ids.length + ids.length }, (_, run) =>
        run < before.length ? before[run] : round,
      ),
    },
    sentences,
  };
}

/** Joins intermediate losses where both were measured at the same steps. */
function trajectoryOfBoth(
  above: Trajectory | undefined,
  below: Trajectory | undefined,
): Pick<RunTable, 'trajectory'> {
  if (!above || !below || above.steps.join() !== below.steps.join()) return {};
  const losses = above.losses.map((part, place) => stack(part, below.losses[place]));
  return { trajectory: { steps: above.steps, losses } };
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id;
  for (let count = 2; taken.has(free); count++) free = `${id}-${count}`;
  return free;
}

function stack(above: Matrix, below: Matrix): Matrix {
  const { columns } = above;
  const values = new Float64Array(above.values.length + below.values.length);
  values.set(above.values);
  values.set(below.values, above.values.length);
  return { rows: above.rows + below.rows, columns, values };
}
