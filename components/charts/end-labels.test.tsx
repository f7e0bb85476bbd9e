import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { EndLabels } from './end-labels';

const scales = { left: 40, right: 300, top: 10, bottom: 210, x: Number, y: Number };

function draw(places: readonly (readonly [number, number])[]): string {
  const ends = places.map(([x, y], place) => {
    const key = `line ${place}`;
    return { key, x, y, text: key, color: 'var(--ink)' };
  });
  return renderToStaticMarkup(
    <svg aria-hidden="true">
      <EndLabels ends={ends} scales={scales} room={100} />
    </svg>,
  );
}

/** Where leaders begin and end, from the top. */
function leadersOf(drawing: string): { readonly from: number; readonly to: number }[] {
  return [...drawing.matchAll(/d="M\S+ (\S+)H\S+L\S+ (\S+)"/g)].map(([, from, to]) => ({
    from: Number(from),
    to: Number(to),
  }));
}

describe('names at the ends of lines', () => {
  it('stand beside lines that are apart, without a leader', () => {
    const drawing = draw([
      [300, 180],
      [300, 50],
    ]);
    expect(leadersOf(drawing)).toEqual([]);
    expect(drawing).toMatch(/line 1<.*line 0</);
  });

  it('are led to from a line that has not come to the end yet, and from lines that meet', () => {
    expect(leadersOf(draw([[120, 90]]))).toEqual([{ from: 90, to: 90 }]);
    expect(
      leadersOf(
        draw([
          [300, 100],
          [300, 102],
        ]),
      ),
    ).toEqual([
      { from: 100, to: 93.5 },
      { from: 102, to: 108.5 },
    ]);
  });

  it('keep the order of their lines, so that leaders never cross, and never overlap', () => {
    const places = fc.array(
      fc.tuple(fc.integer({ min: 41, max: 200 }), fc.integer({ min: 10, max: 210 })),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(places, (given) => {
        const leaders = leadersOf(draw(given));
        expect(leaders).toHaveLength(given.length);
        for (let place = 1; place < leaders.length; place++) {
          expect(leaders[place].from).toBeGreaterThanOrEqual(leaders[place - 1].from);
          expect(leaders[place].to).toBeGreaterThanOrEqual(leaders[place - 1].to + 15 - 1e-6);
        }
      }),
    );
  });
});
