/** The command `regmix verify`: its candidates, training of larger models, and comparison. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { betterText, formatNumber, formatTokens } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import { defaultEpochs } from '../../lib/model/settings';
import type { Study, Target } from '../../lib/model/study';
import { optimaOverTraining } from '../../lib/schedule/optima';
import { phasesFor, scheduleOf } from '../../lib/schedule/schedule';
import { trainingFor, usualRates } from '../../lib/training/options';
import { settingFor } from '../../lib/training/plan';
import { startTraining } from '../../lib/training/queue';
import { layoutOf, sizeIds, sizes } from '../../lib/training/shape';
import { type Candidate, planVerification, sizeToVerify } from '../../lib/verify/plan';
import {
  adjustedPText,
  bySeed,
  intervalName,
  intervalText,
  type Judgement,
  judge,
  pointsOf,
  type VerifyPoint,
} from '../../lib/verify/results';
import { chooseMeans, engines } from '../training/choose-backend';
import { openTrainingFolder } from '../training/store';
import { startProcess } from '../training/trainer';
import {
  alignColumns,
  choice,
  type Notify,
  quantity,
  readOptions,
  required,
  UsageError,
} from './arguments';
import { columnOptions } from './columns';
import { chooseDomains, readCorpora } from './corpora';
import { byDomain } from './problem';
import { chooseRegressor, findTarget, readTrajectoryOf } from './study';
import { createReporter, engineOf } from './train';
import { boundsByText, type FoundOptimum, findOptimum, readStudyNamed } from './verify-study';

/** Number of evaluations over a training. */
const evaluations = 5;
const names = {
  optimum: 'the optimum',
  prior: 'the prior',
  uniform: 'uniform',
  schedule: 'the schedule',
} as const;
const candidateIds = Object.keys(names) as (keyof typeof names)[];
const usualCandidates = 'optimum,prior,uniform';

const verifyOptions = {
  ...columnOptions,
  study: { type: 'string' },
  target: { type: 'string' },
  corpus: { type: 'string' },
  candidates: { type: 'string' },
  trajectory: { type: 'string' },
  seeds: { type: 'string' },
  size: { type: 'string' },
  tokens: { type: 'string' },
  requested: { type: 'string' },
  epochs: { type: 'string' },
  'beyond-tried': { type: 'boolean' },
  regressor: { type: 'string' },
  engine: { type: 'string' },
  processes: { type: 'string' },
  rate: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/**
 * `regmix verify`: whether the mixture that the proxies favour wins when a larger model is trained
 * on it.
 */
export async function runVerify(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, verifyOptions);
  const whole = (text: string, option: string, high: number, low = 1) =>
    quantity(text, option, { low, high, whole: true });
  const studyName = required(options.study, '--study');
  const study = await readStudyNamed(studyName, options, notify);
  const target = findTarget(study, required(options.target, '--target'));
  const size = choice(options.size, '--size', sizeIds) ?? sizeToVerify(study.source.parameters);
  const shape = sizes[size];
  const tokens = whole(options.tokens ?? '1000000', '--tokens', 1e9, shape.context);
  const seeds = whole(options.seeds ?? '5', '--seeds', 1000);
  const seed = whole(options.seed ?? '1', '--seed', 2 ** 31 - 2000, 0);
  const requested = quantity(options.requested ?? String(tokens), '--requested', {
    low: 1,
    high: 1e18,
  });
  const epochs = quantity(options.epochs ?? String(defaultEpochs), '--epochs', {
    low: 1e-6,
    high: 1e6,
  });
  const rate = quantity(options.rate ?? String(usualRates[size]), '--rate', { low: 1e-6, high: 1 });
  const processes = whole(options.processes ?? String(availableParallelism()), '--processes', 256);
  const engine = choice(options.engine, '--engine', engines) ?? 'auto';
  const corpus = readCorpora(options.corpus ?? studyName);
  const texts = chooseDomains(corpus, study.domains.map(({ id }) => id).join(','));
  const place = texts.findIndex(({ id }) => id === target.id);
  if (place >= 0 && target.direction === 'higher') {
    throw new UsageError(
      `--target: of ${target.id} higher is better, but what is trained is measured by its loss`,
    );
  }
  if (place < 0) {
    throw new UsageError(
      `--target: ${target.id} is not the loss on a domain of the text: there is nothing to measure it on`,
    );
  }
  const regressor = chooseRegressor(study, options.regressor);
  const bounds = boundsByText(study, texts, requested, epochs, options['beyond-tried']);
  const found = findOptimum(study, target, regressor, bounds, seed);
  const training = trainingFor(tokens, shape.context, rate);
  const candidates = await chooseCandidates(study, found, options.candidates, async () => {
    const optima = optimaOverTraining(
      study,
      await readTrajectoryOf(study, studyName, options.trajectory),
      {
        target: target.id,
        regressor,
        options: { seed },
        bounds,
        base: { kl: 0, prior: study.prior.weights, unique: null },
      },
    );
    return phasesFor(scheduleOf(runJob(optima)), training.steps);
  });
  const proxies = planVerification(candidates, seeds, seed);
  const { backend, population, processes: trainers } = await chooseMeans(engine, shape, processes);
  const plan = {
    verification: 1,
    size,
    shape,
    training,
    ...engineOf(backend),
    domains: texts.map(({ id, training: text, validation }) => ({
      id,
      sha256: createHash('sha256').update(text).update(validation).digest('hex'),
    })),
    proxies: proxies.map(({ mixture, schedule, ...proxy }) => ({
      ...proxy,
      mixture: Array.from(mixture),
      ...(schedule && {
        schedule: schedule.map((phase) => ({ ...phase, mixture: Array.from(phase.mixture) })),
      }),
    })),
  };
  const out = options.out ?? mkdtempSync(join(tmpdir(), 'regmix-verify-'));
  const folder = openTrainingFolder(out, `${JSON.stringify(plan)}\n`);
  const setting = settingFor(texts, { shape, training }, backend, evaluations);
  const queue = startTraining({ setting, proxies, population, trainers }, startProcess, folder, {
    onProgress: createReporter(notify),
    onReplaced: notify,
    onNotSaved: notify,
  });
  await queue.ended;
  const points = pointsOf(await folder.finished());
  if (options.out === undefined) rmSync(out, { recursive: true });
  const judgement = judge(points, candidates, seeds, training.steps, { place, name: target.name });
  if (!options.json)
    return asText(candidates, judgement, found, points, training.steps, place, target);
  return JSON.stringify({
    study: studyName,
    target: target.id,
    direction: target.direction,
    unit: unitOf(target),
    size,
    parameters: layoutOf(shape).count,
    proxyParameters: study.source.parameters ?? null,
    tokens: training.steps * training.rows * shape.context,
    steps: training.steps,
    seeds,
    seed,
    regressor,
    rho: found.rho,
    requestedTokens: requested,
    epochs,
    caps: byDomain(study, found.caps),
    binding: found.binding,
    candidates: candidates.map(({ id, mixture, schedule }) => ({
      id,
      mixture: byDomain(study, mixture),
      ...(schedule && {
        schedule: schedule.map((phase) => ({
          fromStep: phase.from,
          mixture: byDomain(study, phase.mixture),
        })),
      }),
      predictedAtProxySize: found.predict(mixture),
      losses: Object.fromEntries(bySeed(points, id, training.steps, place)),
      meansByDomain: Object.fromEntries(
        texts.map((text, domain) => [text.id, meanOf(bySeed(points, id, training.steps, domain))]),
      ),
    })),
    ...judgement,
  });
}

