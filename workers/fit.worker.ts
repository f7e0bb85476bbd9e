import { StageError } from '../lib/errors';
import type { Job } from '../lib/job';
import { assessStudy } from '../lib/regression/assess-study';
import { measureInteractions } from '../lib/regression/interactions';
import type { FitMethods, StudyTables } from '../lib/rpc/methods';
import { serve } from '../lib/rpc/serve';

let loaded: StudyTables | null = null;

function study(id: string): StudyTables {
  if (loaded?.id !== id) {
    throw new StageError('regression', 'Another study was opened meanwhile.', 'Try again.');
  }
  return loaded;
}

function* load(tables: StudyTables): Job<null> {
  loaded = tables;
  yield { done: 1, total: 1, unit: 'studies' };
  return null;
}

serve<FitMethods>(self, {
  load,
  assess: ({ study: id, target, regressor, options }) =>
    assessStudy(study(id), target, regressor, options),
  interactions: ({ study: id }) => measureInteractions(study(id).training),
});
