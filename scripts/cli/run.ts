/**
 * The command line: dispatch and errors, and the commands `fit`, `propose` and `sample`. Other
 * commands have files of their own.
 */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trainerFormats } from '../../lib/export/formats';
import { regmixSampling, sampleProxyMixtures } from '../../lib/mixture/sampling';
import { StageError } from '../../lib/model/errors';
import { betterText, formatNumber, formatPercent } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import type { Objective, ObjectiveTerm } from '../../lib/model/limits';
import { rowOf } from '../../lib/model/matrix';
import {
  type Assessment,
  type FitStatistics,
  type Model,
  type Regimes,
  significance,
} from '../../lib/model/regressor';
import type { Domain, Study, Target } from '../../lib/model/study';
import { boundsOf, feasibilityOf } from '../../lib/optimum/constraints';
import { leadingWeights } from '../../lib/optimum/finding';
import { proposalRefits, proposeForStudy } from '../../lib/proposals/propose-study';
import { maxProposals } from '../../lib/proposals/types';
import { writeProposals } from '../../lib/proposals/write-proposals';
import { assessStudy } from '../../lib/regression/assess';
import { runsForLevel } from '../../lib/regression/bands';
import { isRowModel } from '../../lib/regression/predict';
import { bootstrapModels, byRefit } from '../../lib/regression/refits';
import { findRegressor } from '../../lib/regression/regressors';
import { fittedRows, sampleOf, targetSample } from '../../lib/regression/sample';
import { modelToJson } from '../../lib/regression/serialise';
import { datasetNames } from '../../lib/runs/dataset-names';
import { RunsError } from '../../lib/runs/errors';
import { readTable } from '../../lib/runs/read-table';
import { cellText, rowNumber } from '../../lib/runs/table';
import { writeMixtures } from '../../lib/runs/write-runs';
import { writeWhole } from '../training/store';
import {
  alignColumns,
  choice,
  type Notify,
  quantity,
  readOptions,
  required,
  UsageError,
  usage,
} from './arguments';
import { chooseDomains, readCorpora } from './corpora';
import { runMerge } from './merge';
import { runOptimum } from './optimum';
import {
  assessTerms,
  byDomain,
  directionsOf,
  objectiveTerms,
  problemOptions,
  type ReadProblem,
  readKl,
  readProblem,
} from './problem';
import { runSchedule } from './schedule';
import { runShop } from './shop';
import {
  chooseRegressor,
  describeFarRuns,
  findFarRuns,
  findTarget,
  readStudy,
  readText,
  studyOptions,
} from './study';
import { runSweep } from './sweep';
import { runTrain } from './train';
import { runVerify } from './verify';

const fitOptions = { ...studyOptions, save: { type: 'string' } } as const;

/** `regmix fit`: how well the runs predict mixtures that the fit has not seen. */
async function runFit(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, fitOptions);
  const seed = quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true });
  const study = await readStudy(options, notify);
  const regressor = chooseRegressor(study, options.regressor);
  const targets =
    options.target === undefined || options.target === 'all'
      ? study.targets
      : [findTarget(study, options.target)];
  const fits = targets.flatMap(({ id }): Assessment[] => {
    try {
      return [runJob(assessStudy(study, id, regressor, { seed }))];
    } catch (error) {
      // One target that cannot be fitted does not keep the others back.
      if (targets.length === 1 || !(error instanceof StageError)) throw error;
      notify(`${id} is not fitted: ${error.message}`);
      return [];
    }
  });
  if (fits.length === 0) throw new StageError('regression', 'No target can be fitted.');
  if (options.save !== undefined) {
    if (fits.length > 1) throw new UsageError('--save takes one model: name its --target');
    const labels = { target: fits[0].target, domains: datasetNames(study.domains) };
    await writeFile(options.save, modelToJson(fits[0].model, labels));
  }
  if (options.json) {
    return JSON.stringify({ regressor, targets: fits.map((fit) => asJson(fit, study)) });
  }
  const headings = [
    ...['target', 'better', 'rows', 'n', 'Spearman', '95% interval', 'Pearson', 'RMSE'],
    ...(study.testSets.length > 0 ? ['in 90% band'] : []),
  ];
  const rows = fits.flatMap((fit) =>
    asRows(fit, study.domains).map(([target, ...rest]) => [
      target,
      directionOf(study, fit),
      ...rest,
    ]),
  );
  const lines = alignColumns([headings, ...rows]);
  const regimes = fits.flatMap((fit) => describeRegimes(fit, study.domains));
  const far = describeFarRuns(findFarRuns(study, fits));
  return [
    `${regressor}, seed ${seed}`,
    ...lines,
    ...fits.flatMap(caveats),
    ...regimes,
    ...far,
  ].join('\n');
}

