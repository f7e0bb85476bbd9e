import type { DomainText } from '../corpora/types';
import type { BackendId } from './engine';
import type { TrainingSetting } from './messages';
import type { ProxyShape } from './shape';
import type { TrainingOptions } from './training';
import { validationWindows } from './validation';

/** Windows of validation text per domain. */
const windowsPerDomain = 128;
/** Milliseconds between two checkpoints of a group. */
const saveEvery = 10_000;
/** Evaluations over a training, the last one included. */
const usualEvaluations = 4;

/**
 * What all groups of a training have in common, on the given text.
 *
 * @param texts one per domain, each with a window of validation text at least
 * @param evaluations over a training, the last one included
 * @throws RangeError when a domain has less
 */
export function settingFor(
  texts: readonly DomainText[],
  { shape, training }: { readonly shape: ProxyShape; readonly training: TrainingOptions },
  { backend, wasmPath }: { readonly backend: BackendId; readonly wasmPath: string | null },
  evaluations = usualEvaluations,
): TrainingSetting {
  return {
    backend,
    wasmPath,
    shape,
    training,
    tokens: texts.map((text) => text.training),
    validation: texts.map(({ validation }) =>
      validationWindows(validation, shape.context, windowsPerDomain),
    ),
    evaluateAt: Array.from({ length: evaluations }, (_, place) =>
      Math.round((training.steps * (place + 1)) / evaluations),
    ),
    saveEvery,
  };
}
