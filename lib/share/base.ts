import { meanOfRuns, uniformPrior } from '../mixture/prior';
import type { OpenedStudy } from '../study/from-runs';
import { publishedMixtures } from '../study/published';
import type { Settings } from '../study/settings';
import type { Prior, Study } from '../study/types';
import type { LinkContent, SharedView } from './content';

/**
 * What links of version 1 are read against: a link says only what differs from this. It hangs on the
 * runs alone and never changes, so that a link means the same however the page's own defaults move.
 */
export function linkBase(study: Study, kind: LinkContent['study']['kind']): OpenedStudy {
  const based = kind === 'inline' ? study : withMixturesOfRuns(study);
  return { study: based, settings: baseSettings(study) };
}

/** The prior and human mixture that the runs tell by themselves. */
function withMixturesOfRuns(study: Study): Study {
  const published = publishedMixtures(study.domains.map(({ id }) => id));
  return published
    ? {
        ...study,
        prior: { kind: 'file', weights: published.prior },
        human: { name: 'human', weights: published.human },
      }
    : { ...study, prior: meanOfRuns(study.training.mixtures), human: null };
}

/**
 * The weights that a prior of some kind is compared with.
 *
 * @param base of {@link linkBase}
 */
export function basePrior(kind: Prior['kind'], base: Study): Float64Array {
  if (kind === 'uniform') return uniformPrior(base.domains.length).weights;
  return kind === 'runs' ? meanOfRuns(base.training.mixtures).weights : base.prior.weights;
}

function baseSettings({ domains, targets }: Study): Settings {
  const each = <Value>(value: Value): readonly Value[] =>
    new Array<Value>(domains.length).fill(value);
  return {
    target: targets[0].id,
    objective: {
      kind: 'single',
      weights: {},
      families: {},
      normalised: true,
      kl: 0,
      discountRepeats: false,
      seek: 'best',
    },
    yours: null,
    regressor: 'mean',
    minRowsPerLeaf: null,
    engine: null,
    samples: 100_000,
    topK: 128,
    seed: 1,
    constraints: {
      requestedTokens: 25e9,
      availableTokens: each(null),
      epochs: each(4),
      max: each(null),
      min: each(0),
      locked: each(null),
    },
  };
}

/** The view that links of version 1 are read against. */
export const baseView: SharedView = {
  band: 90,
  order: 'weight',
  heatmap: 'spearman',
  evaluation: null,
  brushes: new Map(),
  lesson: { hidesAnswer: false, hiddenStages: [], task: '', isPresenting: false },
};
