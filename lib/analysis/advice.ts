/** The advice on an optimum that was found with the fits in hand. */
import type { Advice, AtOptimum, Objective, OptimumReport } from '../model/limits';
import type { FitReport } from '../model/regressor';
import { adviceOn } from '../optimum/advice';
import { regressorInfo } from '../regression/catalogue';
import type { Session } from '../session/study-store';
import type { AnalysisState, Solved } from './analysis-store';
import { fitKey } from './keys';

/**
 * @param at what is known of the predictions for the optimum beyond the fit's own; null while nothing is
 * @returns null where the report of a fit behind the optimum is not at hand
 */
export function adviceFor(
  { study, settings }: Session,
  fits: AnalysisState['fits'],
  { regressor, isPreliminary }: Pick<Solved, 'regressor' | 'isPreliminary'>,
  objective: Objective,
  found: OptimumReport,
  at: readonly AtOptimum[] | null = null,
): Advice | null {
  const reports = objective.terms.flatMap(({ target }): FitReport[] => {
    const fit = fits.get(fitKey(study, target, regressor, settings));
    return fit?.status === 'done' ? [fit.report] : [];
  });
  if (reports.length < objective.terms.length) return null;
  const mayHaveSeenRuns = regressorInfo(regressor).mayHaveSeenRuns ?? false;
  return adviceOn({ objective, fits: reports, found, at, isPreliminary, mayHaveSeenRuns });
}
