import { StageError } from '../errors';
import { meanOfRuns } from '../mixture/prior';
import type { StudyRuns } from '../runs/study-runs';
import { publishedTarget, withPublishedMixtures } from './published';
import { defaultSettings, type Settings } from './settings';
import type { RunTable, Study, StudySource } from './types';

/** What a study and its untouched settings look like together. */
export interface OpenedStudy {
  readonly study: Study;
  readonly settings: Settings;
}

/** An id that equal runs share and different runs do not: FNV-1a over the tables' numbers. */
function fingerprint(tables: readonly RunTable[]): string {
  let hash = 0x811c9dc5;
  const mix = (value: number) => {
    hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  };
  for (const { ids, mixtures, losses } of tables) {
    mix(ids.length);
    for (const { values } of [mixtures, losses]) {
      const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
      for (const word of words) mix(word);
    }
  }
  return hash.toString(16).padStart(8, '0');
}

/**
 * A study of newly read runs with default settings: prior = mean of the runs, the Pile's own
 * where the domains are the Pile's.
 *
 * @throws StageError when no set of runs trains
 */
export function openRuns(runs: StudyRuns, name: string, source: StudySource): OpenedStudy {
  const { domains, targets, training, testSets, notes } = runs;
  if (!training) {
    throw new StageError(
      'runs',
      'None of these files is used for training.',
      'Mark one set of runs as training.',
    );
  }
  const said = notes.map(({ text }) => text).join(' ');
  const study = withPublishedMixtures({
    version: 1,
    id: `${fingerprint([training, ...testSets])}-${training.ids.length}-${domains.length}`,
    name,
    source: { ...source, detail: said === '' ? source.detail : `${source.detail} ${said}` },
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
 */
export function addTestSets(opened: OpenedStudy, runs: StudyRuns): OpenedStudy {
  const { study, settings } = opened;
  const added = new Set(runs.testSets.map(({ name }) => name));
  const testSets = [...study.testSets.filter(({ name }) => !added.has(name)), ...runs.testSets];
  const id = `${fingerprint([study.training, ...testSets])}-${study.training.ids.length}-${study.domains.length}`;
  return { study: { ...study, id, testSets }, settings };
}
