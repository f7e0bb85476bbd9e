import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatDurationShort,
  formatList,
  formatNumber,
  formatPercent,
  formatTokens,
  formatTokensExactly,
  parseQuantity,
  plural,
  unitBeside,
} from './format';

describe('numbers', () => {
  it('have fixed decimals, a true minus and no negative zero', () => {
    expect(formatNumber(1234.5, 2)).toBe('1,234.50');
    expect(formatNumber(-0.126, 2)).toBe('−0.13');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatNumber(Number.NaN, 2)).toBe('–');
  });

  it('become percentages', () => {
    expect(formatPercent(0.125, 1)).toBe('12.5%');
    expect(formatPercent(1, 0)).toBe('100%');
  });
});

describe('units', () => {
  it.each([
    ['ARC accuracy', 'accuracy', ''],
    ['French, bits per byte', 'bits per byte', ''],
    ['predicted MMLU Accuracy, 5-shot', 'accuracy', ''],
    ['Web loss', 'nats per token', 'nats per token'],
    ['Inaccuracy', 'accuracy', 'accuracy'],
    ['Orbits', 'bits', 'bits'],
    ['loss', '%', '%'],
    ['loss', '', ''],
  ])('of %s in %s are written once: %s', (name, unit, written) => {
    expect(unitBeside(name, unit)).toBe(written);
  });
});

describe('tokens', () => {
  it.each([
    [25e9, '25 B'],
    [0.75e9, '750 M'],
    [1.234e12, '1.23 T'],
    [999_999, '1 M'],
    [512, '512'],
    [0, '0'],
  ])('%d reads %s', (tokens, text) => {
    expect(formatTokens(tokens)).toBe(text);
  });
});

describe('tokens in full', () => {
  it.each([
    [25e9, '25 B'],
    [25_123_456_789, '25.123456789 B'],
    [750e6, '750 M'],
    [1.5e15, '1500 T'],
    [999_999, '999.999 K'],
    [1_750_000_000.0000002, '1.75 B'],
    [512, '512'],
    [0, '0'],
    [Number.NaN, '–'],
  ])('%d reads %s', (tokens, text) => {
    expect(formatTokensExactly(tokens)).toBe(text);
  });

  it('read as the same number again', () => {
    const anyTokens = fc.oneof(
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 0, max: 2e9 }).map((value) => value * 1000),
    );
    fc.assert(
      fc.property(anyTokens, (tokens) => {
        expect(parseQuantity(formatTokensExactly(tokens))).toBe(tokens);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('words', () => {
  it('count', () => {
    expect(plural(1, 'run')).toBe('1 run');
    expect(plural(1500, 'run')).toBe('1,500 runs');
  });

  it('list', () => {
    expect(formatList([])).toBe('');
    expect(formatList(['a'])).toBe('a');
    expect(formatList(['a', 'b', 'c'])).toBe('a, b and c');
  });
});

describe('a duration', () => {
  it.each([
    [0, '1 second', '1 s'],
    [1.4, '1 second', '1 s'],
    [12.3, '12 seconds', '12 s'],
    [89.9, '90 seconds', '90 s'],
    [90, '1.5 minutes', '1.5 min'],
    [3_000, '50 minutes', '50 min'],
    [5_400, '1.5 hours', '1.5 h'],
    [360_000, '100 hours', '100 h'],
  ])('of %d seconds is in the unit that says most, to two digits', (seconds, long, short) => {
    expect(formatDuration(seconds)).toBe(long);
    expect(formatDurationShort(seconds)).toBe(short);
  });

  it('that is not known is said to be so', () => {
    expect(formatDuration(Number.NaN)).toBe('unknown');
    expect(formatDurationShort(Number.POSITIVE_INFINITY)).not.toMatch(/\d/);
  });
});
