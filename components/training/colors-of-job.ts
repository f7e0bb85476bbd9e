import type { TrainingJob } from '../../lib/training/checkpoints';
import { domainColors } from '../charts/domain-colors';

/** The colours of a training's domains: by their text, as in the study that it becomes. */
export function colorsOfJob({ domains }: Pick<TrainingJob, 'domains'>): readonly string[] {
  return domainColors(Float64Array.from(domains, ({ trainingTokens }) => trainingTokens));
}
