import { describe, expect, test } from 'vitest';
import { parseQuantity } from '../model/format';
import { cleanId, cleanLabel, visible } from '../model/labels';
import { domainName, matchDomains, matchTargets, targetName } from './identify';
import { guessUnit, namedDirection } from './measures';

test.each([
  ['pile_cc', 'Pile CC'],
  ['github', 'GitHub'],
  ['gutenberg_pg_19', 'Gutenberg (PG-19)'],
  ['common_crawl', 'Common Crawl'],
  ['c4', 'C4'],
  ['arXiv/math', 'arXiv Math'],
  ['constructor', 'Constructor'],
  ['__', '__'],
])('the domain %s is called %s', (id, name) => {
  expect(domainName(id)).toBe(name);
});

test.each([
  ['pile_cc', 'metric/the_pile_pile_cc_val_loss', 'Pile CC loss'],
  ['wikipedia', 'wikipedia_bpb', 'Wikipedia bits per byte'],
  ['reading_accuracy', 'metric/reading_accuracy', 'Reading accuracy'],
  ['hellaswag', 'hellaswag', 'Hellaswag'],
  ['loss', 'eval/loss', 'Loss'],
])('the target %s of column %s is called %s', (id, header, name) => {
  expect(targetName(id, header)).toBe(name);
});

test.each([
  ['metric/the_pile_arxiv_val_loss', 'lower', 'nats per token'],
  ['arc_challenge_bpb', 'lower', 'bits per byte'],
  ['hellaswag_acc', 'higher', 'accuracy'],
  ['hellaswag_acc_norm', 'higher', 'accuracy'],
  ['leaderboard/mmlu_accuracy', 'higher', 'accuracy'],
  ['squad_f1', 'higher', ''],
  ['gsm8k_exact_match', 'higher', ''],
  ['humaneval_pass@10', 'higher', ''],
  ['glue_score', 'higher', ''],
  ['wikitext_ppl', 'lower', ''],
  ['wikitext perplexity', 'lower', ''],
  ['train/loss', 'lower', ''],
  ['mmlu_logprob', 'higher', ''],
  ['web_log_likelihood', 'higher', ''],
  ['web log-prob', 'higher', ''],
  ['web_neg_log_prob', 'lower', ''],
  ['web_nll', 'lower', ''],
  ['arena_winrate', 'higher', ''],
  ['hill', null, ''],
  ['accent', null, ''],
  ['glossary', null, ''],
])('%s: %s is better, in %j', (header, direction, unit) => {
  expect(namedDirection(header)).toBe(direction);
  expect(guessUnit(header)).toBe(unit);
});

describe('quantities', () => {
  test.each([
    ['1.2B', 1.2e9],
    ['2.3B', 2.3e9],
    ['500M', 5e8],
    ['500 m', 5e8],
    ['2e9', 2e9],
    ['1.5e3k', 1.5e6],
    ['15T tokens', 1.5e13],
    ['12 000 000', 12e6],
    ['1,500,000', 1.5e6],
    ['1,500.25', 1500.25],
    ['3%', 0.03],
    ['0.1 %', 0.001],
    ['.5', 0.5],
    ['0', 0],
  ])('%s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  test.each(['', '1,500', '1.5.2', '-3', '3B%', '1e999', 'NaN', 'B', '12 00', '0x10', '1,00,000'])(
    '%j is none',
    (text) => {
      expect(parseQuantity(text)).toBeNull();
    },
  );
});

test('labels are bounded and have no control, direction or invisible characters', () => {
  expect(cleanLabel(' a\u0000b\u202ec\u200bd\n e ')).toBe('a bcd e');
  expect(cleanLabel('😀'.repeat(300))).toBe('😀'.repeat(200));
  // Joiners, selectors, fillers, tags and a noncharacter: labels that differ by them look alike.
  const unseen = '\u034f\u115f\u17b4\u180e\u200c\u200d\u2065\u3164\ufe0f\uffa0\u{e0041}\u{e01ef}';
  expect(cleanLabel(`w${unseen}eb\u{1fffe}1`)).toBe('web 1');
  expect(visible.test('web 1')).toBe(true);
  for (const character of unseen) expect(visible.test(`w${character}eb`)).toBe(false);
});

test('ids lose what spreadsheets and pandas add', () => {
  expect(['12.0', "'=sum", "'plain", '007', 'v1.0'].map(cleanId)).toEqual([
    '12',
    '=sum',
    "'plain",
    '007',
    'v1.0',
  ]);
});

test('targets are found by their headers, with the beginning that all share and their measure', () => {
  const targets = ['c4_en', 'wiki', 'acc'].map((id) => ({
    id,
    name: targetName(id, `eval/paloma/${id}/bpb`),
    unit: 'bits per byte',
    direction: 'lower' as const,
  }));
  const found = matchTargets(['eval/paloma/c4_en/bpb', 'eval/paloma/wiki/bpb'], targets);
  expect(found.map((target) => target?.id)).toEqual(['c4_en', 'wiki']);
  // Another measure is another target.
  expect(matchTargets(['eval/paloma/c4_en/acc'], targets.slice(0, 2))).toEqual([undefined]);
});

describe('names are matched', () => {
  const domains = ['web', 'pile_cc', 'code'].map((id) => ({ id, name: domainName(id) }));
  const match = (...names: string[]) => matchDomains(names, domains).map((domain) => domain?.id);

  test('whatever their order, case, prefix and spelling', () => {
    expect(match('CODE', 'Web', 'Pile CC')).toEqual(['code', 'web', 'pile_cc']);
    expect(match('train_the_pile_pile-cc', 'train_the_pile_web')).toEqual(['pile_cc', 'web']);
  });

  test('but not by a prefix of their own', () => {
    expect(match('train_dark_web', 'train_code', 'train_pile_cc')).toEqual([
      undefined,
      'code',
      'pile_cc',
    ]);
  });

  test('and each domain once', () => {
    expect(match('web', 'train_web')).toEqual(['web', undefined]);
  });
});
