import type { Model } from '../../lib/regression/types';
import type { ExploreClient } from '../../lib/store/explore-client';
import { revisionOf } from '../../lib/study/revision';
import type { Study } from '../../lib/study/types';

/** What the example is about, by the names that the published files have. */
export const example = {
  target: 'stackexchange',
  domains: ['hackernews', 'github', 'philpapers'],
} as const;

/** The law of the example's target, with where its domains stand in the study. */
export interface PaperFit {
  readonly model: Model;
  /** Of the example's domains, in its order. */
  readonly places: readonly number[];
}

/**
 * Fits the law to the example's target on the paper's runs, in the explore worker.
 *
 * @throws Error when the runs have not the example's domains
 */
export async function fitPaper(study: Study, explore: ExploreClient): Promise<PaperFit> {
  const places = example.domains.map((id) => study.domains.findIndex((each) => each.id === id));
  if (places.includes(-1)) throw new Error('they do not have the domains of the example');
  const model = await explore.call(study, 'model', {
    revision: revisionOf(study),
    target: example.target,
    regressor: 'law',
    options: { seed: 1 },
  });
  return { model, places };
}
