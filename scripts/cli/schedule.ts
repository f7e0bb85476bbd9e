import { StageError } from '../../lib/model/errors';
import { betterText, formatNumber, formatPercent } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import { defaultEpochs } from '../../lib/model/settings';
import { optimaOverTraining } from '../../lib/schedule/optima';
import { scheduleAdvice, scheduleFormats, scheduleOf } from '../../lib/schedule/schedule';
import { alignColumns, choice, type Notify, quantity, readOptions, required } from './arguments';
import { columnOptions } from './columns';
import { chooseDomains, readCorpora } from './corpora';
import { chooseRegressor, findTarget, readTrajectoryOf } from './study';
import { boundsByText, readStudyNamed } from './verify-study';

const scheduleOptions = {
  ...columnOptions,
  study: { type: 'string' },
  target: { type: 'string' },
  trajectory: { type: 'string' },
  corpus: { type: 'string' },
  requested: { type: 'string' },
  epochs: { type: 'string' },
  'beyond-tried': { type: 'boolean' },
  regressor: { type: 'string' },
  format: { type: 'string' },
  seed: { type: 'string' },
} as const;

/** `regmix schedule`: the optimum at every checkpoint of the proxies, as a schedule over a training. */
export async function runSchedule(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, scheduleOptions);
  const name = required(options.study, '--study');
  const study = await readStudyNamed(name, options, notify);
  const target = findTarget(study, required(options.target, '--target'));
  const seed = quantity(options.seed ?? '1', '--seed', { low: 0, high: 2 ** 31 - 1, whole: true });
  const requested = quantity(options.requested ?? '1000000', '--requested', { low: 1, high: 1e18 });
  const epochs = quantity(options.epochs ?? String(defaultEpochs), '--epochs', {
    low: 1e-6,
    high: 1e6,
  });
  const format = choice(
    options.format,
    '--format',
    scheduleFormats.map(({ id }) => id),
  );
  const ids = study.domains.map(({ id }) => id);
  const texts = chooseDomains(readCorpora(options.corpus ?? name), ids.join(','));
  const moments = runJob(
    optimaOverTraining(study, await readTrajectoryOf(study, name, options.trajectory), {
      target: target.id,
      regressor: chooseRegressor(study, options.regressor),
      options: { seed },
      bounds: boundsByText(study, texts, requested, epochs, options['beyond-tried']),
      base: { kl: 0, prior: study.prior.weights, unique: null },
    }),
  );
  const schedule = scheduleOf(moments);
  const advice = scheduleAdvice(moments);
  if (advice.verb === 'none') {
    const said = `${advice.words}: ${advice.reason}.`;
    if (format === undefined) return said;
    throw new StageError('verify', said, 'Without advice there is no schedule to write.');
  }
  const note = `${advice.words} this schedule, since ${advice.reason}.`;
  const written = scheduleFormats.find(({ id }) => id === format);
  if (written) return written.write(study.domains, schedule, note).trimEnd();
  const rows = schedule.map(({ from, to, weights }, place) => [
    `${formatPercent(from, 0)} to ${formatPercent(to, 0)}`,
    ...Array.from(weights, (weight) => formatPercent(weight, 1)),
    formatNumber(moments[place].rho, 3),
  ]);
  const of = `for ${target.name}, ${betterText(target.direction)}`;
  return [note, of, ...alignColumns([['of the training', ...ids, 'rho'], ...rows])].join('\n');
}
