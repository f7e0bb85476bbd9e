import { describe, expect, test } from 'vitest';
import { recognise } from './recognise';
import type { DirectionSource } from './recognition';
import { tablesOf } from './runs.fixture';

const count = 24;
/** Even steps from `low` to `high`, in an order of no meaning. */
function spread(low: number, high: number): number[] {
  return Array.from(
    { length: count },
    (_, row) => low + ((high - low) * ((row * 7) % count)) / (count - 1),
  );
}

function decided(
  targets: Readonly<Record<string, readonly number[]>>,
  { domains = ['web', 'code'], file = 'runs.csv' } = {},
): Record<string, `${'lower' | 'higher'} by ${DirectionSource}`> {
  const quoted = Object.keys(targets).map((header) => `"${header}"`);
  const weights = domains.map((domain) => `train_${domain}`);
  const rows = Array.from({ length: count }, (_, row) => {
    const first = (row + 1) / (count + 2);
    const mixture = [first, 1 - first, ...domains.slice(2).map(() => 0)];
    return [`r${row}`, ...mixture, ...Object.values(targets).map((values) => values[row])].join();
  });
  const text = [['run', ...weights, ...quoted].join(), ...rows].join('\n');
  const [{ columns }] = recognise(tablesOf({ [file]: `${text}\n` })).files;
  return Object.fromEntries(
    columns
      .filter(({ header }) => header in targets)
      .map(({ header, direction, directionBy }) => [
        header,
        `${direction} by ${directionBy}` as const,
      ]),
  );
}

function one(header: string, values = spread(0.2, 0.8), context = {}): string {
  return decided({ [header]: values }, context)[header];
}

describe('by name, higher is better for', () => {
  test.each([
    'hellaswag',
    'HellaSwag',
    'hellaswag/acc_norm,none',
    'hellaswag_10-shot',
    'hellaswag (10-shot)',
    'eval/downstream/arc_easy_acc',
    'ARC-C',
    'arc_challenge',
    'mmlu_5shot',
    '5-shot MMLU',
    'mmlu_abstract_algebra',
    'MMLU-Pro',
    'GSM8K',
    'gsm8k/exact_match,strict-match',
    'MATH',
    'hendrycks_math',
    'humaneval',
    'HumanEval+',
    'humaneval_pass@1',
    'mbpp',
    'TriviaQA',
    'nq_open',
    'SQuAD',
    'BoolQ',
    'OpenBookQA',
    'lambada_openai/acc,none',
    'lambada',
    'truthfulqa_mc2',
    'BBH',
    'leaderboard_ifeval/prompt_level_strict_acc,none',
    'C-Eval',
    'xwinograd_en',
    'wmt14 BLEU',
    'xsum_rougeL',
    'cola_mcc',
    'reward',
    'auroc',
    'winrate',
    'web_accuracy',
    'neg_perplexity',
    'neg_web_loss',
    'valAcc',
    'core_score',
  ])('%s', (header) => {
    const isNegated = header.startsWith('neg_');
    expect(one(header, isNegated ? spread(-9, -2) : undefined)).toBe('higher by name');
  });

  test.each(['log_prob', 'hellaswag_logprobs', 'web log-likelihood', 'negative_loss', 'hellaswag'])(
    'negative values of %s',
    (header) => {
      expect(one(header, spread(-3, -1))).toMatch(/^higher by (?:name|range)$/);
    },
  );
});

describe('by name, lower is better for', () => {
  test.each([
    'web_val_loss',
    'valLoss',
    'loss/web',
    'eval/web/bpb',
    'hellaswag_bpb',
    'mmlu_rc_5shot_bpb',
    'eval/icl/hellaswag_rc_5shot_bpb_bpb',
    'hellaswag_soft_loss',
    'lambada_openai/perplexity,none',
    'lambada ppl',
    'wikitext/word_perplexity,none',
    'wikitext103',
    'web_ce',
    'val/xent',
    'cross-entropy',
    'librispeech_WER',
    'error_rate',
    'mmlu_error_rate',
    'brier_score',
    'toxicity',
    'neg_log_prob',
    'accuracy_loss',
    'bits per byte',
    'paloma_c4/BPB',
  ])('%s', (header) => {
    expect(one(header, spread(1.2, 2.4))).toBe('lower by name');
  });
});

