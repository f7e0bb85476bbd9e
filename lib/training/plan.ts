/**
 * Plans a training from the user's choices: mixtures, proxies, the setting of all groups and the stored job;
 * and restores the form from a stored job.
 */

import type { DomainText, LoadedCorpora, LoadedDomain } from '../corpora/types';
import { regmixSampling, sampleProxyMixtures } from '../mixture/sampling';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { fromRows, type Matrix, rowOf } from '../model/matrix';
import { validationWindows } from './batches';
import type { Calibration } from './calibrate';
import { type TrainingJob, textHash } from './checkpoints';
import type { BackendId, PlannedProxy } from './engine';
import { planEvaluations, type TrainingOptions, trainingFor, usualRates } from './options';
import type { TrainingSetting } from './protocol';
import { type ProxyShape, sizes } from './shape';
import type { TrainingSettings, TrainingState } from './state';

/** The chosen domains. */
export function chosenDomains({
  corpora,
  chosen,
}: Pick<TrainingState, 'corpora' | 'chosen'>): LoadedDomain[] {
  if (corpora.status !== 'ready') return [];
  return corpora.loaded.domains.filter(({ about }) => chosen.includes(about.id));
}

/** Each domain's share of the training text. */
export function priorOf(domains: readonly LoadedDomain[]): Float64Array {
  const total = domains.reduce((sum, { training }) => sum + training.length, 0);
  return Float64Array.from(domains, ({ training }) => training.length / total);
}

/**
 * Draws the mixtures of a training.
 *
 * @throws StageError with fewer than two domains, and when the limits leave too few mixtures
 */
export function drawMixtures(
  domains: readonly LoadedDomain[],
  { sampling, seed }: TrainingSettings,
): Matrix {
  if (domains.length < 2) {
    throw new StageError(
      'mixtures',
      'A mixture needs at least two domains.',
      'Choose another corpus.',
    );
  }
  return runJob(
    sampleProxyMixtures(priorOf(domains), {
      ...regmixSampling,
      ...sampling,
      concentrations: { ...sampling.concentrations, steps: regmixSampling.concentrations.steps },
      seed,
    }),
  );
}

/** The proxies: one per mixture, and again the first ones with other seeds. */
export function planProxies(
  mixtures: Matrix,
  { seed, repeats }: Pick<TrainingSettings, 'seed' | 'repeats'>,
): PlannedProxy[] {
  const first = Array.from({ length: mixtures.rows }, (_, row) => ({
    id: String(row + 1),
    mixture: rowOf(mixtures, row),
    seed,
  }));
  const again = first.slice(0, repeats).map(({ mixture }, place) => ({
    id: String(mixtures.rows + place + 1),
    mixture,
    seed: seed + 1 + place,
  }));
  return [...first, ...again];
}

/**
 * The common setting of all groups, by the settings.
 *
 * @param evaluations maximum number over a training; has a default
 */
export function settingOf(
  domains: readonly LoadedDomain[],
  { size, tokens }: Pick<TrainingSettings, 'size' | 'tokens'>,
  backend: BackendId,
  evaluations?: number,
): TrainingSetting {
  const shape = sizes[size];
  const training = trainingFor(tokens, shape.context, usualRates[size]);
  return settingFor(domains, { shape, training }, backend, evaluations);
}

/** Everything that is saved of a training, so that it can be resumed. */
export function makeJob(
  id: string,
  corpora: LoadedCorpora,
  domains: readonly LoadedDomain[],
  settings: TrainingSettings,
  proxies: readonly PlannedProxy[],
  { backend, population, trainers }: Pick<Calibration, 'backend' | 'population' | 'trainers'>,
): TrainingJob {
  const { training } = settingOf(domains, settings, backend);
  return {
    version: 1,
    id,
    corpora: { id: corpora.id, name: corpora.name },
    domains: domains.map(({ about, training: text, validation }) => ({
      id: about.id,
      name: about.name,
      trainingTokens: text.length,
      validationTokens: validation.length,
      hash: textHash(text, validation),
    })),
    size: settings.size,
    training: { ...training, betas: [training.betas[0], training.betas[1]] },
    proxies: proxies.map(({ id: proxy, mixture, seed, schedule }) => ({
      id: proxy,
      mixture: Array.from(mixture),
      seed,
      ...(schedule && {
        schedule: schedule.map((phase) => ({
          from: phase.from,
          mixture: Array.from(phase.mixture),
        })),
      }),
    })),
    backend,
    population,
    trainers,
  };
}

