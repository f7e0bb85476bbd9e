import { describe, expect, it } from 'vitest';
import type { Domain } from '../model/study';
import { knownCorpora, knownSizesOf } from './known-sizes';

const domains = (...ids: string[]): Domain[] => ids.map((id) => ({ id, name: id }));
const offered = (...ids: string[]) => knownSizesOf(domains(...ids)).map(({ corpus }) => corpus.id);

describe('the figures', () => {
  it.each(knownCorpora.map((corpus) => [corpus.id, corpus] as const))(
    'of %s sum to the published total within its rounding',
    (_, corpus) => {
      const sum = corpus.domains.reduce((total, { tokens }) => total + tokens, 0);
      expect(Math.abs(sum / corpus.total - 1)).toBeLessThan(0.005);
    },
  );

  it('are whole numbers above zero under names that are given once in a corpus', () => {
    for (const { domains: parts } of knownCorpora) {
      for (const { tokens } of parts) {
        expect(tokens).toBeGreaterThan(1e6);
        expect(Number.isInteger(tokens)).toBe(true);
      }
      const names = parts.flatMap((part) => part.names);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('name where they come from', () => {
    for (const { source, name } of knownCorpora) {
      expect(source).toMatch(/\d{4}/);
      expect(name).not.toBe('');
    }
  });

  it('of the Pile follow from raw size and tokens per byte', () => {
    const [sizes] = knownSizesOf(domains(...pileOfRegMix));
    // 227.12 GiB at 0.2291 and 7.75 GiB at 0.8137 GPT-2 tokens per byte.
    expect(sizes.tokens[pileOfRegMix.indexOf('pile_cc')]).toBe(55_900_000_000);
    expect(sizes.tokens[pileOfRegMix.indexOf('dm_mathematics')]).toBe(6_770_000_000);
    // The paper's own ratio for the whole, section 3.1.
    expect(sizes.corpus.total / (825.18 * 2 ** 30 * 0.29335)).toBeCloseTo(1, 1);
  });
});

const pileOfRegMix = [
  ...['arxiv', 'freelaw', 'nih_exporter', 'pubmed_central', 'wikipedia_en', 'dm_mathematics'],
  ...['github', 'philpapers', 'stackexchange', 'enron_emails', 'gutenberg_pg_19', 'pile_cc'],
  ...['ubuntu_irc', 'europarl', 'hackernews', 'pubmed_abstracts', 'uspto_backgrounds'],
];

describe('the match', () => {
  it('finds a corpus by its own names, whatever their case, order, prefix and blanks', () => {
    expect(offered(...pileOfRegMix)).toEqual(['pile']);
    expect(offered(...pileOfRegMix.map((id) => `the_pile_${id}`))).toEqual(['pile']);
    const slim = ['arxiv', 'book', 'c4', 'github', 'commoncrawl', 'stackexchange', 'wikipedia'];
    expect(offered(...slim)).toEqual(['slimpajama', 'redpajama']);
    expect(
      offered('Common Crawl', 'C4', 'GitHub', 'Books', 'ArXiv', 'Wiki', 'Stack-Exchange'),
    ).toEqual(['slimpajama', 'redpajama']);
    expect(
      offered(
        ...['RedPajamaCommonCrawl', 'RedPajamaC4', 'RedPajamaGithub', 'RedPajamaBook'],
        ...['RedPajamaArXiv', 'RedPajamaWikipedia', 'RedPajamaStackExchange'],
      ),
    ).toEqual(['slimpajama', 'redpajama']);
  });

  it('gives every domain its own size, and none to what the corpus lacks', () => {
    const [sizes] = knownSizesOf(domains('wikipedia', 'c4', 'commoncrawl', 'github', 'mine'));
    expect(sizes.corpus.id).toBe('slimpajama');
    expect(sizes.tokens).toEqual([
      23_826_000_000,
      167_409_000_000,
      327_294_000_000,
      32_604_000_000,
      null,
    ]);
  });

  it('offers nothing to domains of which most are not of one corpus', () => {
    expect(offered('web', 'code', 'math', 'wiki')).toEqual([]);
    expect(offered('English', 'German', 'French')).toEqual([]);
    expect(offered('arxiv', 'github', 'wikipedia')).toEqual([]);
    expect(offered(...pileOfRegMix.slice(0, 9))).toEqual([]);
    expect(offered('c4', 'github', 'arxiv', 'commoncrawl', 'a', 'b', 'c', 'd')).toEqual([]);
  });

  it('offers no corpus of which a part would count twice', () => {
    expect(
      offered('commoncrawl', 'common_crawl', 'c4', 'github', 'books', 'arxiv', 'wikipedia'),
    ).toEqual([]);
  });

  it('tells the two Dolmas and the mix of OLMo 2 apart', () => {
    expect(
      offered('common-crawl', 'the-stack', 'c4', 'reddit', 'pes2o', 'gutenberg', 'wikipedia'),
    ).toEqual(['dolma-1.6']);
    expect(
      offered('dclm', 'starcoder', 'pes2o', 'arxiv', 'open-web-math', 'algebraic-stack', 'wiki')[0],
    ).toBe('olmo-2-mix');
    expect(
      offered(
        ...['cc', 'refinedweb', 'starcoder', 'c4', 'reddit', 'pes2o', 'arxiv', 'stackexchange'],
        ...['flan', 'cc_news', 'open-web-math', 'algebraic-stack', 'gutenberg', 'megawika', 'wiki'],
      )[0],
    ).toBe('dolma-1.7');
  });
});
