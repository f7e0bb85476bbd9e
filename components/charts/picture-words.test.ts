import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOf } from './picture';

const written = (texts: readonly string[]) =>
  wordsOf(texts)
    .map(({ text, isAfterSpace }) => `${isAfterSpace ? ' ' : ''}${text}`)
    .join('');

describe('the words of a text in several nodes', () => {
  it('are apart where a node begins or ends with a space, or is one', () => {
    expect(written(['Ticks: weights of', ' Web', ' in 512 runs', '.'])).toBe(
      'Ticks: weights of Web in 512 runs.',
    );
    expect(written(['optimum ', 'prior', ' ', 'human'])).toBe('optimum prior human');
    expect(written(['0.5', '\n  ', '%'])).toBe('0.5 %');
  });

  it('are those of the whole text however it is split', () => {
    const part = fc.stringMatching(/^[ab \n]{0,4}$/);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (texts) => {
        expect(written(texts).trim()).toBe(texts.join('').replace(/\s+/g, ' ').trim());
        for (const { node, start, text } of wordsOf(texts)) {
          expect(texts[node].slice(start, start + text.length)).toBe(text);
        }
      }),
    );
  });
});
