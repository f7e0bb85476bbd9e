/** The command `regmix optimum`: its options, the search, and its output as text or JSON. */
import {
  betterText,
  formatList,
  formatNumber,
  formatPercent,
  unitBeside,
} from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import type {
  Advice,
  AtOptimum,
  BoundSource,
  Bounds,
  EngineId,
  Feasibility,
  LimitsCost,
  Objective,
  Optimum,
  OptimumReport,
} from '../../lib/model/limits';
import type { RegressorId } from '../../lib/model/regressor';
import { simulation } from '../../lib/model/settings';
import type { Study } from '../../lib/model/study';
import { adviceOn } from '../../lib/optimum/advice';
import {
  boundsOf,
  feasibilityOf,
  heldBy,
  isUntried,
  uniqueShares,
} from '../../lib/optimum/constraints';
import { defaultEngine, usableEngine } from '../../lib/optimum/engines';
import {
  leadingWeights,
  type PredictedOptimum,
  predictedAt,
  predictionText,
} from '../../lib/optimum/finding';
import { createSolver, prepareParts } from '../../lib/optimum/solver';
import { measureOptimism } from '../../lib/optimum/stability';
import { runsForLevel } from '../../lib/regression/bands';
import { regressorInfo } from '../../lib/regression/catalogue';
import { findRegressor } from '../../lib/regression/regressors';
import { fittedRows, measuredRows, sampleOf, targetSample } from '../../lib/regression/sample';
import { alignColumns, choice, type Notify, quantity, readOptions, UsageError } from './arguments';
import {
  assessTerms,
  byDomain,
  directionsOf,
  objectiveTerms,
  problemOptions,
  type ReadProblem,
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
  const bounds = boundsOf(constraints, study);
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
  const tooFew = tooFewRuns(problem);
  if (tooFew !== null) return tooFewAnswer(tooFew, caps, options.json ?? false);

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
  const found = runJob(solver.solve(engine ?? defaultEngine(objective), bounds, topK));
  const { optimum, prices, tokenPrices, cost } = found;
  const binding = optimum.binding.map((domain) => study.domains[domain].id);
  const evidence = {
    objective,
    fits: assessments,
    found,
    isPreliminary: false,
    mayHaveSeenRuns: regressorInfo(regressor).mayHaveSeenRuns ?? false,
  };
  // Where mixtures are not told apart there is no choice to correct for.
  const isNone = adviceOn(evidence).verb === 'none';
  const at = isNone ? null : atOptimum(problem, objective, optimum, bounds);
  const advice = adviceOn({ ...evidence, at });
  const predicted = optimum.predictions.map((mean, place) =>
    predictedAt(mean, assessments[place].bands, 90, at?.[place] ?? null),
  );
  const far = findFarRuns(study, assessments);
  if (!options.json) {
    const text = asText({
      study,
      terms,
      predicted,
      bounds,
      found,
      regressor,
      advice,
      seek: objective.seek,
    });
    return [text, ...describeFarRuns(far)].join('\n');
  }
  return JSON.stringify({
    advice: advice.verb,
    reason: advice.reason,
    ...directionsOf(terms),
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

/** Per term; null where the mixture is not the best one, or the regressor is not refitted. */
function atOptimum(
  { study, regressor: id, seed }: ReadProblem,
  objective: Objective,
  { engine }: Optimum,
  bounds: Bounds,
): readonly AtOptimum[] | null {
  if (engine === 'paper' || engine === 'simulation') return null;
  const regressor = findRegressor(id);
  const samples = objective.terms.map(({ target, direction }) => {
    const place = study.targets.findIndex((each) => each.id === target);
    const rows = targetSample(study.training, place, regressor.usesRecordedWeights);
    return { sample: sampleOf(rows, fittedRows(rows, direction)), options: { seed, direction } };
  });
  return runJob(measureOptimism(objective, samples, regressor, bounds, study.training.mixtures));
}

/** Where a cap comes from, in a word or two. */
const capNames: Readonly<Record<BoundSource, string>> = {
  none: '',
  tokens: 'tokens',
  max: '--max',
  lock: 'lock',
  tried: 'largest tried',
  min: '--min',
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
    advice: 'none',
    reason: 'no mixture meets the limits',
    weights: null,
    predicted: null,
    ...caps,
    binding: [],
    feasible: false,
    message,
    remedies: advice,
  });
}

/** Why a target cannot be fitted for want of runs; null where all can. */
function tooFewRuns({ study, regressor, terms }: ReadProblem): string | null {
  const { minimumRows, usesRecordedWeights, stopsOnTestSet } = regressorInfo(regressor);
  const needed = minimumRows(study.domains.length);
  for (const { target } of terms) {
    const rows = targetSample(study.training, study.targets.indexOf(target), usesRecordedWeights);
    const fitted = stopsOnTestSet ? measuredRows(rows) : fittedRows(rows, target.direction);
    if (fitted.length < needed) {
      return `${regressor} needs ${needed} runs with ${target.name}, found ${fitted.length}`;
    }
  }
  return null;
}

function tooFewAnswer(
  reason: string,
  caps: Readonly<Record<string, unknown>>,
  json: boolean,
): string {
  if (!json) {
    return `Not enough runs to say: ${reason}.\nTrain more proxies, or choose another regressor.`;
  }
  return JSON.stringify({
    advice: 'none',
    reason,
    weights: null,
    predicted: null,
    ...caps,
    binding: [],
    feasible: true,
  });
}

interface Answer {
  readonly study: Study;
  readonly terms: readonly TermRequest[];
  readonly predicted: readonly PredictedOptimum[];
  readonly bounds: Bounds;
  readonly found: OptimumReport;
  readonly regressor: RegressorId;
  readonly advice: Advice;
  readonly seek: Objective['seek'];
}

/** Without advice no weights are shown: whoever wants them all the same finds them in the JSON. */
function asText(answer: Answer): string {
  const { study, terms, predicted, found, regressor, advice, seek } = answer;
  const { optimum, cost } = found;
  if (advice.verb === 'none') {
    return [
      `${advice.words}: ${advice.reason}.`,
      `By ${regressor}: what it predicts to be ${seek} is not advice. Keep the prior, or train more proxies.`,
    ].join('\n');
  }
  const named = formatList(
    leadingWeights(study.domains, optimum.weights).map(
      ({ name, weight }) => `${formatPercent(weight, 0)} ${name}`,
    ),
  );
  const predictions = terms.map(({ target }, place) => {
    const { direction } = target;
    const unit = unitBeside(target.name, target.unit);
    const text = predictionText(predicted[place], 90, { seek, direction }, { decimals: 4, unit });
    const few = predicted[place].interval ? '' : `; a band of 90% needs ${runsForLevel(90)} runs`;
    return `${target.name} (${betterText(direction)}) predicted at ${text}${few}`;
  });
  return [
    `${advice.words} ${named}, since ${advice.reason}.`,
    ...predictions,
    `by ${regressor}; mixture by ${optimum.engine}`,
    ...weightLines(answer),
    ...(cost && cost.score > 0 ? [costText(cost, terms)] : []),
    ...optimum.notes,
  ].join('\n');
}

function weightLines({ study, bounds, found }: Answer): string[] {
  const { weights, binding } = found.optimum;
  const rows = study.domains
    .map(({ id }, domain) => ({
      id,
      weight: weights[domain],
      cap: bounds.upper[domain] < 1 ? formatPercent(bounds.upper[domain], 2) : '',
      from: isUntried(bounds, domain) ? 'in no run' : capNames[bounds.source[domain]],
      binds: binding.includes(domain) ? bindsText(domain) : '',
    }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ id, weight: share, cap, from, binds }) => [
      id,
      formatPercent(share, 2),
      cap,
      from,
      binds,
    ]);
  return alignColumns([['domain', 'weight', 'cap', 'by', ''], ...rows]);

  function bindsText(domain: number): string {
    const isAtFloor = heldBy(bounds, domain, weights[domain]) === 'min';
    return isAtFloor && bounds.source[domain] !== 'min' ? '--min binds' : 'binds';
  }
}
