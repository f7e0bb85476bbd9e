import { StageError } from '../model/errors';
import { recentCache } from '../model/recent';
import type { Assessment } from '../model/regressor';
import { assessStudy } from '../regression/assess';
import { measureInteractions } from '../regression/interactions';
import type { Handlers } from '../rpc/serve';
import type { FitMethods, StudyTables } from './methods';

/**
 * Number of assessments cached, each with its model, as parts of later means. In a study with more targets
 * the first laws are fitted twice.
 */
const maxAssessments = 128;

/** What the fit worker does, for one revision of a study at a time. */
export function createFitHandlers(
  known = recentCache<Assessment>(maxAssessments),
): Handlers<FitMethods> {
  let loaded: StudyTables | null = null;

  function tablesOf(revision: string): StudyTables {
    if (loaded?.revision !== revision) {
      throw new StageError('regression', 'The runs have changed since.', 'Try again.');
    }
    return loaded;
  }

  return {
    *load(tables) {
      loaded = tables;
      known.clear();
      yield { done: 1, total: 1, unit: 'studies' };
      return null;
    },
    *assess({ revision, target, regressor, options, imported }) {
      const tables = tablesOf(revision);
      // Results are transferred to the page, so it gets a copy of the cached one.
      return structuredClone(
        yield* assessStudy(tables, target, regressor, options, known, imported),
      );
    },
    interactions({ revision }) {
      const { training, targets } = tablesOf(revision);
      return measureInteractions(training, targets);
    },
  };
}
