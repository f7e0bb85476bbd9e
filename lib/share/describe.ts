import { listInWords, plural } from '../format';
import { regressorInfo } from '../regression/catalogue';
import type { LinkContent } from './content';

/**
 * What a link sets about its study, in words: `limits of 3 domains, a mixture to compare with and a
 * brush`; empty when it sets nothing.
 */
export function describeChanges({ mixtures, settings, view }: LinkContent): string {
  const { constraints, yours, objective, regressor } = settings;
  const limited = new Set<number>();
  for (const name of ['availableTokens', 'epochs', 'max', 'min', 'locked'] as const) {
    constraints?.[name]?.forEach((value, domain) => {
      if (value !== undefined) limited.add(domain);
    });
  }
  const said = [
    settings.target !== undefined && 'a target',
    objective && 'an objective',
    regressor && `the regressor ${regressorInfo(regressor).name}`,
    constraints?.requestedTokens !== undefined && 'the requested tokens',
    limited.size > 0 && `limits of ${plural(limited.size, 'domain')}`,
    yours && 'a mixture to compare with',
    mixtures.prior && 'a prior',
    mixtures.human && 'a human mixture',
    (settings.engine !== undefined || settings.samples || settings.topK) && 'an engine',
    settings.minRowsPerLeaf !== undefined && 'the size of leaves',
    settings.seed !== undefined && 'a seed',
    view.brushes && plural(view.brushes.length, 'brush', 'brushes'),
    (view.band || view.order || view.heatmap || view.evaluation !== undefined) &&
      'how it is viewed',
    view.lesson && 'a lesson',
  ];
  return listInWords(said.filter((part): part is string => typeof part === 'string'));
}
