import { runJob } from '../model/job';
import type { Assessment } from '../model/regressor';
import { boundsOf, feasibilityOf } from '../optimum/constraints';
import { createSolver, prepareParts } from '../optimum/solver';
import { assessStudy } from '../regression/assess';
import { measureInteractions } from '../regression/interactions';
import type { Session } from '../session/study-store';
import { adviceFor } from './advice';
import { type AnalysisState, activeModels, type FitState, reportOf } from './analysis-store';
import { everyDemand } from './demand-store';
import { fitOptions } from './keys';
import { optimismOfStudy } from './optimism';
import { enginesFor, neededFits, problemOf, questionOf } from './plan';

/**
 * The whole analysis of a session in one call, for prerendering; equal to what the workers compute step by
 * step. Models are left out of the fits because of their size; the pipeline refits the visible one.
 *
 * @throws StageError when the session's own target cannot be fitted
 */
export function prepareAnalysis(session: Session): AnalysisState {
  const { study, settings } = session;
  const known = new Map<string, Assessment>();
  const fitted = new Map<string, FitState>();
  const reported = new Map<string, FitState>();
  for (const { key, target, regressor, isUrgent } of neededFits(session, everyDemand)) {
    const options = fitOptions(settings);
    const assessment = runJob(assessStudy(study, target, regressor, options, known));
    const report = reportOf(assessment);
    reported.set(key, { status: 'done', report, model: null });
    if (isUrgent) fitted.set(key, { status: 'done', report, model: assessment.model });
  }
  const bounds = boundsOf(settings.constraints, study);
  const feasibility = feasibilityOf(bounds, settings.constraints, study.domains);
  const active = activeModels(session, fitted);
  if (!active.models) throw new RangeError('a fit that the optimum needs was not wanted');
  const problem = problemOf(session, active.key, active.models);
  const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
  const engine = enginesFor(settings.engine, problem.objective).slice(-1)[0];
  const report = feasibility.feasible ? runJob(solver.solve(engine, bounds, settings.topK)) : null;
  const solved = feasibility.feasible ? questionOf(session, active) : null;
  const advice = report && solved && adviceFor(session, fitted, solved, problem.objective, report);
  const isAdvised = advice !== null && advice.verb !== 'none';
  const at =
    isAdvised && solved && !solved.isPreliminary
      ? runJob(
          optimismOfStudy(
            study,
            { regressor: solved.regressor, options: fitOptions(settings) },
            problem.objective,
            bounds,
          ),
        )
      : null;
  return {
    fits: reported,
    interactions: {
      status: 'done',
      value: runJob(measureInteractions(study.training, study.targets)),
    },
    optimum: {
      report,
      solved,
      advice,
      isRecalled: false,
      refinement: null,
      pinCosts: new Map(),
      correction: at && solved && { question: solved.question, asked: solved.asked, at },
      feasibility,
      status: feasibility.feasible ? 'ready' : 'infeasible',
      progress: null,
      failure: null,
    },
  };
}
