import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownTicks } from './color-bar';
import { textWidth } from './text-fit';

const labelled = (places: readonly number[]) =>
  [0, ...places, 1].map((at) => ({ at, label: at.toFixed(2) }));

describe('shownTicks', () => {
  it('keeps both ends, and no two figures touch', () => {
    const places = fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(places, fc.integer({ min: 120, max: 400 }), (inner, length) => {
        const shown = shownTicks(labelled([...new Set(inner)].sort((a, b) => a - b)), length);
        expect(shown[0].at).toBe(0);
        expect(shown[shown.length - 1].at).toBe(1);
        const half = textWidth('0.00', 12) / 2;
        const spans = shown.map(({ at }) => {
          const center = at === 0 ? half : at === 1 ? length - half : at * length;
          return [center - half, center + half];
        });
        for (let at = 1; at < spans.length; at++) {
          expect(spans[at][0]).toBeGreaterThanOrEqual(spans[at - 1][1]);
        }
      }),
    );
  });

  it('shows all that fit', () => {
    expect(shownTicks(labelled([0.5]), 200).map(({ at }) => at)).toEqual([0, 0.5, 1]);
    expect(shownTicks(labelled([0.05, 0.5]), 200).map(({ at }) => at)).toEqual([0, 0.5, 1]);
  });
});
