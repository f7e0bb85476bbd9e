/**
 * The options shared by commands that search for an optimum: objective, prior and limits, read into
 * a problem.
 */
import { knownCorpora, sizesIn } from '../../lib/corpora/known-sizes';
import { StageError } from '../../lib/model/errors';
import { runJob } from '../../lib/model/job';
import type { Constraints, ObjectiveTerm } from '../../lib/model/limits';
import { columnOf } from '../../lib/model/matrix';
import type { Assessment, RegressorId } from '../../lib/model/regressor';
import { defaultEpochs, unlimited } from '../../lib/model/settings';
import { standardDeviation } from '../../lib/model/statistics';
import type { Study, Target } from '../../lib/model/study';
import { assessStudy } from '../../lib/regression/assess';
import { withoutOutliers } from '../../lib/regression/outliers';
import { type DomainTable, readDomainTable } from '../../lib/runs/domain-table';
import { matchDomains } from '../../lib/runs/identify';
import { limitsOfTable } from '../../lib/study/apply-domain-table';
import {
  type Notify,
  pair,
  quantity,
  type readOptions,
  required,
  UsageError,
  weight,
} from './arguments';
import { chooseRegressor, findTarget, readStudy, readText, studyOptions } from './study';

/** Options for the objective and the limits. */
export const problemOptions = {
  ...studyOptions,
  prior: { type: 'string' },
  requested: { type: 'string' },
  available: { type: 'string' },
  sizes: { type: 'string' },
  epochs: { type: 'string' },
  max: { type: 'string', multiple: true },
  min: { type: 'string', multiple: true },
  weights: { type: 'string', multiple: true },
  objective: { type: 'string' },
  raw: { type: 'boolean' },
  kl: { type: 'string' },
  'discount-repeats': { type: 'boolean' },
} as const;

type ProblemOptions = ReturnType<typeof readOptions<typeof problemOptions>>;

/** A study with its objective and limits. */
export interface ReadProblem {
  readonly study: Study;
  readonly regressor: RegressorId;
  readonly terms: readonly TermRequest[];
  readonly constraints: Constraints;
  readonly prior: Float64Array;
  readonly seed: number;
}

/** A target with its weight in the objective. */
export interface TermRequest {
  readonly target: Target;
  readonly weight: number;
}

/**
 * Reads the study and the limits.
 *
 * @param notify called about tables that name other domains than the study
 * @throws UsageError, StageError
 */
export async function readProblem(
  options: ProblemOptions,
  published: boolean,
  notify: Notify,
): Promise<ReadProblem> {
  const seed = quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true });
  const weights = options.weights ?? [];
  const targetName = weights.length === 0 ? required(options.target, '--target') : options.target;
  if (weights.length > 0 && targetName !== undefined) {
    throw new UsageError('--target names one target, --weights several: give one of them');
  }
  const study = await readStudy(options, notify);
  const terms =
    targetName === undefined
      ? readWeights(study, weights)
      : [{ target: findTarget(study, targetName), weight: 1 }];
  return {
    study,
    regressor: chooseRegressor(study, options.regressor ?? (published ? 'gbdt-paper' : undefined)),
    terms,
    constraints: await readConstraints(study, options, notify),
    prior: await readPrior(study, options.prior, notify),
    seed,
  };
}

function readWeights(study: Study, given: readonly string[]): TermRequest[] {
  const terms = given.map((text) => {
    const [name, value] = pair(text, '--weights');
    const weight = quantity(value, '--weights', { low: 0, high: 1e6 });
    return { target: findTarget(study, name), weight };
  });
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) throw new UsageError('--weights: at least one target needs a weight above 0');
  const twice = terms.find(({ target }, at) => terms.findIndex((t) => t.target === target) < at);
  if (twice) throw new UsageError(`--weights names ${twice.target.id} twice`);
  return terms
    .filter(({ weight }) => weight > 0)
    .map(({ target, weight }) => ({ target, weight: weight / total }));
}

/** Fits every target of the objective. */
export function assessTerms({ study, regressor, terms, seed }: ReadProblem): Assessment[] {
  const known = new Map<string, Assessment>();
  return terms.map(({ target }) =>
    runJob(assessStudy(study, target.id, regressor, { seed }, known)),
  );
}

/** @param raw whether targets count in their own units rather than in units of their spread */
export function objectiveTerms(
  { study, terms }: ReadProblem,
  assessments: readonly Assessment[],
  raw: boolean,
): ObjectiveTerm[] {
  return terms.map(({ target, weight }, place) => {
    const column = withoutOutliers(
      columnOf(study.training.losses, study.targets.indexOf(target)),
      target.direction,
    );
    const spread = standardDeviation(column.filter(Number.isFinite)) || 1;
    return {
      target: target.id,
      model: assessments[place].model,
      direction: target.direction,
      weight,
      scale: raw || terms.length === 1 ? 1 : spread,
    };
  });
}

