import { formatPercent } from '../../lib/format';
import type { OptimumReport } from '../../lib/optimum/types';
import type { RegressorInfo } from '../../lib/regression/types';
import type { Study } from '../../lib/study/types';

/** What a reader of the report must know before training on its mixture, the gravest first. */
export function reportCaveats(
  study: Study,
  { optimum, coverage }: OptimumReport,
  regressor: RegressorInfo,
): string[] {
  const distance = `${formatPercent(coverage.distance, 0)} of the weight lies between this mixture and the nearest run`;
  return [
    ...(study.source.kind === 'simulated' ? ['The runs are simulated.'] : []),
    ...(optimum.violated.length > 0 ? ['The mixture breaks limits that were set.'] : []),
    coverage.far
      ? `${distance}: it is outside of what was sampled, and bands do not hold there.`
      : `${distance}; ${formatPercent(coverage.percentile, 0)} of runs are as far from theirs.`,
    ...(regressor.mayHaveSeenRuns
      ? ['The model was fitted elsewhere and may have seen the runs that it is measured on.']
      : []),
    'Proxies rank mixtures; they do not tell the loss of a larger model, which abilities appear only in it, or how repeated data behave at scale.',
    'Verify: train a larger model on this mixture and on the prior before you rely on it.',
  ];
}
