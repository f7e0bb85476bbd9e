import { fromRows } from '../model/matrix';
import { defaultEpochs, defaultSettings } from '../model/settings';
import type { RunTable, Study, Target } from '../model/study';
import { allRuns, withTraining } from '../runs/left-out';
import { minimumTrainingRows } from '../runs/recognition';
import type { FinishedRun, TrainingJob } from '../training/checkpoints';
import { layoutOf, sizes } from '../training/shape';
import type { OpenedStudy } from './from-runs';

/** Size of the larger training that the limits of a trained study refer to, in tokens per token of a proxy. */
const largerTraining = 10;
/** Sum of the caps where there is less text than that: they bind, but leave a choice. */
const leastChoice = 2;

/** Whether a study can be opened with so many finished proxies. */
export function canOpenTrained(finished: number): boolean {
  return finished >= minimumTrainingRows;
}

/**
 * The study of a training's finished proxies, in the order of its plan: one target per domain, the loss on
 * its validation text in bits per byte. The prior is each domain's share of the training text, and limits
 * are those of a training ten times as long on the same text, or of one that repeats the text twice on average.
 *
 * @param finished runs of the job, at least `minimumTrainingRows`
 */
export function openTrained(job: TrainingJob, finished: readonly FinishedRun[]): OpenedStudy {
  const { domains, proxies, corpora, size, training } = job;
  const table = trainedRuns(job, finished);
  const done = table.ids.length;
  const total = domains.reduce((sum, { trainingTokens }) => sum + trainingTokens, 0);
  const study: Study = {
    version: 1,
    id: job.id,
    name: trainedName(job, done),
    source: {
      kind: 'trained',
      detail: `Proxies of ${size} parameters, ${training.steps.toLocaleString('en')} steps each, trained in this tab on ${corpora.name}, seed ${proxies[0].seed}.`,
      training: job.id,
      parameters: layoutOf(sizes[size]).count,
    },
    domains: domains.map(({ id, name }) => ({ id, name })),
    targets: trainedTargets(job),
    training: table,
    testSets: [],
    prior: {
      kind: 'file',
      weights: Float64Array.from(domains, ({ trainingTokens }) => trainingTokens / total),
    },
    human: null,
  };
  const settings = defaultSettings(study);
  return {
    study,
    settings: {
      ...settings,
      constraints: {
        ...settings.constraints,
        requestedTokens: Math.min(
          largerTraining * training.steps * training.rows * sizes[size].context,
          (defaultEpochs * total) / leastChoice,
        ),
        availableTokens: domains.map(({ trainingTokens }) => trainingTokens),
      },
    },
  };
}

function trainedName({ corpora, proxies }: TrainingJob, done: number): string {
  return `${corpora.name}: ${done} of ${proxies.length} proxies trained here`;
}

/** The targets of a training: the loss on every domain's validation text. */
export function trainedTargets({ domains }: Pick<TrainingJob, 'domains'>): Target[] {
  return domains.map(({ id, name }) => ({
    id,
    name: `${name} loss`,
    unit: 'bits per byte',
    direction: 'lower',
  }));
}

/**
 * The finished runs of a training, in the order of its plan, with their intermediate losses at the steps
 * after which all of them were evaluated.
 */
export function trainedRuns(
  { proxies, domains }: Pick<TrainingJob, 'proxies' | 'domains'>,
  finished: readonly FinishedRun[],
): RunTable {
  const runs = new Map(finished.map((run) => [run.id, run]));
  const done = proxies.flatMap(({ id, mixture }) => {
    const evaluations = runs.get(id)?.evaluations ?? [];
    const last = evaluations.at(-1);
    return last ? [{ id, mixture, evaluations, last }] : [];
  });
  const inBits = (losses: readonly number[]) =>
    Float64Array.from(domains, (_, domain) => (losses[domain] ?? Number.NaN) / Math.LN2);
  const steps = (done[0]?.evaluations ?? [])
    .map(({ step }) => step)
    .filter((step) => done.every(({ evaluations }) => evaluations.some((at) => at.step === step)));
  return {
    name: 'training',
    ids: done.map(({ id }) => id),
    mixtures: fromRows(done.map(({ mixture }) => Float64Array.from(mixture))),
    losses: fromRows(done.map(({ last }) => inBits(last.losses))),
    trajectory: {
      steps,
      losses: steps.map((step) =>
        fromRows(
          done.map(({ evaluations }) =>
            inBits(evaluations.find((at) => at.step === step)?.losses ?? []),
          ),
        ),
      ),
    },
  };
}

/**
 * The session with more of the same training's proxies: the same study with other data. Settings, additions
 * and a name given by the user stay, except that a default regressor follows the number of runs.
 */
export function withMoreTrained(
  before: OpenedStudy,
  job: TrainingJob,
  finished: readonly FinishedRun[],
): OpenedStudy {
  const { study, settings } = openTrained(job, finished);
  const isUsual = before.settings.regressor === defaultSettings(before.study).regressor;
  const { name, source, training } = study;
  const isNamed = before.study.name !== trainedName(job, allRuns(before.study).ids.length);
  return {
    study: withTraining({ ...before.study, source, ...(!isNamed && { name }) }, training),
    settings: isUsual ? { ...before.settings, regressor: settings.regressor } : before.settings,
  };
}

/** Whether a study's runs are exactly proxies of that training, so that further ones can be added. */
export function isOfTraining({ source, training }: Study, job: string): boolean {
  return source.training === job && training.rounds === undefined;
}
