import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTokensExactly } from '../../lib/model/format';
import {
  parseEpochs,
  parseRequested,
  parseShare,
  parseTokensAtHand,
  tokensAtExponent,
  tokensAtPoints,
} from './token-text';

describe('typed tokens', () => {
  it('keep every digit, requested or available', () => {
    expect(parseRequested('25.123456789B')).toBe(25_123_456_789);
    expect(parseTokensAtHand('1.000000001B', 25e9)).toBe(1_000_000_001);
    const anyTokens = fc.integer({ min: 1e6, max: 1e15 });
    fc.assert(
      fc.property(anyTokens, anyTokens, (tokens, requested) => {
        const text = formatTokensExactly(tokens);
        expect(parseRequested(text)).toBe(tokens);
        expect(parseTokensAtHand(text, requested)).toBe(tokens);
      }),
    );
  });

  it('may be a share of the requested ones, or unlimited', () => {
    expect(parseTokensAtHand('7%', 25e9)).toBe(1_750_000_000);
    expect(parseTokensAtHand('100 %', 25e9)).toBe(25e9);
    expect(parseTokensAtHand(' No limit ', 25e9)).toBe(Number.POSITIVE_INFINITY);
  });

  it('are refused when invalid', () => {
    expect(parseRequested('999K')).toBeNull();
    expect(parseRequested('1001T')).toBeNull();
    expect(parseRequested('plenty')).toBeNull();
    expect(parseTokensAtHand('101%', 25e9)).toBeNull();
    expect(parseTokensAtHand('-3', 25e9)).toBeNull();
    expect(parseTokensAtHand('1e18', 25e9)).toBe(1e18);
    expect(parseTokensAtHand('1000001T', 25e9)).toBeNull();
  });
});

it('reads shares in percent, with or without the sign', () => {
  expect(parseShare('12%')).toBe(0.12);
  expect(parseShare('12')).toBe(0.12);
  expect(parseShare('100.1%')).toBeNull();
});

describe('moved tokens', () => {
  it('are rounded to the precision of a drag', () => {
    expect(tokensAtExponent(Math.log10(25e9))).toBe(25e9);
    expect(tokensAtExponent(10.404)).toBe(25.4e9);
    expect(tokensAtPoints(3.3, 25e9)).toBe(825e6);
    expect(tokensAtPoints(100, 25e9)).toBeNull();
  });

  it('change with every step of the slider', () => {
    const steps = fc.integer({ min: 0, max: 998 });
    fc.assert(
      fc.property(steps, fc.double({ min: 1e6, max: 1e15, noNaN: true }), (step, requested) => {
        const [here, next] = [step, step + 1].map((at) => tokensAtPoints(at / 10, requested) ?? 0);
        expect(next).toBeGreaterThan(here);
      }),
    );
  });
});

describe('parseEpochs', () => {
  it.each([
    ['4', 4],
    ['4×', 4],
    ['0.5 x', 0.5],
    ['1000', 1000],
    ['0', null],
    ['1001', null],
    ['often', null],
  ])('reads %s as %s', (text, epochs) => {
    expect(parseEpochs(text)).toBe(epochs);
  });
});
