/** How the optimum settles as runs come in: one moment for each number of runs that it was found from. */
import type { Model, RegressorId } from '../model/regressor';
import type { RunTable, Study } from '../model/study';
import { boundsOf, feasibilityOf } from '../optimum/constraints';
import { regressorInfo } from '../regression/catalogue';
import { CancelledError, type Client } from '../rpc/client';
import { minimumTrainingRows } from '../runs/recognition';
import type { Session } from '../session/study-store';
import { revisionOf } from '../study/identity';
import { fitOptions, targetShares } from './keys';
import type { FitMethods, OptimumMethods } from './methods';
import { enginesFor, problemOf } from './plan';

/** The optimum found from so many runs. */
export interface Moment {
  /** The training that the runs are of. */
  readonly job: string;
  /** What was asked for, see {@link askedFor}: moments of one question make up one course. */
  readonly question: string;
  readonly runs: number;
  /** D weights. */
  readonly weights: Float64Array;
  /** Prediction for them, of the first target, in its unit. */
  readonly predicted: number;
  /** Of cross-validation; NaN = not known. */
  readonly rho: number;
  /** Probability of such a rho where the runs tell nothing of mixtures; NaN = not known. */
  readonly p: number;
}

/** Moments remembered at most, of all trainings and questions. */
const maxMoments = 1_000;
/** Moments of a replay at most. */
const replayed = 12;

/** Identifies what an optimum is found for, whatever the runs and the regressor. */
export function askedFor({ settings }: Pick<Session, 'settings'>): string {
  const { target, objective, constraints } = settings;
  return JSON.stringify([target, objective, constraints]);
}

/** The moments with one more; a later one from as many runs replaces the earlier: its fit is more accurate. */
export function withMoment(moments: readonly Moment[], moment: Moment): Moment[] {
  const { job, question, runs } = moment;
  const others = moments.filter(
    (each) => each.job !== job || each.question !== question || each.runs !== runs,
  );
  return [...others, moment].slice(-maxMoments);
}

/** The course of one question about one training, by ascending number of runs. */
export function courseOf(moments: readonly Moment[], job: string, question: string): Moment[] {
  return moments
    .filter((each) => each.job === job && each.question === question)
    .sort((a, b) => a.runs - b.runs);
}

/** Share of the runs over which an optimum is to keep still before it counts as settled. */
const settlingShare = 0.25;

/**
 * The weight that changed most over the last quarter of the runs.
 *
 * @param course ascending; see {@link courseOf}
 * @returns null while the course is shorter
 */
export function lastMove(course: readonly Moment[]): {
  /** Runs since. */
  readonly runs: number;
  readonly domain: number;
  readonly from: number;
  readonly to: number;
} | null {
  const last = course.at(-1);
  const before = course.findLast(
    ({ runs }) => last !== undefined && runs <= (1 - settlingShare) * last.runs,
  );
  if (!last || !before) return null;
  const moves = Array.from(last.weights, (to, domain) => ({
    runs: last.runs - before.runs,
    domain,
    from: before.weights[domain],
    to,
  }));
  return moves.reduce((most, each) =>
    Math.abs(each.to - each.from) > Math.abs(most.to - most.from) ? each : most,
  );
}

/**
 * Numbers of runs for which a replay finds the optimum: the last is all of them.
 *
 * @param least runs that the regressor needs
 * @returns ascending; empty where there are too few runs
 */
export function replaySizes(total: number, least: number): number[] {
  const first = Math.max(minimumTrainingRows, least);
  if (total < first) return [];
  const count = Math.min(replayed, total - first + 1);
  const sizes = Array.from({ length: count }, (_, place) =>
    Math.round(count === 1 ? total : first + ((total - first) * place) / (count - 1)),
  );
  return [...new Set(sizes)];
}

/**
 * Finds the moments of a finished training again: the optimum from its first runs, in the order of the study,
 * for more and more of them.
 *
 * @param onMoment called with each, and with the number of those to come
 * @throws CancelledError on abort
 */
export async function replayMoments(
  session: Session,
  job: string,
  { fit, optimum }: { readonly fit: Client<FitMethods>; readonly optimum: Client<OptimumMethods> },
  onMoment: (moment: Moment, left: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { study, settings } = session;
  const regressor: RegressorId = settings.regressor === 'imported' ? 'law' : settings.regressor;
  const { minimumRows } = regressorInfo(regressor);
  const sizes = replaySizes(study.training.ids.length, minimumRows(study.domains.length));
  const question = askedFor(session);
  for (const [place, runs] of sizes.entries()) {
    const some = withFirstRuns(study, runs);
    const bounds = boundsOf(settings.constraints, some);
    if (!feasibilityOf(bounds, settings.constraints, study.domains).feasible) return;
    const revision = revisionOf(some);
    const { targets, training, testSets } = some;
    await fit.call('load', { revision, targets, training, testSets }, { signal });
    const models: Model[] = [];
    let [rho, p] = [Number.NaN, Number.NaN];
    for (const { target } of targetShares({ study: some, settings })) {
      const request = { revision, target, regressor, options: fitOptions(settings) };
      const assessment = await fit.call('assess', request, { signal });
      models.push(assessment.model);
      if (target !== settings.target) continue;
      rho = assessment.crossValidation.spearman;
      p = assessment.signal.p;
    }
    const problem = problemOf({ study: some, settings }, `replay ${revision} ${regressor}`, models);
    await optimum.call('prepare', problem, { signal });
    const engine = enginesFor(settings.engine, problem.objective).slice(-1)[0];
    const request = { key: problem.key, engine, topK: settings.topK, bounds };
    const report = await optimum.call('solve', request, { signal });
    if (signal.aborted) throw new CancelledError('Cancelled.');
    const { weights, predicted } = report.optimum;
    onMoment({ job, question, runs, weights, predicted, rho, p }, sizes.length - place - 1);
  }
}

/** The study with its first training runs alone. */
function withFirstRuns(study: Study, runs: number): Study {
  const { name, ids, mixtures, losses }: RunTable = study.training;
  const first = ({ columns, values }: typeof mixtures) => ({
    rows: runs,
    columns,
    values: values.slice(0, runs * columns),
  });
  const training = {
    name,
    ids: ids.slice(0, runs),
    mixtures: first(mixtures),
    losses: first(losses),
  };
  return { ...study, training, testSets: [] };
}