function directionOf({ targets }: Study, { target }: Assessment): Target['direction'] {
  return targets.find(({ id }) => id === target)?.direction ?? 'lower';
}

function asJson(fit: Assessment, study: Study) {
  const { target, crossValidation, tests, signal, bands, regimes, fitMs } = fit;
  const { halfWidths, centre, spread, slope } = bands;
  const { n, spearman, interval, pearson, rmse } = crossValidation;
  return {
    target,
    direction: directionOf(study, fit),
    n,
    signal: { p: signal.p },
    cv: { spearman, interval, pearson, rmse },
    bands: halfWidths,
    bandScale: { centre, spread, slope },
    outliers: findFarRuns(study, [fit]).map(({ id }) => id),
    regimes: regimes && {
      domain: study.domains[regimes.domain].id,
      least: regimes.least,
      rows: regimes.rows,
    },
    tests: tests.map(({ name, statistics, coverage }) => ({
      name,
      n: statistics.n,
      spearman: statistics.spearman,
      pearson: statistics.pearson,
      rmse: statistics.rmse,
      coverage,
    })),
    fitMs,
  };
}

/** What to know before the figures of a target are used: that its runs say nothing, or have no bands. */
function caveats({ target, signal, bands, tests }: Assessment): string[] {
  return [
    ...(signal.p > significance
      ? [`${target}: these runs do not tell mixtures apart (p = ${formatNumber(signal.p, 2)})`]
      : []),
    ...(tests.length > 0 && bands.halfWidths[90] === null
      ? [`${target}: a band of 90% needs ${runsForLevel(90)} runs of different mixtures`]
      : []),
  ];
}

/** That a target has two regimes, and by which domain. */
function describeRegimes({ target, regimes }: Assessment, domains: readonly Domain[]): string[] {
  if (!regimes) return [];
  const { without } = sidesOf(regimes, domains);
  return [
    `${target} has two regimes: mixtures with ${without} are far from all others; read Spearman and RMSE on each side`,
  ];
}

/** Names of both sides, by what their mixtures have of the domain that parts them. */
function sidesOf({ domain, least }: Regimes, domains: readonly Domain[]) {
  const { id } = domains[domain];
  return {
    with: `with ${id}`,
    without: least === 0 ? `no ${id}` : `at most ${formatPercent(least, 2)} ${id}`,
  };
}

/** One row per target and set of rows, followed by both regimes of the target where it has two. */
function asRows(
  { target, crossValidation, tests, regimes }: Assessment,
  domains: readonly Domain[],
): string[][] {
  const row = (
    name: string,
    { n, spearman, interval, pearson, rmse }: FitStatistics,
    held: string | null,
  ) => [
    target,
    name,
    String(n),
    formatNumber(spearman, 4),
    interval.map((end) => formatNumber(end, 4)).join(' to '),
    formatNumber(pearson, 4),
    formatNumber(rmse, 4),
    ...(held === null ? [] : [held]),
  ];
  const sides = (test: string | null): string[][] => {
    const found = regimes?.rows.find((each) => each.test === test);
    if (!regimes || !found) return [];
    const names = sidesOf(regimes, domains);
    return (['with', 'without'] as const).map((side) => {
      const { n, spearman, rmse } = found[side];
      const figures = [String(n), formatNumber(spearman, 4), '', '', formatNumber(rmse, 4)];
      return [target, `  ${names[side]}`, ...figures, ...(tests.length > 0 ? [''] : [])];
    });
  };
  return [
    row('out of fold', crossValidation, tests.length > 0 ? '' : null),
    ...sides(null),
    ...tests.flatMap(({ name, statistics, usedForStopping, coverage }) => [
      row(
        usedForStopping ? `${name} (fit stopped on it)` : name,
        statistics,
        formatPercent(coverage[90] ?? Number.NaN, 0),
      ),
      ...sides(name),
    ]),
  ];
}

const proposeOptions = {
  ...problemOptions,
  count: { type: 'string' },
  format: { type: 'string' },
} as const;