/** @param findSchedule called only when the schedule is requested */
async function chooseCandidates(
  study: Study,
  { weights }: FoundOptimum,
  requested = usualCandidates,
  findSchedule: () => Promise<Pick<Candidate, 'mixture' | 'schedule'>>,
): Promise<Candidate[]> {
  const count = study.domains.length;
  const chosen: Candidate[] = [];
  for (const text of requested.split(',')) {
    const id = choice(text.trim(), '--candidates', candidateIds) ?? 'optimum';
    const name = names[id];
    if (id === 'schedule') chosen.push({ id, name, ...(await findSchedule()) });
    else {
      const mixtures = {
        optimum: weights,
        prior: study.prior.weights,
        uniform: new Float64Array(count).fill(1 / count),
      };
      chosen.push({ id, name, mixture: mixtures[id] });
    }
  }
  return chosen;
}

function asText(
  candidates: readonly Candidate[],
  { comparisons, complete, verdict }: Judgement,
  { binding, predict }: FoundOptimum,
  points: readonly VerifyPoint[],
  steps: number,
  place: number,
  target: Target,
): string {
  const rows = candidates.map(({ id, mixture }) => [
    id,
    formatNumber(meanOf(bySeed(points, id, steps, place)), 4),
    formatNumber(predict(mixture), 4),
  ]);
  return [
    binding.length === 0 ? 'no limit binds' : `at their limits: ${binding.join(', ')}`,
    `${target.name}, ${unitOf(target)}, ${betterText(target.direction)}, after ${formatTokens(steps)} steps`,
    ...alignColumns([['mixture', 'trained', 'predicted for proxies'], ...rows]),
    `differences from ${candidates[0].id}, by seed`,
    ...alignColumns([
      ['mixture', 'higher by', intervalName(complete), 'Holm p'],
      ...comparisons.map((comparison) => [
        comparison.other,
        formatNumber(comparison.mean, 3),
        intervalText(comparison),
        adjustedPText(comparison),
      ]),
    ]),
    verdict,
  ].join('\n');
}

function meanOf(values: ReadonlyMap<number, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0) / values.size;
}

/** Losses are measured per byte, whatever the study's unit. */
function unitOf({ unit }: Target): string {
  return unit === '' ? 'bits per byte' : unit;
}
