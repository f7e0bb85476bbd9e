/** Sizes in tokens of the parts of well-known corpora, as their authors published them. */
import type { Domain } from '../model/study';
import { matchDomains } from '../runs/identify';

/** A part of a corpus. */
interface KnownPart {
  /** Its id, and other names that its files and configurations give it; lower case, `_` between words. */
  readonly names: readonly string[];
  /** Unique tokens, > 0. */
  readonly tokens: number;
}

export interface KnownCorpus {
  readonly id: string;
  readonly name: string;
  /** Where the figures stand and by which tokenizer they are counted, one sentence. */
  readonly source: string;
  /** Tokens of the whole corpus, rounded as published. */
  readonly total: number;
  readonly domains: readonly KnownPart[];
}

/** A corpus with the sizes that it has for the domains of a study. */
export interface KnownSizes {
  readonly corpus: KnownCorpus;
  /** Tokens by domain of the study; null for what is not of the corpus. */
  readonly tokens: readonly (number | null)[];
}

const billion = 1e9;
const part = (tokens: number, ...names: string[]): KnownPart => ({
  names,
  tokens: Math.round(tokens * billion),
});

/**
 * A component of the Pile: its raw size times its tokens per byte, to three digits.
 * @param gib raw size in GiB (Gao et al. 2020, table 1)
 * @param rate GPT-2 tokens per byte (there, table 7)
 */
const ofPile = (gib: number, rate: number, ...names: string[]): KnownPart => ({
  names,
  tokens: Number((gib * 2 ** 30 * rate).toPrecision(3)),
});

/** A source of SlimPajama by its share of the 627 billion tokens. */
const ofSlimPajama = (share: number, ...names: string[]) => part(share * 627, ...names);

const commonCrawl = ['commoncrawl', 'common_crawl', 'cc', 'redpajamacommoncrawl'];
const gitHub = ['github', 'redpajamagithub'];
const books = ['books', 'book', 'redpajamabook', 'redpajamabooks'];
const arXiv = ['arxiv', 'redpajamaarxiv'];
const wikipedia = ['wikipedia', 'wiki', 'redpajamawikipedia'];
const stackExchange = ['stackexchange', 'stack_exchange', 'redpajamastackexchange'];
const c4 = ['c4', 'redpajamac4'];
const wikis = ['wikipedia', 'wiki', 'wikipedia_wikibooks', 'wikipedia_&_wikibooks'];
const gutenberg = ['gutenberg', 'project_gutenberg', 'books'];
const openWebMath = ['openwebmath', 'open_web_math', 'open_web_math_train'];
const algebraicStack = ['algebraic_stack', 'algebraicstack', 'algebraic_stack_train'];
const reddit = ['reddit'];
const peS2o = ['pes2o', 'semantic_scholar', 's2orc'];

