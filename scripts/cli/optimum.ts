import { StageError } from '../../lib/errors';
import { formatNumber, formatPercent } from '../../lib/format';
import { runJob } from '../../lib/job';
import { boundsOf, feasibilityOf } from '../../lib/optimum/constraints';
import { defaultEngine } from '../../lib/optimum/engines';
import { createSolver, prepareParts } from '../../lib/optimum/solver';
import type { Bounds, Constraints, EngineId, Optimum } from '../../lib/optimum/types';
import { assessStudy } from '../../lib/regression/assess-study';
import type { RegressorId } from '../../lib/regression/types';
import { availableTokens, type DomainTable, readDomainTable } from '../../lib/runs/domain-table';
import { matchDomains } from '../../lib/runs/identify';
import { defaultEpochs, simulation, unlimited } from '../../lib/study/settings';
import type { Study, Target } from '../../lib/study/types';
import { alignColumns } from './align';
import { pair, quantity, readOptions, required, UsageError, weight } from './arguments';
import { chooseRegressor, findTarget, readStudy, readText, studyOptions } from './study';

const engines: readonly EngineId[] = ['search', 'simulation', 'exact', 'paper'];

const optimumOptions = {
  ...studyOptions,
  prior: { type: 'string' },
  requested: { type: 'string' },
  available: { type: 'string' },
  epochs: { type: 'string' },
  max: { type: 'string', multiple: true },
  min: { type: 'string', multiple: true },
  engine: { type: 'string' },
  samples: { type: 'string' },
  top: { type: 'string' },
} as const;

type Options = ReturnType<typeof readOptions<typeof optimumOptions>>;

/** `regmix optimum`: the mixture to train on under the limits. */
export async function runOptimum(args: readonly string[]): Promise<string> {
  const options = readOptions(args, optimumOptions);
  const targetName = required(options.target, '--target');
  const seed = quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true });
  const samples = quantity(options.samples ?? String(simulation.samples), '--samples', {
    low: 1,
    high: 1_000_000,
    whole: true,
  });
  const topK = quantity(options.top ?? String(simulation.topK), '--top', {
    low: 1,
    high: samples,
    whole: true,
  });
  const engine = options.engine && engines.find((id) => id === options.engine);
  if (options.engine && !engine) {
    throw new UsageError(`--engine: found “${options.engine}”, expected ${engines.join(', ')}`);
  }
  const study = await readStudy(options);
  const target = findTarget(study, targetName);
  if (engine === 'paper' && options.prior === undefined) {
    throw new UsageError('--engine paper draws round each domain’s share of tokens: give --prior');
  }
  const published = engine === 'paper' ? 'gbdt-paper' : undefined;
  const regressor = chooseRegressor(study, options.regressor ?? published);
  const constraints = await readConstraints(study, options);
  const prior = await readPrior(study, options.prior);

  const bounds = boundsOf(constraints);
  const feasibility = feasibilityOf(bounds, constraints, study.domains);
  const caps = byDomain(study, bounds.upper);
  if (!feasibility.feasible) {
    const { message, remedies } = feasibility;
    const advice = remedies.map(({ text }) => text);
    if (!options.json) return [message, ...advice].join('\n');
    return JSON.stringify({
      weights: null,
      predicted: null,
      caps,
      binding: [],
      feasible: false,
      message,
      remedies: advice,
    });
  }
  const { model } = runJob(assessStudy(study, target.id, regressor, { seed }));
  if (engine === 'exact' && model.kind !== 'linear') {
    throw new UsageError(`--engine exact is for linear regressors, not ${regressor}`);
  }
  const problem = {
    model,
    direction: target.direction,
    runs: study.training.mixtures,
    prior,
    human: null,
    samples,
    seed,
  };
  const solver = runJob(createSolver(problem, runJob(prepareParts(problem))));
  const { optimum } = runJob(solver.solve(engine || defaultEngine(model), bounds, topK));
  const binding = optimum.binding.map((domain) => study.domains[domain].id);
  if (!options.json) return asText(study, target, bounds, optimum, regressor);
  return JSON.stringify({
    weights: byDomain(study, optimum.weights),
    predicted: { mean: optimum.predicted },
    caps,
    binding,
    feasible: true,
  });
}

/** A table about the domains, with a warning when it names other ones than the study. */
async function readDomains(path: string, study: Study): Promise<DomainTable> {
  const table = readDomainTable(await readText(path), study.domains);
  if (table.unknown.length > 0 || table.missing.length > 0) {
    process.stderr.write(`regmix: ${table.file}: ${table.summary}\n`);
  }
  return table;
}

async function readPrior(study: Study, path: string | undefined): Promise<Float64Array> {
  if (path === undefined) return study.prior.weights;
  const table = await readDomains(path, study);
  if (!table.prior) {
    throw new StageError('mixtures', `${table.file} has no column named weight, share or prior.`);
  }
  return table.prior;
}

async function readConstraints(study: Study, options: Options): Promise<Constraints> {
  const requestedTokens =
    options.requested === undefined
      ? null
      : quantity(options.requested, '--requested', { low: 1, high: 1e18 });
  const epochs = quantity(options.epochs ?? String(defaultEpochs), '--epochs', {
    low: 1e-6,
    high: 1e6,
  });
  const constraints = unlimited(study.domains.length);
  let available = constraints.availableTokens;
  let perDomain = constraints.epochs.map(() => epochs);
  if (options.available !== undefined) {
    if (requestedTokens === null) {
      throw new UsageError('--available limits nothing without --requested');
    }
    const table = await readDomains(options.available, study);
    const tokens = availableTokens(table, requestedTokens);
    if (!tokens) throw new StageError('optimum', `${table.file} has no column named tokens.`);
    available = tokens;
    perDomain = perDomain.map((value, domain) => table.epochs?.[domain] ?? value);
  }
  return {
    ...constraints,
    requestedTokens,
    availableTokens: available,
    epochs: perDomain,
    max: withWeights(study, constraints.max, options.max ?? [], '--max'),
    min: withWeights(study, constraints.min, options.min ?? [], '--min'),
  };
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

function byDomain(study: Study, values: Float64Array): Record<string, number> {
  return Object.fromEntries(study.domains.map(({ id }, domain) => [id, values[domain]]));
}

function asText(
  study: Study,
  target: Target,
  bounds: Bounds,
  { engine, weights, predicted, binding, notes }: Optimum,
  regressor: RegressorId,
): string {
  const rows = study.domains
    .map(({ id }, domain) => ({
      id,
      weight: weights[domain],
      cap: bounds.upper[domain] < 1 ? formatPercent(bounds.upper[domain], 2) : '',
      binds: binding.includes(domain) ? 'binds' : '',
    }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ id, weight: share, cap, binds }) => [id, formatPercent(share, 2), cap, binds]);
  const unit = target.unit === '' ? '' : ` ${target.unit}`;
  return [
    `${target.name} predicted at ${formatNumber(predicted, 4)}${unit} by ${regressor}; mixture by ${engine}`,
    ...alignColumns([['domain', 'weight', 'cap', ''], ...rows]),
    ...notes,
  ].join('\n');
}
