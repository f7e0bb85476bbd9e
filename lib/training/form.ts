import { fromRows, type Matrix } from '../matrix';
import type { TrainingJob } from './job';
import { trainingFor, usualRates } from './options';
import { chosenDomains, drawMixtures } from './plan';
import { sizes } from './shape';
import type { TrainingSettings, TrainingState } from './state';

/**
 * Settings and mixtures that a kept training was started with, as far as the job tells: how its mixtures were
 * drawn it does not, so they count as edited unless drawing gives the very same.
 *
 * @param state with the job's text on view and its domains chosen
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
  // Those that train once more have seeds of their own, and stand at the end.
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

/** An amount of tokens that gives as many steps: the usual one, or else the roundest. */
function tokensOf({ size, training: { steps, rows } }: TrainingJob, usual: number): number {
  const { context } = sizes[size];
  const exact = steps * rows * context;
  const roundest = [1, 2, 3].map((digits) => Number(exact.toPrecision(digits)));
  const gives = (tokens: number) => trainingFor(tokens, context, usualRates[size]).steps === steps;
  return [usual, ...roundest].find(gives) ?? exact;
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
