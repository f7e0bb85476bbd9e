import type { Model } from '../regression/types';
import type { EngineId } from './types';

/**
 * The engine that suits a model: a linear model has an exact answer; for trees a search from the
 * best simulated mixtures, since simulation alone hardly finds a mixture under tight caps.
 */
export function defaultEngine(model: Model): EngineId {
  return model.kind === 'linear' ? 'exact' : 'search';
}