describe('asked about:', () => {
  test.each([
    ['a name that says nothing', 'error_detection', [0.2, 0.8], 'lower'],
    ['values like a loss', 'legal', [2, 4], 'lower'],
    ['a loss below zero', 'web_val_loss', [-3, -1], 'higher'],
    ['a loss of both signs', 'web_val_loss', [-1, 2], 'lower'],
    ['a log-probability above zero', 'log_prob', [1, 3], 'lower'],
    ['an accuracy beyond 100', 'hellaswag_acc', [120, 300], 'higher'],
    ['a benchmark with values like a loss', 'hellaswag', [0.7, 1.4], 'lower'],
    ['a benchmark with values like a perplexity', 'lambada', [20, 220], 'lower'],
    ['a name that is also a word', 'math', [0.2, 0.8], 'lower'],
    ['text of a benchmark among other words', 'open_web_math', [0.2, 0.8], 'lower'],
  ] as const)('%s', (_, header, [low, high], direction) => {
    expect(one(header, spread(low, high))).toBe(`${direction} by nothing`);
  });

  test('a benchmark that is also the name of a domain', () => {
    const domains = ['web', 'gsm8k'];
    expect(one('gsm8k', spread(0.1, 0.3), { domains })).toBe('higher by nothing');
    expect(one('gsm8k', spread(1.1, 2.3), { domains })).toBe('lower by nothing');
    expect(one('gsm8k_acc', spread(0.1, 0.3), { domains })).toBe('higher by name');
  });
});

describe('by range and by the file', () => {
  test('targets named after domains with values of a loss are losses', () => {
    expect(one('web', spread(2, 4))).toBe('lower by range');
    expect(one('web', spread(0.2, 0.8))).toBe('lower by nothing');
    expect(one('web', spread(30, 50))).toBe('lower by nothing');
  });

  test('the name of a file of losses speaks for columns that say nothing', () => {
    expect(one('web', spread(0.8, 1.2), { file: 'train_pile_loss_1m.csv' })).toBe('lower by name');
    expect(one('legal', spread(2, 4), { file: 'losses.csv' })).toBe('lower by name');
    expect(one('legal', spread(0.2, 0.6), { file: 'losses.csv' })).toBe('lower by nothing');
    expect(one('legal', spread(0.2, 0.6), { file: 'accuracy.csv' })).toBe('higher by name');
    expect(one('hellaswag', spread(0.2, 0.6), { file: 'losses.csv' })).toBe('higher by name');
  });

  test('benchmarks vouch for a name that is also a word', () => {
    const values = spread(0.2, 0.6);
    expect(decided({ gsm8k: values, math: values, mmlu: values }).math).toBe('higher by name');
    const domains = ['web', 'math'];
    expect(decided({ gsm8k: values, math: values }, { domains }).math).toBe('higher by nothing');
  });
});

describe('by agreement', () => {
  const rising = spread(0.2, 0.8);
  const falling = rising.map((value) => 4 - value);
  const four = { domains: ['web', 'code', 'law', 'wiki'] };

  test('with two targets that agree themselves', () => {
    const known = { hellaswag: rising, piqa_acc: rising.map((value) => value ** 2) };
    expect(decided({ ...known, court: rising }, four).court).toBe('higher by agreement');
    expect(decided({ ...known, court: falling }, four).court).toBe('lower by agreement');
    expect(decided({ ...known, court: rising }).court).toBe('higher by nothing');
  });

  test('one target is not enough, but is assumed to be right', () => {
    expect(decided({ hellaswag: rising, legal: rising }, four).legal).toBe('higher by nothing');
    expect(decided({ web_loss: falling, legal: rising }, four).legal).toBe('higher by nothing');
  });

  test('targets that compete say nothing, nor does a domain’s own target', () => {
    const apart = { hellaswag: rising, humaneval: rising.map((value) => 1 - value) };
    expect(decided({ ...apart, legal: rising }, four).legal).toBe('lower by nothing');
    const together = { hellaswag: rising, piqa_acc: rising };
    const code = rising.map((value) => 20 * value);
    expect(decided({ ...together, code }, four).code).toBe('lower by nothing');
  });

  test('an average goes the way of what it is an average of', () => {
    const scores = { hellaswag: rising, mmlu: spread(0.3, 0.4).reverse() };
    expect(decided({ ...scores, average: rising }).average).toBe('higher by agreement');
  });

  test('too few runs say nothing', () => {
    const few = rising.map((value, row) => (row < 9 ? value : Number.NaN));
    const targets = { hellaswag: rising, piqa_acc: rising, court: few };
    expect(decided(targets, four).court).toBe('lower by nothing');
  });
});
