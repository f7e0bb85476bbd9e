import { writeFile } from 'node:fs/promises';
import { formatNumber } from '../../lib/format';
import { runJob } from '../../lib/job';
import { assessStudy } from '../../lib/regression/assess-study';
import { modelToJson } from '../../lib/regression/serialise';
import type { Assessment, FitStatistics } from '../../lib/regression/types';
import { alignColumns } from './align';
import { quantity, readOptions, UsageError } from './arguments';
import { chooseRegressor, findTarget, readStudy, studyOptions } from './study';

const fitOptions = { ...studyOptions, save: { type: 'string' } } as const;

/** `regmix fit`: how well the runs predict mixtures that the fit has not seen. */
export async function runFit(args: readonly string[]): Promise<string> {
  const options = readOptions(args, fitOptions);
  const seed = quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true });
  const study = await readStudy(options);
  const regressor = chooseRegressor(study, options.regressor);
  const targets =
    options.target === undefined || options.target === 'all'
      ? study.targets
      : [findTarget(study, options.target)];
  const fits = targets.map(({ id }) => runJob(assessStudy(study, id, regressor, { seed })));
  if (options.save !== undefined) {
    if (fits.length > 1) throw new UsageError('--save takes one model: name its --target');
    const labels = { target: targets[0].id, domains: study.domains.map(({ id }) => id) };
    await writeFile(options.save, modelToJson(fits[0].model, labels));
  }
  if (options.json) {
    return JSON.stringify({ regressor, targets: fits.map(asJson) });
  }
  const headings = ['target', 'rows', 'n', 'Spearman', '95% interval', 'Pearson', 'RMSE'];
  const lines = alignColumns([headings, ...fits.flatMap(asRows)]);
  return [`${regressor}, seed ${seed}`, ...lines].join('\n');
}

function asJson({ target, crossValidation, tests, fitMs }: Assessment) {
  const { n, spearman, interval, pearson, rmse } = crossValidation;
  return {
    target,
    n,
    cv: { spearman, interval, pearson, rmse },
    tests: tests.map(({ name, statistics }) => ({
      name,
      n: statistics.n,
      spearman: statistics.spearman,
      pearson: statistics.pearson,
      rmse: statistics.rmse,
    })),
    fitMs,
  };
}

/** One row per target and set of rows. */
function asRows({ target, crossValidation, tests }: Assessment): string[][] {
  const row = (name: string, { n, spearman, interval, pearson, rmse }: FitStatistics) => [
    target,
    name,
    String(n),
    formatNumber(spearman, 4),
    interval.map((end) => formatNumber(end, 4)).join(' to '),
    formatNumber(pearson, 4),
    formatNumber(rmse, 4),
  ];
  return [
    row('out of fold', crossValidation),
    ...tests.map(({ name, statistics, usedForStopping }) =>
      row(usedForStopping ? `${name} (fit stopped on it)` : name, statistics),
    ),
  ];
}
