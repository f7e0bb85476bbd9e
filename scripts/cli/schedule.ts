import { formatPercent } from '../../lib/format';
import { defaultEpochs } from '../../lib/study/settings';
import { scheduleCsv, scheduleJson, scheduleOf } from '../../lib/verify/schedule';
import { alignColumns } from './align';
import { choice, quantity, readOptions, required } from './arguments';
import { chooseDomains, readCorpora } from './corpora';
import { chooseRegressor, findTarget } from './study';
import { readTrajectory, trajectoryPath } from './trajectory';
import { findOptimum, limitsByText, readStudyNamed } from './verify-study';

const formats = ['csv', 'json'] as const;
const scheduleOptions = {
  study: { type: 'string' },
  target: { type: 'string' },
  trajectory: { type: 'string' },
  corpus: { type: 'string' },
  requested: { type: 'string' },
  epochs: { type: 'string' },
  regressor: { type: 'string' },
  format: { type: 'string' },
  seed: { type: 'string' },
} as const;

/** `regmix schedule`: the optimum at every checkpoint of the proxies, as a schedule over a training. */
export async function runSchedule(args: readonly string[]): Promise<string> {
  const options = readOptions(args, scheduleOptions);
  const name = required(options.study, '--study');
  const study = await readStudyNamed(name);
  const target = findTarget(study, required(options.target, '--target'));
  const seed = quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true });
  const requested = quantity(options.requested ?? '1000000', '--requested', { low: 1, high: 1e18 });
  const epochs = quantity(options.epochs ?? String(defaultEpochs), '--epochs', {
    low: 1e-6,
    high: 1e6,
  });
  const format = choice(options.format, '--format', formats);
  const ids = study.domains.map(({ id }) => id);
  const texts = chooseDomains(readCorpora(options.corpus ?? name), ids.join(','));
  const limits = limitsByText(texts, requested, epochs);
  const regressor = chooseRegressor(study, options.regressor);
  const moments = (await readTrajectory(study, options.trajectory ?? trajectoryPath(name))).map(
    ({ step, study: then }) => ({ step, ...findOptimum(then, target, regressor, limits, seed) }),
  );
  const schedule = scheduleOf(moments);
  if (format === 'csv') return scheduleCsv(study.domains, schedule).trimEnd();
  if (format === 'json') return scheduleJson(study.domains, schedule).trimEnd();
  const rows = schedule.map(({ from, to, weights }, place) => [
    `${formatPercent(from, 0)} to ${formatPercent(to, 0)}`,
    ...Array.from(weights, (weight) => formatPercent(weight, 1)),
    formatPercent(moments[place].rho, 1),
  ]);
  return alignColumns([['of the training', ...ids, 'rho'], ...rows]).join('\n');
}
