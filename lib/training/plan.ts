import type { LoadedCorpora, LoadedDomain } from '../corpora/types';
import { StageError } from '../errors';
import { runJob } from '../job';
import { type Matrix, rowOf } from '../matrix';
import { regmixSampling, sampleProxyMixtures } from '../mixture/proxy-mixtures';
import type { Calibration } from './calibrate';
import type { BackendId, PlannedProxy } from './engine';
import { type TrainingJob, textHash } from './job';
import type { TrainingSetting } from './messages';
import { trainingFor, usualRates } from './options';
import { settingFor } from './setting';
import { sizes } from './shape';
import type { TrainingSettings, TrainingState } from './state';

/** The domains to train on. */
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
    throw new StageError('mixtures', 'A mixture needs two domains at least.', 'Choose another.');
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
 * What groups have in common, by the settings.
 *
 * @param evaluations over a training at most; as many as usual where nothing is said
 */
export function settingOf(
  domains: readonly LoadedDomain[],
  { size, tokens }: Pick<TrainingSettings, 'size' | 'tokens'>,
  backend: BackendId,
  wasmPath: string | null,
  evaluations?: number,
): TrainingSetting {
  const shape = sizes[size];
  const training = trainingFor(tokens, shape.context, usualRates[size]);
  return settingFor(domains, { shape, training }, { backend, wasmPath }, evaluations);
}

/** Everything that is kept of a training, so that it can go on later. */
export function makeJob(
  id: string,
  corpora: LoadedCorpora,
  domains: readonly LoadedDomain[],
  settings: TrainingSettings,
  proxies: readonly PlannedProxy[],
  { backend, population, trainers }: Pick<Calibration, 'backend' | 'population' | 'trainers'>,
): TrainingJob {
  const { training } = settingOf(domains, settings, backend, null);
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
 * The domains of a kept training out of corpora that were loaded again.
 *
 * @throws StageError when a domain is missing, or its text is another one now
 */
export function domainsOfJob(job: TrainingJob, loaded: LoadedCorpora): LoadedDomain[] {
  return job.domains.map(({ id, name, hash }) => {
    const found = loaded.domains.find(({ about }) => about.id === id);
    if (found && textHash(found.training, found.validation) === hash) return found;
    throw new StageError(
      'corpora',
      found
        ? `The text of ${name} is not the one that these proxies were begun on.`
        : `The text of ${name} is not there any more.`,
      'Discard the training and start a new one.',
    );
  });
}
