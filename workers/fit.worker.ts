import { serveWorker } from '../lib/browser/serve-worker';
import { StageError } from '../lib/errors';
import type { Job } from '../lib/job';
import { assessStudy } from '../lib/regression/assess-study';
import { measureInteractions } from '../lib/regression/interactions';
import type { Assessment } from '../lib/regression/types';
import type { FitMethods, StudyTables } from '../lib/rpc/methods';

let loaded: StudyTables | null = null;
/** Of the study that is loaded. */
let known = new Map<string, Assessment>();

function study(id: string): StudyTables {
  if (loaded?.id !== id) {
    throw new StageError('regression', 'Another study was opened meanwhile.', 'Try again.');
  }
  return loaded;
}

function* load(tables: StudyTables): Job<null> {
  loaded = tables;
  known = new Map();
  yield { done: 1, total: 1, unit: 'studies' };
  return null;
}

void serveWorker<FitMethods>({
  load,
  assess: function* ({ study: id, target, regressor, options, imported }) {
    // What is known is kept, and results are moved to the page: it gets a copy.
    return structuredClone(
      yield* assessStudy(study(id), target, regressor, options, known, imported),
    );
  },
  interactions: ({ study: id }) => measureInteractions(study(id).training),
});
