/** The command `regmix optimum`: its options, the search, and its output as text or JSON. */
import { formatNumber, formatPercent } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import type {
  BoundSource,
  Bounds,
  EngineId,
  Feasibility,
  LimitsCost,
  Objective,
  OptimumReport,
} from '../../lib/model/limits';
import type { Assessment, RegressorId } from '../../lib/model/regressor';
import { simulation } from '../../lib/model/settings';
import type { Study } from '../../lib/model/study';
import { boundsOf, feasibilityOf, isUntried, uniqueShares } from '../../lib/optimum/constraints';
import { defaultEngine, usableEngine } from '../../lib/optimum/engines';
import { createSolver, prepareParts } from '../../lib/optimum/solver';
import { bandAt, runsForLevel } from '../../lib/regression/bands';
import { alignColumns, choice, type Notify, quantity, readOptions, UsageError } from './arguments';
import {
  assessTerms,
  byDomain,
  objectiveTerms,
  problemOptions,
  readKl,
  readProblem,
  type TermRequest,
} from './problem';
import { describeFarRuns, findFarRuns } from './study';

const engines: readonly EngineId[] = ['exact', 'gradient', 'search', 'simulation', 'paper'];
const kinds: readonly Objective['kind'][] = ['weighted', 'regret'];

const optimumOptions = {
  ...problemOptions,
  'beyond-tried': { type: 'boolean' },
  worst: { type: 'boolean' },
  engine: { type: 'string' },
  samples: { type: 'string' },
  top: { type: 'string' },
} as const;

/** `regmix optimum`: the mixture to train on under the limits. */
export async function runOptimum(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, optimumOptions);
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
  const engine = choice(options.engine, '--engine', engines);
  if (engine === 'paper' && options.prior === undefined) {
    throw new UsageError('--engine paper draws round each domain’s share of tokens: give --prior');
  }
  const kl = readKl(options);
  const kind = choice(options.objective, '--objective', kinds) ?? 'weighted';
  const problem = await readProblem(options, engine === 'paper', notify);
  const { study, regressor, terms, seed } = problem;
  const constraints = { ...problem.constraints, beyondTried: options['beyond-tried'] ?? false };
  const bounds = boundsOf(constraints, study.training);
  const feasibility = feasibilityOf(bounds, constraints, study.domains);
  const untried = study.domains.flatMap(({ id }, domain) =>
    isUntried(bounds, domain) ? [id] : [],
  );
  const caps = {
    caps: byDomain(study, bounds.upper),
    capSources: byDomain(study, bounds.source),
    untried,
  };
  if (!feasibility.feasible) return infeasibleAnswer(feasibility, caps, options.json ?? false);

  const assessments = assessTerms(problem);
  const objective: Objective = {
    kind: options.worst ? 'weighted' : kind,
    terms: objectiveTerms(problem, assessments, options.raw ?? false),
    kl,
    prior: problem.prior,
    unique: options['discount-repeats'] ? uniqueShares(constraints) : null,
    seek: options.worst ? 'worst' : 'best',
  };
  if (engine && usableEngine(engine, objective) !== engine) {
    throw new UsageError(`--engine ${engine} cannot be used for this objective by ${regressor}`);
  }
  const runs = study.training.mixtures;
  const asked = { objective, runs, human: null, yours: null, samples, seed };
  const solver = runJob(createSolver(asked, runJob(prepareParts(asked))));
  const report = runJob(solver.solve(engine ?? defaultEngine(objective), bounds, topK));
  const { optimum, prices, tokenPrices, cost } = report;
  const binding = optimum.binding.map((domain) => study.domains[domain].id);
  const predicted = optimum.predictions.map((mean, place) =>
    withInterval(mean, assessments[place]),
  );
  const far = findFarRuns(study, assessments);
  if (!options.json) {
    const text = asText(study, terms, predicted, bounds, report, regressor);
    return [text, ...describeFarRuns(far)].join('\n');
  }
  return JSON.stringify({
    weights: byDomain(study, optimum.weights),
    predicted: predicted[0],
    ...(terms.length > 1 && {
      predictions: Object.fromEntries(
        terms.map(({ target }, place) => [target.id, predicted[place]]),
      ),
    }),
    ...caps,
    binding,
    outliers: far.map(({ id }) => id),
    prices: prices && {
      points: byDomain(study, prices),
      tokens: tokenPrices && byDomain(study, tokenPrices),
    },
    cost: cost && {
      score: cost.score,
      without: {
        weights: byDomain(study, cost.weights),
        predictions: Object.fromEntries(
          terms.map(({ target }, place) => [target.id, cost.predictions[place]]),
        ),
      },
    },
    feasible: true,
  });
}

/** A prediction with the band that holds 90% of unseen runs. */
interface Predicted {
  readonly mean: number;
  /** null = too few runs for a band of 90%. */
  readonly interval: readonly [number, number] | null;
}

function withInterval(mean: number, { bands }: Assessment): Predicted {
  const half = bandAt(bands, 90, mean);
  return { mean, interval: half === null ? null : [mean - half, mean + half] };
}

/** Where a cap comes from, in a word or two. */
const capNames: Readonly<Record<BoundSource, string>> = {
  none: '',
  tokens: 'tokens',
  max: '--max',
  lock: 'lock',
  tried: 'largest tried',
};

/** What the limits cost, in a sentence. */
function costText({ score, predictions }: LimitsCost, terms: readonly TermRequest[]): string {
  const without = terms
    .map(({ target }, place) => `${target.name} at ${formatNumber(predictions[place], 4)}`)
    .join(', ');
  return `Your limits cost ${formatNumber(score, 4)}: without them ${without}`;
}

function infeasibleAnswer(
  { message, remedies }: Extract<Feasibility, { feasible: false }>,
  caps: Readonly<Record<string, unknown>>,
  json: boolean,
): string {
  const advice = remedies.map(({ text }) => text);
  if (!json) return [message, ...advice].join('\n');
  return JSON.stringify({
    weights: null,
    predicted: null,
    ...caps,
    binding: [],
    feasible: false,
    message,
    remedies: advice,
  });
}

function asText(
  study: Study,
  terms: readonly TermRequest[],
  predicted: readonly Predicted[],
  bounds: Bounds,
  { optimum: { engine, weights, binding, notes }, cost }: OptimumReport,
  regressor: RegressorId,
): string {
  const rows = study.domains
    .map(({ id }, domain) => ({
      id,
      weight: weights[domain],
      cap: bounds.upper[domain] < 1 ? formatPercent(bounds.upper[domain], 2) : '',
      from: isUntried(bounds, domain) ? 'in no run' : capNames[bounds.source[domain]],
      binds: binding.includes(domain) ? 'binds' : '',
    }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ id, weight: share, cap, from, binds }) => [
      id,
      formatPercent(share, 2),
      cap,
      from,
      binds,
    ]);
  const predictions = terms.map(({ target }, place) => {
    const { mean, interval } = predicted[place];
    const unit = target.unit === '' ? '' : ` ${target.unit}`;
    const [low, high] = (interval ?? []).map((end) => formatNumber(end, 4));
    const within = interval ? `90%: ${low} to ${high}` : `90% needs ${runsForLevel(90)} runs`;
    return `${target.name} predicted at ${formatNumber(mean, 4)}${unit} (${within})`;
  });
  return [
    ...predictions,
    `by ${regressor}; mixture by ${engine}`,
    ...alignColumns([['domain', 'weight', 'cap', 'by', ''], ...rows]),
    ...(cost && cost.score > 0 ? [costText(cost, terms)] : []),
    ...notes,
  ].join('\n');
}
