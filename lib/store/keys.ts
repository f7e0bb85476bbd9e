import type { ImportedModel } from '../regression/imported';
import type { FitOptions, RegressorId } from '../regression/types';
import { revisionOf } from '../study/revision';
import type { Settings } from '../study/settings';
import type { Study } from '../study/types';

/**
 * The one key of a fit and its model: equal keys have equal results, since every draw of a fit is seeded.
 * Whatever is made from a model has a key that this one is part of.
 */
export function fitKey(
  study: Study,
  target: string,
  regressor: RegressorId,
  settings: Settings,
): string {
  const parts = [revisionOf(study), target, regressor, settings.minRowsPerLeaf, settings.seed];
  if (regressor !== 'imported') return JSON.stringify(parts);
  return JSON.stringify([...parts, importedModel(study, target)?.id]);
}

export function fitOptions(settings: Settings): FitOptions {
  return settings.minRowsPerLeaf === null
    ? { seed: settings.seed }
    : { seed: settings.seed, minRowsPerLeaf: settings.minRowsPerLeaf };
}

/** The model that was imported for a target. */
export function importedModel(study: Study, target: string): ImportedModel | undefined {
  return study.imported?.find((imported) => imported.target === target);
}