/**
 * The domains of a saved training from reloaded corpora.
 *
 * @throws StageError when a domain is missing, or its text has changed
 */
export function domainsOfJob(job: TrainingJob, loaded: LoadedCorpora): LoadedDomain[] {
  return job.domains.map(({ id, name, hash }) => {
    const found = loaded.domains.find(({ about }) => about.id === id);
    if (found && textHash(found.training, found.validation) === hash) return found;
    throw new StageError(
      'corpora',
      found
        ? `The text of ${name} has changed since this training began.`
        : `The text of ${name} is no longer available.`,
      'Discard the training and start a new one.',
    );
  });
}

/**
 * Settings and mixtures that a saved training was started with, as far as the job contains them. It does not
 * contain how its mixtures were drawn, so they count as edited unless drawing gives the same ones.
 *
 * @param state with the job's text open and its domains chosen
 * @param ofProxies whether the job is one of proxies, with a mixture of the form each
 */
export function formOf(
  job: TrainingJob,
  state: Pick<TrainingState, 'corpora' | 'chosen' | 'settings'>,
  ofProxies: boolean,
): Pick<TrainingState, 'settings'> &
  Partial<Pick<TrainingState, 'mixtures' | 'isEdited' | 'problem'>> {
  const { size, backend, proxies } = job;
  const [{ seed }] = proxies;
  const tokens = tokensOf(job, state.settings.tokens);
  const known = { ...state.settings, size, tokens, seed, engine: backend };
  if (!ofProxies) return { settings: known };
  // Repeated proxies have their own seeds, and come last.
  const again = proxies.findIndex((proxy) => proxy.seed !== seed);
  const count = again < 0 ? proxies.length : again;
  const mixtures = fromRows(
    proxies.slice(0, count).map(({ mixture }) => Float64Array.from(mixture)),
  );
  const sampling = { ...state.settings.sampling, count };
  const settings = { ...known, repeats: proxies.length - count, sampling };
  const isEdited = !isDrawn(mixtures, state, settings);
  return { settings, mixtures, isEdited, problem: '' };
}

/** A number of tokens that gives as many steps: the default one, or else the one with the fewest digits. */
function tokensOf({ size, training: { steps, rows } }: TrainingJob, usual: number): number {
  const { context } = sizes[size];
  const exact = steps * rows * context;
  const rounded = [1, 2, 3].map((digits) => Number(exact.toPrecision(digits)));
  const gives = (tokens: number) => trainingFor(tokens, context, usualRates[size]).steps === steps;
  return [usual, ...rounded].find(gives) ?? exact;
}

/** Whether drawing by these settings gives these mixtures. */
function isDrawn(
  mixtures: Matrix,
  state: Pick<TrainingState, 'corpora' | 'chosen'>,
  settings: TrainingSettings,
): boolean {
  try {
    const { values } = drawMixtures(chosenDomains(state), settings);
    return (
      values.length === mixtures.values.length &&
      values.every((weight, at) => weight === mixtures.values[at])
    );
  } catch {
    return false;
  }
}

/** Milliseconds between two checkpoints of a group. */
const saveEvery = 10_000;
/** Default number of evaluations of a training, including the last one, where it is long enough. */
const usualEvaluations = 4;

/**
 * The common setting of all groups of a training, on the given text.
 *
 * @param texts one per domain, each with a window of validation text at least
 * @param evaluations maximum number over a training, including the last one
 * @throws RangeError when a domain has less
 */
export function settingFor(
  texts: readonly DomainText[],
  { shape, training }: { readonly shape: ProxyShape; readonly training: TrainingOptions },
  backend: BackendId,
  evaluations = usualEvaluations,
): TrainingSetting {
  const { evaluateAt, windows } = planEvaluations(training, texts.length, evaluations);
  return {
    backend,
    shape,
    training,
    tokens: texts.map((text) => text.training),
    validation: texts.map(({ validation }) =>
      validationWindows(validation, shape.context, windows),
    ),
    evaluateAt,
    saveEvery,
  };
}