export function readKl(options: { readonly kl?: string }): number {
  return options.kl === undefined ? 0 : quantity(options.kl, '--kl', { low: 0, high: 1e6 });
}

/** A table of domains, with a warning when it names other ones than the study. */
async function readDomains(path: string, study: Study, notify: Notify): Promise<DomainTable> {
  const table = readDomainTable(await readText(path), study.domains);
  if (table.unknown.length > 0 || table.missing.length > 0) {
    notify(`regmix: ${table.file}: ${table.summary}`);
  }
  return table;
}

async function readPrior(
  study: Study,
  path: string | undefined,
  notify: Notify,
): Promise<Float64Array> {
  if (path === undefined) return study.prior.weights;
  const table = await readDomains(path, study, notify);
  if (!table.prior) {
    throw new StageError('mixtures', `${table.file} has no column named weight, share or prior.`);
  }
  return table.prior;
}

async function readConstraints(
  study: Study,
  options: ProblemOptions,
  notify: Notify,
): Promise<Constraints> {
  const requestedTokens =
    options.requested === undefined
      ? null
      : quantity(options.requested, '--requested', { low: 1, high: 1e18 });
  const epochs = quantity(options.epochs ?? String(defaultEpochs), '--epochs', {
    low: 1e-6,
    high: 1e6,
  });
  const limits = unlimited(study.domains.length);
  const constraints = { ...limits, requestedTokens, epochs: limits.epochs.map(() => epochs) };
  const given = await readTokens(study, options, constraints, notify);
  return {
    ...given,
    max: withWeights(study, given.max, options.max ?? [], '--max'),
    min: withWeights(study, given.min, options.min ?? [], '--min'),
  };
}

/** The limits with tokens at hand, and what else the table of them limits. */
async function readTokens(
  study: Study,
  options: ProblemOptions,
  constraints: Constraints,
  notify: Notify,
): Promise<Constraints> {
  if (options.available === undefined && options.sizes === undefined) return constraints;
  const option = options.available === undefined ? '--sizes' : '--available';
  if (constraints.requestedTokens === null) {
    throw new UsageError(`${option} limits nothing without --requested`);
  }
  if (options.available === undefined) {
    return { ...constraints, availableTokens: readSizes(study, options.sizes ?? '') };
  }
  if (options.sizes !== undefined) throw new UsageError('give one of --available and --sizes');
  const table = await readDomains(options.available, study, notify);
  if (!table.available) {
    throw new StageError('optimum', `${table.file} has no column named tokens.`);
  }
  return limitsOfTable(constraints, table);
}

/** @throws UsageError when there is no such corpus, or the study's domains are not its parts */
function readSizes(study: Study, id: string): readonly (number | null)[] {
  const corpus = knownCorpora.find((known) => known.id === id);
  if (!corpus) {
    const known = knownCorpora.map((each) => each.id).join(', ');
    throw new UsageError(`--sizes: found “${id}”, expected one of ${known}`);
  }
  const sizes = sizesIn(corpus, study.domains);
  if (sizes) return sizes.tokens;
  throw new UsageError(`--sizes: most domains of the runs are not those of ${corpus.name}`);
}

function withWeights<Value extends number | null>(
  study: Study,
  values: readonly Value[],
  given: readonly string[],
  option: string,
): (Value | number)[] {
  const changed: (Value | number)[] = [...values];
  for (const text of given) {
    const [name, value] = pair(text, option);
    const [matched] = matchDomains([name], study.domains);
    const domain = matched ? study.domains.indexOf(matched) : -1;
    if (domain < 0) {
      const known = study.domains.map(({ id }) => id).join(', ');
      throw new UsageError(`${option}: there is no domain “${name}”; known are ${known}`);
    }
    changed[domain] = weight(value, option);
  }
  return changed;
}

/** Which way is better: of the first target, and of each where there are several. */
export function directionsOf(terms: readonly TermRequest[]) {
  return {
    direction: terms[0].target.direction,
    ...(terms.length > 1 && {
      directions: Object.fromEntries(terms.map(({ target }) => [target.id, target.direction])),
    }),
  };
}

/** Values as an object by domain. */
export function byDomain<Value>(study: Study, values: ArrayLike<Value>): Record<string, Value> {
  return Object.fromEntries(study.domains.map(({ id }, domain) => [id, values[domain]]));
}
