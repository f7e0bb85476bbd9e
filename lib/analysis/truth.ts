import type { Objective } from '../model/limits';
import { boundsOf, feasibilityOf } from '../optimum/constraints';
import { isKnownLaw, solveTruth, type TrueOptimum } from '../optimum/truth';
import type { Session } from '../session/study-store';
import { targetShares } from './keys';
import { problemOf } from './plan';

/** The true optimum of a session, with its objective. */
export interface Truth extends TrueOptimum {
  readonly objective: Objective;
}

/**
 * The best mixture within the session's limits by the laws that its runs were drawn from.
 *
 * @returns null where the study has no law for what is optimised, no mixture meets the limits, or the worst
 *   mixture is sought
 */
export function findTruth(session: Session): Truth | null {
  const { study, settings } = session;
  const laws = targetShares(session).map(
    ({ target }) => study.truth?.[study.targets.findIndex(({ id }) => id === target)],
  );
  const known = laws.flatMap((law) => law ?? []);
  if (known.length < laws.length) return null;
  const bounds = boundsOf(settings.constraints, study);
  if (!feasibilityOf(bounds, settings.constraints, study.domains).feasible) return null;
  const { objective } = problemOf(session, 'truth', known);
  return isKnownLaw(objective) ? { objective, ...solveTruth(objective, bounds) } : null;
}
