import type { NamedMixture, Prior, Study } from '../model/study';

/**
 * Metadata of the runs published with RegMix (Liu et al. 2024). Figures: the paper's appendix and the
 * repository's `mixture_config` and `regression_fitting`.
 */

/** The repository's data at the commit that the figures were checked against. */
const commit = 'b004d3a3f39846dcec6b3740da22bcd1ba95a5d0';
const folder = `https://raw.githubusercontent.com/sail-sg/regmix/${commit}/data`;

/** One published CSV. */
export interface PublishedFile {
  readonly name: string;
  readonly url: string;
}

const file = (name: string): PublishedFile => ({ name, url: `${folder}/${name}` });

/** 512 training and 256 test runs of proxies with 1M parameters. */
export const publishedRuns: readonly PublishedFile[] = [
  file('train_mixture_1m.csv'),
  file('train_pile_loss_1m.csv'),
  file('test_mixture_1m.csv'),
  file('test_pile_loss_1m.csv'),
];

/** Test runs at larger scales: 60M and 1B parameters. */
export const publishedScales: readonly PublishedFile[] = [
  file('test_mixture_60m.csv'),
  file('test_pile_loss_60m.csv'),
  file('test_mixture_1B.csv'),
  file('test_pile_loss_1B.csv'),
];

/** Name and source of the study of these runs. */
export const publishedStudy: Pick<Study, 'name' | 'source'> = {
  name: 'The Pile: 512 proxies of 1M parameters, published with RegMix',
  source: {
    kind: 'published',
    detail: 'Runs published with RegMix (Liu et al. 2024, arXiv 2407.01492), MIT licence.',
    builtIn: 'published',
  },
};

/** Per domain of the Pile: its token share, and what the paper's human baseline gives it. */
const pile: Readonly<Record<string, readonly [prior: number, human: number]>> = {
  arxiv: [0.113285273, 0.1052],
  freelaw: [0.079608651, 0.0386],
  nih_exporter: [0.003913491, 0.0052],
  pubmed_central: [0.185375901, 0.1071],
  wikipedia_en: [0.051081359, 0.0919],
  dm_mathematics: [0.015962925, 0.0198],
  github: [0.101750772, 0.0427],
  philpapers: [0.003707518, 0.0027],
  stackexchange: [0.066529351, 0.0929],
  enron_emails: [0.001750772, 0.003],
  gutenberg_pg_19: [0.027085479, 0.0199],
  pile_cc: [0.236869207, 0.1121],
  ubuntu_irc: [0.01184346, 0.0074],
  europarl: [0.007929969, 0.0043],
  hackernews: [0.008032956, 0.0075],
  pubmed_abstracts: [0.038825953, 0.0845],
  uspto_backgrounds: [0.046446962, 0.042],
};

/** The target that the paper optimises: it correlates most with downstream scores. */
export const publishedTarget = 'pile_cc';

/**
 * The study with the Pile's token shares as prior and the paper's human mixture, when its domains are the
 * Pile's; otherwise the study unchanged.
 */
export function withPublishedMixtures(study: Study): Study {
  const mixtures = publishedMixtures(study.domains.map(({ id }) => id));
  if (!mixtures) return study;
  const prior: Prior = { kind: 'file', weights: mixtures.prior };
  const human: NamedMixture = { name: 'human', weights: mixtures.human };
  return { ...study, prior, human };
}

/** The Pile's token shares and the paper's human mixture, each summing to 1; null for other domains. */
export function publishedMixtures(
  domains: readonly string[],
): { readonly prior: Float64Array; readonly human: Float64Array } | null {
  const rows = domains.map((id) => (Object.hasOwn(pile, id) ? pile[id] : null));
  if (domains.length !== Object.keys(pile).length || rows.includes(null)) return null;
  const shares = (place: 0 | 1): Float64Array => {
    const amounts = rows.map((row) => row?.[place] ?? 0);
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    return Float64Array.from(amounts, (amount) => amount / total);
  };
  return { prior: shares(0), human: shares(1) };
}