/** `regmix propose`: the mixtures to train proxies on next. */
async function runPropose(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, proposeOptions);
  const count = quantity(options.count ?? '16', '--count', {
    low: 1,
    high: maxProposals,
    whole: true,
  });
  const format = choice(options.format, '--format', ['csv', 'yaml'] as const);
  const kl = readKl(options);
  const problem = await readProblem(options, false, notify);
  const { study, constraints, prior, seed } = problem;
  // What is proposed is to be tried: what was tried does not limit it.
  const bounds = boundsOf(constraints, null);
  const feasibility = feasibilityOf(bounds, constraints, study.domains);
  if (!feasibility.feasible) throw new StageError('optimum', feasibility.message);
  const terms = objectiveTerms(problem, assessTerms(problem), options.raw ?? false);
  const objective: Objective = {
    kind: 'weighted',
    terms,
    kl,
    prior,
    unique: null,
    seek: 'best',
  };
  const { targets, training } = study;
  const round = runJob(
    proposeForStudy({
      targets,
      training,
      objective,
      bounds,
      refits: refitsOf(problem, terms),
      count,
      seed,
    }),
  );
  const { proposals, isRandom, gain, resolution, note } = round;
  if (options.json) {
    return JSON.stringify({
      ...directionsOf(problem.terms),
      random: isRandom,
      gain,
      resolution,
      note,
      proposals: proposals.map(({ weights, reason, mean, sd, ...rest }) => ({
        weights: byDomain(study, weights),
        reason,
        predicted: { mean, sd },
        ...rest,
      })),
    });
  }
  if (format) {
    notify(note);
    return writeProposals(study, proposals)[format].trimEnd();
  }
  const rows = proposals.map(({ weights, reason, mean, expectedImprovement }) => [
    reason,
    formatNumber(mean, 4),
    expectedImprovement === null ? '' : formatNumber(expectedImprovement, 4),
    leadingWeights(study.domains, weights, 4)
      .map(({ name, weight }) => `${formatPercent(weight, 1)} ${name}`)
      .join(', '),
  ]);
  const [{ target }] = problem.terms;
  const predicted =
    terms.length === 1
      ? `predicted: ${target.name}, ${betterText(target.direction)}`
      : 'predicted: the weighted sum of the targets, lower is better';
  return [
    note,
    predicted,
    ...alignColumns([['why', 'predicted', 'gain', 'mixture'], ...rows]),
  ].join('\n');
}

/** Per refit to resampled runs one model per term; none where the regressor is not refitted. */
function refitsOf(
  { study, regressor: id, seed }: ReadProblem,
  terms: readonly ObjectiveTerm[],
): Model[][] {
  const regressor = findRegressor(id);
  if (!regressor.refit) return [];
  const byTerm = terms.map(({ target, model, direction }): Model[] => {
    if (!isRowModel(model)) return [];
    const column = study.targets.findIndex((each) => each.id === target);
    const rows = targetSample(study.training, column, regressor.usesRecordedWeights);
    const sample = sampleOf(rows, fittedRows(rows, direction));
    const options = { seed, direction };
    return runJob(bootstrapModels(regressor, sample, model, options, proposalRefits));
  });
  return byRefit(byTerm);
}

const sampleOptions = {
  prior: { type: 'string' },
  corpus: { type: 'string' },
  domains: { type: 'string' },
  count: { type: 'string' },
  seed: { type: 'string' },
  temperature: { type: 'string' },
  least: { type: 'string' },
  most: { type: 'string' },
  cap: { type: 'string' },
  'with-prior': { type: 'boolean' },
  'with-singles': { type: 'boolean' },
  format: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const formats = ['csv', 'regmix', 'olmix'] as const;

/** `regmix sample`: mixtures to train proxies on, as RegMix draws them, for those who train elsewhere. */
async function runSample(args: readonly string[]): Promise<string> {
  const options = readOptions(args, sampleOptions);
  const out = required(options.out, '--out');
  const format = choice(options.format, '--format', formats) ?? 'csv';
  const number = (text: string | undefined, option: string, usual: number, high: number, low = 0) =>
    quantity(text ?? String(usual), option, { low, high });
  const { concentrations } = regmixSampling;
  const least = number(options.least, '--least', concentrations.least, 1e3, 1e-3);
  const most = number(options.most, '--most', Math.max(least, concentrations.most), 1e3, least);
  const { domains, weights } = await readPrior(options);
  const mixtures = runJob(
    sampleProxyMixtures(weights, {
      ...regmixSampling,
      count: quantity(options.count ?? '512', '--count', { low: 1, high: 10_000, whole: true }),
      seed: quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true }),
      temperature: number(options.temperature, '--temperature', regmixSampling.temperature, 1),
      concentrations: { ...concentrations, least, most },
      maximumUsage:
        options.cap === 'none'
          ? null
          : number(options.cap, '--cap', regmixSampling.maximumUsage, 1e6, 1),
      includePrior: options['with-prior'] ?? false,
      includeSingles: options['with-singles'] ?? false,
    }),
  );
  const ids = Array.from({ length: mixtures.rows }, (_, row) => `n${row + 1}`);
  mkdirSync(out, { recursive: true });
  const files = format === 'csv' ? ['mixtures.csv'] : ids.map((id) => `${id}.yaml`);
  if (format === 'csv') {
    writeWhole(join(out, 'mixtures.csv'), writeMixtures({ ids, mixtures }, domains));
  } else {
    ids.forEach((_, row) => {
      writeWhole(join(out, files[row]), trainerFormats[format](domains, rowOf(mixtures, row)));
    });
  }
  if (options.json) return JSON.stringify({ mixtures: mixtures.rows, files });
  const span = files.length > 1 ? `${files[0]} to ${files.at(-1)}` : files[0];
  return `${mixtures.rows} mixtures of ${domains.length} domains in ${out}: ${span}`;
}

