import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenShares, unigramEntropy } from './entropy';

const text = fc
  .array(fc.integer({ min: 0, max: 256 }), { minLength: 1, maxLength: 200 })
  .map((tokens) => Uint16Array.from(tokens));

describe('the unigram entropy of a mixture', () => {
  it('is the logarithm of the number of tokens where all are as frequent', () => {
    const uniform = tokenShares(Uint16Array.from({ length: 257 }, (_, token) => token));
    expect(unigramEntropy([uniform], [1])).toBeCloseTo(Math.log(257), 12);
    const constant = tokenShares(Uint16Array.of(97, 97, 97));
    expect(unigramEntropy([constant], [1])).toBe(0);
    expect(unigramEntropy([constant, tokenShares(new Uint16Array(0))], [1, 0])).toBe(0);
  });

  it('adds the entropy of the weights where domains share no token', () => {
    const left = tokenShares(Uint16Array.of(1, 2));
    const right = tokenShares(Uint16Array.of(3, 3, 4, 5));
    const choice = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    const within = 0.25 * Math.log(2) + 0.75 * 1.5 * Math.log(2);
    expect(unigramEntropy([left, right], [0.25, 0.75])).toBeCloseTo(choice + within, 12);
  });

  it('is that of the texts joined in the proportion of the mixture, and never below their mean', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const mixture = [a.length / (a.length + b.length), b.length / (a.length + b.length)];
        const shares = [tokenShares(a), tokenShares(b)];
        const mixed = unigramEntropy(shares, mixture);
        const joined = unigramEntropy([tokenShares(Uint16Array.of(...a, ...b))], [1]);
        expect(mixed).toBeCloseTo(joined, 10);
        const mean = shares.reduce(
          (sum, one, at) => sum + mixture[at] * unigramEntropy([one], [1]),
          0,
        );
        expect(mixed).toBeGreaterThanOrEqual(mean - 1e-12);
      }),
    );
  });
});
