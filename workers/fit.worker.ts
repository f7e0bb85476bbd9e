import { StageError } from '../lib/errors';
import type { Job } from '../lib/job';
import { assess } from '../lib/regression/assess';
import { measureInteractions } from '../lib/regression/interactions';
import { findRegressor } from '../lib/regression/regressors';
import { targetSample } from '../lib/regression/sample';
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
  assess: ({ study: id, target, regressor, options }) => {
    const { targets, training, testSets } = study(id);
    const index = targets.findIndex((candidate) => candidate.id === target);
    if (index < 0) throw new StageError('regression', `The study has no target “${target}”.`);
    const { usesRecordedWeights } = findRegressor(regressor);
    return assess({
      regressor,
      target,
      training: targetSample(training, index, usesRecordedWeights),
      tests: testSets.map((table) => ({
        name: table.name,
        ...targetSample(table, index, usesRecordedWeights),
      })),
      options,
    });
  },
  interactions: ({ study: id }) => measureInteractions(study(id).training),
});
