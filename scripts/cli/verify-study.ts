import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { NamedText } from '../../lib/corpora/text-files';
import { StageError } from '../../lib/model/errors';
import { runJob } from '../../lib/model/job';
import type { Bounds, Constraints, Objective } from '../../lib/model/limits';
import type { RegressorId } from '../../lib/model/regressor';
import { simulation, unlimited } from '../../lib/model/settings';
import type { Study, Target } from '../../lib/model/study';
import { boundsOf, feasibilityOf } from '../../lib/optimum/constraints';
import { defaultEngine } from '../../lib/optimum/engines';
import { createSolver, prepareParts } from '../../lib/optimum/solver';
import { assessStudy } from '../../lib/regression/assess';
import { predictModel } from '../../lib/regression/predict';
import { builtInStudies } from '../../lib/study/built-in';
import { layoutOf, sizeIds, sizes } from '../../lib/training/shape';
import { type Notify, UsageError } from './arguments';
import { type ColumnArguments, columnArguments } from './columns';
import { readStudy, readText } from './study';

/** A study by the id of a built-in one, or from the pair of CSVs that `train` writes into a folder. */
export async function readStudyNamed(
  name: string,
  options: ColumnArguments,
  notify: Notify,
): Promise<Study> {
  const builtIn = builtInStudies.find(({ id }) => id === name);
  if (!builtIn) {
    const files = { mixtures: join(name, 'mixtures.csv'), losses: [join(name, 'losses.csv')] };
    const study = await readStudy({ ...files, ...columnArguments(options) }, notify);
    return { ...study, source: { ...study.source, ...plannedProxies(name) } };
  }
  const [given] = Object.keys(columnArguments(options));
  if (given !== undefined) {
    throw new UsageError(`--${given} goes with a FOLDER of runs: those of ${name} are known`);
  }
  const paths = builtIn.files.map((file) => join('public', 'studies', builtIn.id, file));
  return builtIn.open(await Promise.all(paths.map(readText))).study;
}

/** The size of a folder's proxies, from the plan that `train` leaves beside the CSVs; empty without one. */
function plannedProxies(folder: string): Pick<Study['source'], 'parameters'> {
  const path = join(folder, 'plan.json');
  if (!existsSync(path)) return {};
  const plan = v.safeParse(planSchema, readFileSync(path, 'utf8'));
  return plan.success ? { parameters: layoutOf(sizes[plan.output.size]).count } : {};
}

const planSchema = v.pipe(v.string(), v.parseJson(), v.object({ size: v.picklist(sizeIds) }));

/** Limits from the available text: see RegMix's cap in `boundsOf`. */
function limitsByText(
  texts: readonly NamedText[],
  requestedTokens: number,
  epochs: number,
  beyondTried: boolean,
): Constraints {
  return {
    ...unlimited(texts.length),
    beyondTried,
    requestedTokens,
    availableTokens: texts.map(({ training }) => training.length),
    epochs: texts.map(() => epochs),
  };
}

/** The best mixture for a target within limits, according to a study. */
export interface FoundOptimum {
  readonly weights: Float64Array;
  /** D, 0..1. */
  readonly caps: Float64Array;
  readonly binding: readonly string[];
  /** Cross-validated Spearman's rho of the fit. */
  readonly rho: number;
  /** The fit's prediction for a mixture, in the target's unit at the proxies' size. */
  readonly predict: (mixture: Float64Array) => number;
}

/**
 * The bounds of {@link limitsByText}.
 *
 * @throws StageError when they leave no mixture
 */
export function boundsByText(
  study: Study,
  texts: readonly NamedText[],
  requestedTokens: number,
  epochs: number,
  beyondTried = false,
): Bounds {
  const constraints = limitsByText(texts, requestedTokens, epochs, beyondTried);
  const bounds = boundsOf(constraints, study);
  const feasibility = feasibilityOf(bounds, constraints, study.domains);
  if (feasibility.feasible) return bounds;
  const [remedy] = feasibility.remedies;
  throw new StageError('optimum', feasibility.message, remedy?.text);
}

/**
 * Fits a target and finds its optimum.
 *
 * @throws StageError when the runs cannot be fitted
 */
export function findOptimum(
  study: Study,
  target: Target,
  regressor: RegressorId,
  bounds: Bounds,
  seed: number,
): FoundOptimum {
  const { model, crossValidation } = runJob(assessStudy(study, target.id, regressor, { seed }));
  const objective: Objective = {
    kind: 'weighted',
    terms: [{ target: target.id, model, direction: target.direction, weight: 1, scale: 1 }],
    kl: 0,
    prior: study.prior.weights,
    unique: null,
    seek: 'best',
  };
  const asked = {
    objective,
    runs: study.training.mixtures,
    human: null,
    yours: null,
    samples: simulation.samples,
    seed,
  };
  const solver = runJob(createSolver(asked, runJob(prepareParts(asked))));
  const { optimum } = runJob(solver.solve(defaultEngine(objective), bounds, simulation.topK));
  return {
    weights: optimum.weights,
    caps: bounds.upper,
    binding: optimum.binding.map((domain) => study.domains[domain].id),
    rho: crossValidation.spearman,
    predict: (mixture) =>
      runJob(predictModel(model, { rows: 1, columns: mixture.length, values: mixture }))[0],
  };
}
