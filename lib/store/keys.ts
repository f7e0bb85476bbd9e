import type { FitOptions, RegressorId } from '../regression/types';
import type { Settings } from '../study/settings';
import type { Study } from '../study/types';

/** Identifies one fit: equal keys have equal results, since every draw of a fit is seeded. */
export function fitKey(
  study: Study,
  target: string,
  regressor: RegressorId,
  settings: Settings,
): string {
  return JSON.stringify([study.id, target, regressor, settings.minRowsPerLeaf, settings.seed]);
}

export function fitOptions(settings: Settings): FitOptions {
  return settings.minRowsPerLeaf === null
    ? { seed: settings.seed }
    : { seed: settings.seed, minRowsPerLeaf: settings.minRowsPerLeaf };
}
