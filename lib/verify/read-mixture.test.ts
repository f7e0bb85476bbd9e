import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageError } from '../model/errors';
import { readMixture } from './read-mixture';

const domains = [
  { id: 'en', name: 'English' },
  { id: 'pt_br', name: 'Brazilian Portuguese' },
  { id: 'ru', name: 'Russian' },
];

describe('a pasted mixture', () => {
  it.each([
    ['amounts in the order of the study', '1, 2\n1'],
    ['a JSON array', '[0.25, 0.5, 0.25]'],
    ['a JSON object', '{"ru": 0.25, "en": 0.25, "pt_br": 0.5}'],
    ['lines of a CSV with prefixes', 'train_en,0.25\ntrain_pt_br,0.5\ntrain_ru,0.25\n'],
    [
      'names of more words than one, in percent',
      'English: 25%\nBrazilian Portuguese: 50%\nRussian: 25%',
    ],
  ])('is read from %s', (_, text) => {
    expect([...readMixture(text, domains)]).toEqual([0.25, 0.5, 0.25]);
  });

  it('gives domains that are not named no weight', () => {
    expect([...readMixture('en: 3, ru: 1', domains)]).toEqual([0.75, 0, 0.25]);
  });

  it.each([
    ['', /found 0 amounts, expected 3/],
    ['0.5 0.5', /found 2 amounts, expected 3/],
    ['0 0 0', /sum to 0/],
    ['en: 1, klingon: 2', /"klingon", expected domains of the study/],
    ['en: 1, en: 2', /"en", expected domains of the study, each once/],
    ['en: 1, ru: -2', /"ru -2" at its end/],
    ['1'.repeat(60_000), /60000 characters/],
  ])('is refused: %#', (text, expected) => {
    expect(() => readMixture(text, domains)).toThrow(StageError);
    expect(() => readMixture(text, domains)).toThrow(expected);
  });

  it('is a mixture or refused, whatever the text', () => {
    const words = fc.constantFrom(
      'en',
      'pt_br',
      'ru',
      ':',
      ',',
      '\n',
      '1e308',
      '50%',
      '{',
      '-',
      '3B',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), (parts) => {
        let weights: Float64Array;
        try {
          weights = readMixture(parts.join(' '), domains);
        } catch (error) {
          expect(error).toBeInstanceOf(StageError);
          return;
        }
        expect(weights.every((weight) => weight >= 0)).toBe(true);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});
