import type { EngineId, Objective } from '../model/limits';
import { hasExactOptimum } from './water-filling';

/** Whether every model of an objective has a gradient: trees have none, imported models expose none. */
export function isSmooth({ terms }: Pick<Objective, 'terms'>): boolean {
  return terms.every(({ model }) => model.kind !== 'trees' && model.kind !== 'onnx');
}

/**
 * The engine that suits an objective: exact where there is an exact answer, gradient where there are
 * gradients; for others a search from the best simulated mixtures, since simulation alone hardly finds
 * a mixture under tight caps.
 */
export function defaultEngine(objective: Objective): EngineId {
  if (hasExactOptimum(objective)) return 'exact';
  return isSmooth(objective) ? 'gradient' : 'search';
}

/** The chosen engine, or the one that suits when it cannot be used for this objective. */
export function usableEngine(chosen: EngineId | null, objective: Objective): EngineId {
  const fits =
    chosen !== null &&
    (chosen !== 'exact' || hasExactOptimum(objective)) &&
    (chosen !== 'gradient' || isSmooth(objective));
  return fits ? chosen : defaultEngine(objective);
}
