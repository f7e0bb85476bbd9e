import { runJob } from '../job';
import { boundsOf, feasibilityOf } from '../optimum/constraints';
import { createSolver, prepareParts } from '../optimum/solver';
import { assessStudy } from '../regression/assess-study';
import { measureInteractions } from '../regression/interactions';
import type { RegressorId } from '../regression/types';
import { type AnalysisState, type FitState, reportOf } from './analysis-store';
import { fitKey, fitOptions } from './keys';
import { enginesFor, problemOf, wantedFits } from './plan';
import type { Session } from './study-store';

/**
 * The whole analysis of a session in one go, as the workers would make it step by step: for a page
 * that is finished before any script runs. Models are left out of the fits, being large; the
 * pipeline fits the one on view again.
 *
 * @throws StageError when the session's own target cannot be fitted
 */
export function prepareAnalysis(session: Session): AnalysisState {
  const { study, settings } = session;
  const fits = new Map<string, FitState>();
  const assessed = (target: string, regressor: RegressorId) =>
    runJob(assessStudy(study, target, regressor, fitOptions(settings)));
  const active = assessed(settings.target, settings.regressor);
  for (const { key, target, regressor } of wantedFits(session)) {
    const isActive = target === settings.target && regressor === settings.regressor;
    const assessment = isActive ? active : assessed(target, regressor);
    fits.set(key, { status: 'done', report: reportOf(assessment), model: null });
  }
  const bounds = boundsOf(settings.constraints);
  const feasibility = feasibilityOf(bounds, settings.constraints, study.domains);
  const key = fitKey(study, settings.target, settings.regressor, settings);
  const problem = problemOf(session, key, active.model);
  const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
  const engine = enginesFor(settings.engine, active.model).slice(-1)[0];
  return {
    fits,
    interactions: { status: 'done', value: runJob(measureInteractions(study.training)) },
    optimum: {
      report: feasibility.feasible ? runJob(solver.solve(engine, bounds, settings.topK)) : null,
      feasibility,
      status: feasibility.feasible ? 'ready' : 'infeasible',
      progress: null,
      failure: null,
    },
  };
}
