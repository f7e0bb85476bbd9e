import type { DomainText } from '../corpora/types';
import type { BackendId } from './engine';
import { planEvaluations } from './evaluation-plan';
import type { TrainingSetting } from './messages';
import type { TrainingOptions } from './options';
import type { ProxyShape } from './shape';
import { validationWindows } from './validation';

/** Milliseconds between two checkpoints of a group. */
const saveEvery = 10_000;
/** Evaluations over a training, the last one included, where it is long enough for them. */
const usualEvaluations = 4;

/**
 * What all groups of a training have in common, on the given text.
 *
 * @param texts one per domain, each with a window of validation text at least
 * @param evaluations over a training at most, the last one included
 * @throws RangeError when a domain has less
 */
export function settingFor(
  texts: readonly DomainText[],
  { shape, training }: { readonly shape: ProxyShape; readonly training: TrainingOptions },
  { backend, wasmPath }: { readonly backend: BackendId; readonly wasmPath: string | null },
  evaluations = usualEvaluations,
): TrainingSetting {
  const { evaluateAt, windows } = planEvaluations(training, texts.length, evaluations);
  return {
    backend,
    wasmPath,
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
