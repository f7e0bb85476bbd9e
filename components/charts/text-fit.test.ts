import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten, spreadLabels, textWidth, widestText, wrapText } from './text-fit';

describe('textWidth', () => {
  it('grows with the text and with the font', () => {
    expect(textWidth('weights', 12)).toBeGreaterThan(textWidth('weight', 12));
    expect(textWidth('weight', 24)).toBeCloseTo(2 * textWidth('weight', 12), 10);
    expect(textWidth('mmm', 12)).toBeGreaterThan(textWidth('iii', 12));
  });
});

it('finds the widest of several texts', () => {
  expect(widestText(['ab', 'abcd', 'abc'], 12)).toBe(textWidth('abcd', 12));
  expect(widestText([], 12)).toBe(0);
});

describe('wrapText', () => {
  it('keeps every word in order, and lines within their room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zM]{1,12}$/), { maxLength: 30 }),
        fc.integer({ min: 20, max: 300 }),
        (words, room) => {
          const lines = wrapText(words.join(' '), 12, room);
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines) {
            if (line.includes(' ')) expect(textWidth(line, 12)).toBeLessThanOrEqual(room);
          }
        },
      ),
    );
  });

  it('breaks no sooner than it must', () => {
    const room = textWidth('two words', 12);
    expect(wrapText('two words more', 12, room)).toEqual(['two words', 'more']);
    expect(wrapText('  ', 12, room)).toEqual([]);
  });
});

describe('shorten', () => {
  it('leaves a text that fits', () => {
    expect(shorten('Wikipedia', 12, 200)).toBe('Wikipedia');
  });

  it('ends a text that does not fit with an ellipsis, within the room', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.integer({ min: 40, max: 90 }),
        (text, room) => {
          const short = shorten(text, 12, room);
          expect(textWidth(short, 12)).toBeLessThanOrEqual(room);
          if (short !== text) {
            expect(short.endsWith('…')).toBe(true);
            expect(text.startsWith(short.slice(0, -1))).toBe(true);
          }
        },
      ),
    );
  });

  it('keeps at least one character', () => {
    expect(shorten('Wikipedia', 12, 1)).toBe('W…');
  });
});

describe('spreadLabels', () => {
  it('leaves labels that do not meet', () => {
    expect(spreadLabels([20, 100], [30, 30], [0, 200])).toEqual([20, 100]);
  });

  it('moves meeting labels apart and back from the edges', () => {
    expect(spreadLabels([0, 1, 199], [40, 40, 40], [0, 200])).toEqual([20, 60, 180]);
  });

  it('spreads labels that meet around their middle, and those of a short range alike', () => {
    expect(spreadLabels([100, 100, 101], [20, 20, 20], [0, 400])).toEqual([
      80 + 1 / 3,
      100 + 1 / 3,
      120 + 1 / 3,
    ]);
    expect(spreadLabels([0, 0, 0, 0], [20, 20, 20, 20], [10, 50])).toEqual([15, 25, 35, 45]);
  });

  it('never lets labels overlap nor leave the range when there is room for all', () => {
    const labels = fc.array(
      fc.record({ at: fc.integer({ min: -50, max: 450 }), width: fc.integer({ min: 1, max: 60 }) }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(labels, (given) => {
        const sorted = given.sort((a, b) => a.at - b.at);
        const widths = sorted.map(({ width }) => width);
        const centers = spreadLabels(
          sorted.map(({ at }) => at),
          widths,
          [0, 400],
        );
        let edge = 0;
        centers.forEach((center, index) => {
          expect(center - widths[index] / 2).toBeGreaterThanOrEqual(edge - 1e-9);
          edge = center + widths[index] / 2;
        });
        expect(edge).toBeLessThanOrEqual(400 + 1e-9);
      }),
    );
  });
});
