import { StageError } from '../errors';
import { meanOfRuns } from '../mixture/prior';
import type { StudyRuns } from '../runs/study-runs';
import { appendRound } from './append-round';
import { mostDetail, mostTestSets } from './bounds';
import { publishedTarget, withPublishedMixtures } from './published';
import { defaultSettings, type Settings } from './settings';
import type { Study } from './types';

/** What a study and its untouched settings look like together. */
export interface OpenedStudy {
  readonly study: Study;
  readonly settings: Settings;
}

/**
 * A study of newly read runs with default settings: prior = mean of the runs, the Pile's own
 * where the domains are the Pile's.
 *
 * @param id unique among the studies of the page
 * @throws StageError when no set of runs trains, and for more than {@link mostTestSets} test sets
 */
export function openRuns(
  runs: StudyRuns,
  { id, name, source }: Pick<Study, 'id' | 'name' | 'source'>,
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
  const study = withPublishedMixtures({
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
  });
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
 * included, stays.
 *
 * @param id a new one, since fits of the old study know nothing of these sets
 * @throws StageError for more than {@link mostTestSets} test sets
 */
export function addTestSets(opened: OpenedStudy, runs: StudyRuns, id: string): OpenedStudy {
  const { study, settings } = opened;
  const added = new Set(runs.testSets.map(({ name }) => name));
  const testSets = [...study.testSets.filter(({ name }) => !added.has(name)), ...runs.testSets];
  checkCount(testSets);
  // The public files, if any, know nothing of these runs.
  const { addresses: _, file: __, ...source } = study.source;
  return { study: { ...study, id, source, testSets }, settings };
}

/**
 * The study with the newly trained runs among its training runs, as the round after its last, and with
 * further test sets as in {@link addTestSets}. The prior stays: it is what the first round was drawn
 * around; laws that the runs before were drawn from do not. Ids that the study has already get the round
 * for an ending; the study's source says so.
 *
 * @param id a new one, since fits of the old study know nothing of these runs
 * @param files what the runs were read from, for the study's source
 * @throws StageError without a set for the next round, and when no round may follow the last
 */
export function addRound(
  opened: OpenedStudy,
  runs: StudyRuns,
  { id, files }: { id: string; files: string },
): OpenedStudy {
  if (!runs.nextRound) {
    throw new StageError(
      'runs',
      'None of these files is used as the next round.',
      'Mark one set of runs as the next round.',
    );
  }
  const { study, settings } = addTestSets(opened, runs, id);
  // A law knows nothing of runs that were not drawn from it.
  const { truth: _, ...known } = study;
  const { table, sentences } = appendRound(study.training, runs.nextRound, files);
  const said = [study.source.detail, ...sentences, ...runs.notes.map(({ text }) => text)];
  const source = { ...study.source, detail: inOne(said) };
  return { study: { ...known, training: table, source }, settings };
}

/** What cannot be kept in a file must not be opened: it would be lost. */
function checkCount(testSets: readonly unknown[]): void {
  if (testSets.length <= mostTestSets) return;
  throw new StageError(
    'runs',
    `That makes ${testSets.length} test sets; a study holds at most ${mostTestSets}.`,
    'Open fewer files, or put runs of one kind into one file.',
  );
}

function inOne(sentences: readonly string[]): string {
  const text = sentences.filter((sentence) => sentence !== '').join(' ');
  return text.length <= mostDetail ? text : `${text.slice(0, mostDetail - 1)}…`;
}