/** Every figure was compared with the publication that `source` names. */
export const knownCorpora: readonly KnownCorpus[] = [
  {
    id: 'pile',
    name: 'The Pile',
    source:
      'Raw sizes (table 1) times GPT-2 tokens per byte (table 7), each counted once, from Gao et al. 2020, “The Pile” (arXiv 2101.00027).',
    // The paper gives no total of tokens; 825.18 GiB at its 0.29335 tokens per byte of the whole are 260 billion.
    total: 257 * billion,
    domains: [
      ofPile(227.12, 0.2291, 'pile_cc'),
      ofPile(90.27, 0.3103, 'pubmed_central'),
      ofPile(100.96, 0.2477, 'books3'),
      ofPile(62.77, 0.2434, 'openwebtext2'),
      ofPile(56.21, 0.3532, 'arxiv'),
      ofPile(95.16, 0.4412, 'github'),
      ofPile(51.15, 0.2622, 'freelaw', 'free_law'),
      ofPile(32.2, 0.3436, 'stackexchange', 'stack_exchange'),
      ofPile(22.9, 0.2116, 'uspto_backgrounds', 'uspto'),
      ofPile(19.26, 0.2183, 'pubmed_abstracts', 'pubmed'),
      ofPile(10.88, 0.2677, 'gutenberg_pg_19', 'gutenberg_(pg_19)', 'gutenberg'),
      ofPile(12.98, 0.2765, 'opensubtitles', 'open_subtitles'),
      ofPile(6.38, 0.2373, 'wikipedia_en', 'wikipedia_(en)', 'wikipedia'),
      ofPile(7.75, 0.8137, 'dm_mathematics', 'dm_math'),
      ofPile(5.52, 0.3651, 'ubuntu_irc'),
      ofPile(6.3, 0.243, 'bookcorpus2', 'books2'),
      ofPile(4.59, 0.3879, 'europarl'),
      ofPile(3.9, 0.2627, 'hackernews', 'hacker_news'),
      ofPile(3.73, 0.4349, 'youtubesubtitles', 'youtube_subtitles'),
      ofPile(2.38, 0.2688, 'philpapers', 'phil_papers'),
      ofPile(1.89, 0.1987, 'nih_exporter', 'nih'),
      ofPile(0.88, 0.3103, 'enron_emails', 'enron'),
    ],
  },
  {
    id: 'slimpajama',
    name: 'SlimPajama',
    source:
      'Shares of 627 billion tokens from the dataset card of SlimPajama-627B (Soboleva et al., Cerebras 2023).',
    total: 627 * billion,
    domains: [
      ofSlimPajama(0.522, ...commonCrawl),
      ofSlimPajama(0.267, ...c4),
      ofSlimPajama(0.052, ...gitHub),
      ofSlimPajama(0.042, ...books),
      ofSlimPajama(0.046, ...arXiv),
      ofSlimPajama(0.038, ...wikipedia),
      ofSlimPajama(0.033, ...stackExchange),
    ],
  },
  {
    id: 'redpajama',
    name: 'RedPajama v1',
    source:
      'Token counts from the dataset card of RedPajama-Data-1T (Together 2023), before deduplication.',
    total: 1210 * billion,
    domains: [
      part(878, ...commonCrawl),
      part(175, ...c4),
      part(59, ...gitHub),
      part(26, ...books),
      part(28, ...arXiv),
      part(24, ...wikipedia),
      part(20, ...stackExchange),
    ],
  },
  {
    id: 'dolma-1.6',
    name: 'Dolma v1.6',
    source:
      'Llama tokens from the dataset card of Dolma v1.6 (Soldaini et al. 2024, arXiv 2402.00159).',
    total: 3059 * billion,
    domains: [
      part(2281, 'common_crawl', 'commoncrawl', 'cc'),
      part(411, 'the_stack', 'stack'),
      part(198, 'c4'),
      part(89, ...reddit),
      part(70, ...peS2o),
      part(6, ...gutenberg),
      part(4.3, ...wikis),
    ],
  },
  {
    id: 'dolma-1.7',
    name: 'Dolma v1.7',
    source:
      'OLMo tokens from the dataset card of Dolma v1.7 (Soldaini et al. 2024, arXiv 2402.00159).',
    total: 2308.5 * billion,
    domains: [
      part(1195.5, 'cc', 'dolma_cc', "dolma's_cc", 'common_crawl', 'commoncrawl'),
      part(456.4, 'refinedweb', 'refined_web', 'falcon_refinedweb', 'falcon'),
      part(263.8, 'starcoder'),
      part(138.4, 'c4', 'c4_filtered'),
      part(79.9, ...reddit),
      part(57.2, ...peS2o),
      part(28, 'arxiv'),
      part(19.6, 'stackexchange', 'stack_exchange'),
      part(16.5, 'flan', 'tulu_flan'),
      part(14.3, 'cc_news'),
      part(12.6, ...openWebMath),
      part(12.6, ...algebraicStack),
      part(5.3, ...gutenberg),
      part(4.6, 'megawika'),
      part(3.7, ...wikis),
    ],
  },
  {
    id: 'olmo-2-mix',
    name: 'OLMo 2 Mix (DCLM)',
    source:
      'Token counts of the OLMo 2 1124 Mix, with DCLM-Baseline as its web pages, from “2 OLMo 2 Furious” (OLMo team 2025, arXiv 2501.00656).',
    total: 3900 * billion,
    domains: [
      part(3710, 'dclm', 'dclm_baseline'),
      part(83, 'starcoder'),
      part(58.6, ...peS2o),
      part(20.8, 'arxiv'),
      part(12.2, ...openWebMath),
      part(11.8, ...algebraicStack),
      part(3.7, ...wikis),
    ],
  },
];

/** Fewer could be called so by chance. */
const fewest = 4;

/**
 * The known corpora that most domains of a study are of and that it has most parts of: those of which it has the
 * largest share of parts.
 */
export function knownSizesOf(domains: readonly Domain[]): KnownSizes[] {
  const found = knownCorpora
    .map((corpus) => sizesIn(corpus, domains))
    .filter((sizes) => sizes !== null);
  const most = Math.max(...found.map(({ share }) => share));
  return found.filter(({ share }) => share === most);
}

/** The sizes of a corpus for the domains of a study; null unless most are of it and most of its parts among them. */
export function sizesIn(
  corpus: KnownCorpus,
  domains: readonly Domain[],
): (KnownSizes & { readonly share: number }) | null {
  const names = corpus.domains.flatMap((known) => known.names.map((name) => ({ id: name, name })));
  const partOf = new Map(
    corpus.domains.flatMap((known) => known.names.map((name) => [name, known])),
  );
  const ids = domains.map(({ id }) => id);
  const parts = matchDomains(ids, names).map((match) => match && partOf.get(match.id));
  const matched = parts.filter((known) => known !== undefined);
  const share = matched.length / corpus.domains.length;
  // A part that stands in two domains would count twice: these are not the parts as published.
  const isWhole = new Set(matched).size === matched.length;
  const isMost = share > 0.5 && matched.length > domains.length / 2;
  if (!isWhole || !isMost || matched.length < fewest) return null;
  return { corpus, share, tokens: parts.map((known) => known?.tokens ?? null) };
}
