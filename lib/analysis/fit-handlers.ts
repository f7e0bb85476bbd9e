import { StageError } from '../model/errors';
import { recentCache } from '../model/recent';
import type { Assessment } from '../model/regressor';
import { assessStudy } from '../regression/assess';
import { measureInteractions } from '../regression/interactions';
import type { Handlers } from '../rpc/serve';
import type { FitMethods, StudyTables } from './methods';

/**
 * Assessments that are held, each with its model: parts of the means that are asked for next. A study of
 * more targets has the first of its laws fitted twice.
 */
const maxAssessments = 128;

/** What the fit worker does, for one revision of a study at a time. */
export function createFitHandlers(
  known = recentCache<Assessment>(maxAssessments),
): Handlers<FitMethods> {
  let loaded: StudyTables | null = null;

  function tablesOf(revision: string): StudyTables {
    if (loaded?.revision !== revision) {
      throw new StageError('regression', 'The runs have changed meanwhile.', 'Try again.');
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
      // What is known is kept, and results are moved to the page: it gets a copy.
      return structuredClone(
        yield* assessStudy(tables, target, regressor, options, known, imported),
      );
    },
    interactions: ({ revision }) => measureInteractions(tablesOf(revision).training),
  };
}
