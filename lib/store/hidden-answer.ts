import type { OptimumState } from './analysis-store';

const stripped = new WeakMap<OptimumState, OptimumState>();

/**
 * The optimum as somebody sees it from whom a lesson hides the answer: as if none had been found. Whether
 * any mixture meets the limits stays. Equal arguments give the same object, as stores want it.
 */
export function withoutAnswer(optimum: OptimumState): OptimumState {
  const known = stripped.get(optimum);
  if (known) return known;
  const made: OptimumState = { ...optimum, report: null, solved: null, takeover: null };
  stripped.set(optimum, made);
  return made;
}
