/** Keys of fits, and the shares of the targets that an objective weighs. */

import { columnOf } from '../model/matrix';
import type { FitOptions, ImportedModel, RegressorId } from '../model/regressor';
import type { Settings } from '../model/settings';
import { standardDeviation } from '../model/statistics';
import type { Study } from '../model/study';
import { withoutOutliers } from '../regression/outliers';
import type { Session } from '../session/study-store';
import { revisionOf } from '../study/identity';

/**
 * The key of a fit and its model: equal keys have equal results, since every random draw is seeded. Keys of
 * whatever is derived from a model contain this one.
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

/** A target that is optimised, with its share of the objective. */
export interface TargetShare {
  /** Target id. */
  readonly target: string;
  /** > 0; all shares sum to 1. */
  readonly weight: number;
  /** Predictions are divided by it: the target's spread over the training runs, or 1. */
  readonly scale: number;
}

/**
 * The targets that the session optimises. Targets of one family share its weight: each counts as its own
 * weight divided by the number of targets that the family has in the objective.
 */
export function targetShares({ study, settings }: Session): TargetShare[] {
  const { kind, weights, families, normalised } = settings.objective;
  const single = [{ target: settings.target, weight: 1, scale: 1 }];
  if (kind === 'single') return single;
  // Ids come from files, so one may be the name of an Object.prototype member.
  const weightOf = (id: string) => (Object.hasOwn(weights, id) ? weights[id] : 0);
  const familyOf = (id: string) => (Object.hasOwn(families, id) ? families[id] : '');
  const chosen = study.targets.filter(({ id }) => weightOf(id) > 0);
  if (chosen.length === 0) return single;
  const membersOf = new Map<string, number>();
  for (const { id } of chosen) {
    const family = familyOf(id);
    if (family) membersOf.set(family, (membersOf.get(family) ?? 0) + 1);
  }
  const raw = chosen.map(({ id }) => weightOf(id) / (membersOf.get(familyOf(id)) ?? 1));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return chosen.map((target, place) => ({
    target: target.id,
    weight: raw[place] / total,
    scale: normalised ? spreadOf(study.targets.indexOf(target)) : 1,
  }));

  function spreadOf(column: number): number {
    const measured = withoutOutliers(
      columnOf(study.training.losses, column),
      study.targets[column].direction,
    ).filter(Number.isFinite);
    return standardDeviation(measured) || 1;
  }
}