/** Weights from a file, or each domain's share of a corpus. */
async function readPrior(options: {
  readonly prior?: string;
  readonly corpus?: string;
  readonly domains?: string;
}): Promise<{ readonly domains: Domain[]; readonly weights: Float64Array }> {
  if ((options.prior === undefined) === (options.corpus === undefined)) {
    throw new UsageError('give one of --prior and --corpus; see --help');
  }
  if (options.corpus !== undefined) {
    const texts = chooseDomains(readCorpora(options.corpus), options.domains);
    const total = texts.reduce((sum, { training }) => sum + training.length, 0);
    return {
      domains: texts.map(({ id }) => ({ id, name: id })),
      weights: Float64Array.from(texts, ({ training }) => training.length / total),
    };
  }
  if (options.domains !== undefined) throw new UsageError('--domains goes with --corpus');
  return readWeights(required(options.prior, '--prior'));
}

/** A CSV of `domain,weight`, in any unit: weights are normalised by their sum. */
async function readWeights(path: string) {
  const file = await readText(path);
  const table = runJob(readTable(file));
  const named = (columnName: string) =>
    table.columns.find(({ header }) => header.toLowerCase() === columnName);
  const names = named('domain');
  const numbers = named('weight')?.numbers;
  if (!names || !numbers) {
    const found = table.columns.map(({ header }) => header).join(', ');
    throw new UsageError(`${file.name}: found columns ${found}, expected domain and weight`);
  }
  const ids = Array.from({ length: table.rows }, (_, row) => cellText(names, row).trim());
  ids.forEach((id, row) => {
    const weight = numbers[row];
    if (id !== '' && ids.indexOf(id) === row && weight >= 0 && Number.isFinite(weight)) return;
    throw new UsageError(
      `${file.name}, row ${rowNumber(table, row)}: found “${id}” with ${weight}, expected a domain that comes once and a number >= 0`,
    );
  });
  const total = numbers.reduce((sum, weight) => sum + weight, 0);
  if (ids.length < 2 || !(total > 0)) {
    throw new UsageError(`${file.name}: expected two domains at least, one with a weight above 0`);
  }
  return {
    domains: ids.map((id) => ({ id, name: id })),
    weights: Float64Array.from(numbers, (weight) => weight / total),
  };
}

/** Output of the command. */
export interface CliIo {
  /** Writes the result, with its end of line. */
  readonly out: (text: string) => void;
  /** Writes warnings, progress and errors, each with its end of line. */
  readonly err: (text: string) => void;
}

type Command = (args: readonly string[], notify: Notify) => Promise<string>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['fit', runFit],
  ['merge', runMerge],
  ['optimum', runOptimum],
  ['propose', runPropose],
  ['sample', runSample],
  ['schedule', runSchedule],
  ['shop', runShop],
  ['sweep', runSweep],
  ['train', runTrain],
  ['verify', runVerify],
]);

/**
 * Runs the command line in this process.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0 done, 2 bad usage or bad input, reported in one line; never throws
 */
export async function runCli(argv: readonly string[], { out, err }: CliIo): Promise<number> {
  try {
    out(`${await answer(argv, (line) => err(`${line}\n`))}\n`);
    return 0;
  } catch (error) {
    err(`regmix: ${oneLine(error)}\n`);
    return 2;
  }
}

async function answer([name, ...rest]: readonly string[], notify: Notify): Promise<string> {
  if (name === undefined || name === '--help' || name === '-h' || rest.includes('--help')) {
    return usage;
  }
  const command = commands.get(name);
  if (!command)
    throw new UsageError(`unknown command “${name}”; known are ${[...commands.keys()].join(', ')}`);
  return command(rest, notify);
}

/** Any error as one line. */
function oneLine(error: unknown): string {
  const option = error instanceof RunsError && error.option ? ` Here by ${error.option}.` : '';
  const text =
    error instanceof StageError
      ? `${error.message} ${error.advice}${option}`
      : error instanceof Error
        ? error.message
        : String(error);
  return text.replace(/\s+/g, ' ').trim();
}
