import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes';
import {
  keyedWeight,
  type Lane,
  type LaneColumn,
  laneAxis,
  laneColumns,
  laneHeight,
  largestWeight,
  placeBetweenMarks,
  rowsInWindow,
  snapped,
} from './lanes-geometry';

function lane(label: string, optimum: number | null, change: Partial<Lane> = {}): Lane {
  return {
    id: label,
    label,
    color: 'var(--domain-1)',
    optimum,
    prior: 0.1,
    human: null,
    yours: null,
    truth: null,
    former: null,
    low: null,
    high: null,
    lower: 0,
    upper: 1,
    tried: false,
    binding: false,
    pinned: false,
    reach: null,
    ...change,
  };
}

const ignore = () => {};

function draw(lanes: readonly Lane[], change: Partial<Parameters<typeof Lanes>[0]> = {}): string {
  return renderToStaticMarkup(
    <Lanes
      lanes={lanes}
      humanLabel={null}
      scale="root"
      onScale={ignore}
      hovered={null}
      onHover={ignore}
      {...change}
    />,
  );
}

/** The rows alone: the legend has samples of the same marks. */
const rowsOf = (html: string) => html.slice(html.indexOf('<tbody'));

const scales = ['root', 'linear'] as const;
const shares = fc.double({ min: 0, max: 1, noNaN: true });

describe('laneAxis', () => {
  it.each(scales)('finds the weight under a position again, %s', (scale) => {
    fc.assert(
      fc.property(
        shares,
        fc.double({ min: 0.02, max: 1, noNaN: true }),
        fc.integer({ min: 120, max: 900 }),
        (share, largest, width) => {
          const axis = laneAxis(scale, largest, width);
          const weight = share * largest;
          // Pixels are rounded to hundredths.
          const slack = (0.02 * 2 * largest) / (axis.right - axis.left);
          expect(Math.abs(axis.weightAt(axis.x(weight)) - weight)).toBeLessThan(slack);
        },
      ),
    );
  });

  it('places a quarter of the weight halfway on a root axis, and at a quarter on a linear one', () => {
    const along = (scale: 'root' | 'linear') => {
      const { x, left, right } = laneAxis(scale, 0.4, 424);
      return (x(0.1) - left) / (right - left);
    };
    expect(along('root')).toBeCloseTo(0.5, 3);
    expect(along('linear')).toBeCloseTo(0.25, 3);
  });

  it.each(scales)(
    'lets a drag go beyond the right end, but not past all or nothing, %s',
    (scale) => {
      const axis = laneAxis(scale, 0.2, 300);
      expect(axis.weightAt(axis.right + 20)).toBeGreaterThan(0.2);
      expect(axis.weightAt(10_000)).toBe(1);
      expect(axis.weightAt(-50)).toBe(0);
      expect(axis.x(0.9)).toBe(axis.right);
    },
  );

  it.each(scales)('labels both ends of a root axis, nothing overlapping, %s', (scale) => {
    for (const largest of [0.02, 0.07, 0.2, 0.6, 1]) {
      for (const width of [120, 300, 700]) {
        const { ticks, x } = laneAxis(scale, largest, width);
        expect(ticks[0].weight).toBe(0);
        if (scale === 'root') expect(ticks.at(-1)?.weight).toBe(largest);
        expect(ticks.at(-1)?.label).toMatch(/%$/);
        ticks.slice(1).forEach(({ weight }, place) => {
          expect(x(weight) - x(ticks[place].weight)).toBeGreaterThan(18);
        });
      }
    }
  });
});

describe('largestWeight', () => {
  it('shows every mark and the cap that binds', () => {
    const lanes = [lane('a', 0.2), lane('b', 0.1, { former: 0.34, upper: 0.5, binding: false })];
    expect(largestWeight(lanes)).toBeCloseTo(0.35, 10);
    expect(largestWeight([lane('a', 0.5, { upper: 0.52, binding: true })])).toBeCloseTo(0.6, 10);
    expect(largestWeight([lane('a', 1)])).toBe(1);
  });
});

describe('laneColumns', () => {
  it.each([320, 390, 700, 1200])('leaves room for lanes beside any names at %s px', (width) => {
    for (const label of ['a', 'x'.repeat(190)]) {
      const { name, weight, lane: room } = laneColumns([label], width - 32, 0);
      expect(room).toBeGreaterThanOrEqual(120);
      expect(name).toBeGreaterThanOrEqual(30);
      expect(name + weight + room).toBeLessThanOrEqual(width - 32);
    }
  });
});

describe('rowsInWindow', () => {
  it('draws all of few rows', () => {
    expect(rowsInWindow(17, 0, 640, [])).toHaveLength(17);
  });

  it('draws those in the window, and those that must not vanish', () => {
    const rows = rowsInWindow(2000, 1000 * laneHeight, 640, [3, null, 5000]);
    expect(rows.length).toBeLessThan(60);
    expect(rows[0]).toBe(3);
    for (let row = 1000; row < 1020; row++) expect(rows).toContain(row);
    expect([...rows].sort((a, b) => a - b)).toEqual(rows);
  });

  it('ends with the last row', () => {
    expect(rowsInWindow(300, 300 * laneHeight - 640, 640, []).at(-1)).toBe(299);
  });
});

describe('moving a mark', () => {
  it('goes in tenths of a point, within reach', () => {
    expect(snapped(0.06549, [0, 1])).toBe(0.065);
    expect(snapped(0.9, [0.02, 0.0656])).toBe(0.0656);
    expect(snapped(0, [0.0213, 0.5])).toBe(0.0213);
  });

  it('takes arrows, pages and ends', () => {
    const reach = [0.01, 0.5] as const;
    expect(keyedWeight('ArrowRight', false, 0.1, reach)).toBe(0.101);
    expect(keyedWeight('ArrowDown', true, 0.1, reach)).toBe(0.09);
    expect(keyedWeight('PageUp', false, 0.1, reach)).toBe(0.15);
    expect(keyedWeight('PageDown', false, 0.02, reach)).toBe(0.01);
    expect(keyedWeight('Home', false, 0.1, reach)).toBe(0.01);
    expect(keyedWeight('End', false, 0.1, reach)).toBe(0.5);
    expect(keyedWeight('Tab', false, 0.1, reach)).toBeNull();
    expect(keyedWeight('toString', false, 0.1, reach)).toBeNull();
  });
});

describe('the note on a dot', () => {
  const shown = fc.option(shares, { nil: null });

  it('covers no mark of its row', () => {
    fc.assert(
      fc.property(
        fc.record({ optimum: shares, prior: shares, human: shown, yours: shown, former: shown }),
        fc.integer({ min: 120, max: 900 }),
        fc.integer({ min: 60, max: 240 }),
        ({ optimum, ...others }, width, needed) => {
          const row = lane('a', optimum, others);
          const axis = laneAxis('root', 1, width);
          const left = placeBetweenMarks(row, axis, needed);
          if (left === null) return;
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left + needed).toBeLessThanOrEqual(width);
          for (const weight of [optimum, ...Object.values(others)]) {
            if (weight === null) continue;
            const x = axis.x(weight);
            expect(x <= left - 5.5 || x >= left + needed + 5.5).toBe(true);
          }
        },
      ),
    );
  });

  it('stands beside the dot where there is room, else between others, else nowhere', () => {
    const axis = laneAxis('root', 1, 600);
    const place = (change: Partial<Lane>, needed = 150) =>
      placeBetweenMarks(lane('a', 0.04, { prior: 0.04, ...change }), axis, needed);
    const dot = axis.x(0.04);
    expect(place({})).toBeCloseTo(dot + 20, 5);
    // The triangle is in the way.
    const beyond = axis.x(0.16) + 10;
    expect(place({ yours: 0.16 })).toBeCloseTo(beyond, 5);
    expect(place({ yours: 0.16, human: 0.49 }, 400)).toBeNull();
  });
});

describe('Lanes', () => {
  /** Text as a screen reader has it, without drawings. */
  const words = (html: string) => html.replace(/<svg.*?<\/svg>/gs, ' ').replace(/<[^>]*>/g, ' ');

  it('is a table with a header for every column and row', () => {
    const html = draw([lane('a', 0.5), lane('b', 0.5)]);
    expect(html.match(/<th scope="col"/g)).toHaveLength(3);
    expect(html.match(/<th scope="row"/g)).toHaveLength(2);
  });

  it('says in words what a lane shows', () => {
    const html = draw(
      [
        lane('a', 0.3, {
          low: 0.25,
          high: 0.35,
          human: 0.2,
          yours: 0.15,
          former: 0.4,
          truth: 0.31,
          lower: 0.05,
          upper: 0.3,
          binding: true,
          pinned: true,
        }),
      ],
      { humanLabel: 'The Pile’s' },
    );
    for (const part of [
      'pinned',
      'refits 25.0% to 35.0%',
      'prior 10.0%',
      'The Pile’s 20.0%',
      'yours 15.0%',
      'before the last edit 40.0%',
      'true best 31.0%',
      'at least 5.0%',
      'cap 30.0%',
      'its limit binds',
    ]) {
      expect(words(html)).toContain(part);
    }
    for (const mark of [
      'optimum',
      'refits',
      'former',
      'prior',
      'human',
      'yours',
      'truth',
      'cap',
      'floor',
      'binding',
      'pin',
    ]) {
      expect(rowsOf(html), mark).toContain(`data-mark="${mark}"`);
    }
  });

  it('names in its legend what it draws, and nothing else', () => {
    expect(words(draw([lane('a', 1)]))).not.toMatch(/yours|human|refits|pinned|cap|true best/);
    expect(words(draw([lane('a', 1, { upper: 0.5, tried: true })]))).toContain('largest tried');
  });

  it('hatches a floor that binds on its left, a cap on its right', () => {
    const wall = (change: Partial<Lane>) => {
      const html = rowsOf(draw([lane('a', 0.3, { binding: true, ...change }), lane('b', 0.7)]));
      const [, group] = /data-mark="binding">(.*?)<\/g>/s.exec(html) ?? [];
      const [, left] = /<rect x="([\d.]+)"/.exec(group) ?? [];
      const [, dot] = /data-mark="optimum" cx="([\d.]+)"/.exec(html) ?? [];
      return Number(left) - Number(dot);
    };
    expect(wall({ upper: 0.3 })).toBeGreaterThan(0);
    expect(wall({ lower: 0.3 })).toBeLessThan(0);
  });

  it('shortens long names, and says them in full', () => {
    const long = 'A very long name of a domain '.repeat(7).trim();
    const html = draw([lane(long, 1)]);
    expect(html).toContain(`title="${long}"`);
    expect(html).toContain('…</span>');
    expect(html).toContain(`<span class="visually-hidden">${long}</span>`);
  });

  it('draws only rows near the window of many, with room for the others', () => {
    const html = draw(Array.from({ length: 2000 }, (_, row) => lane(`domain ${row}`, 1 / 2000)));
    expect(html.match(/<th scope="row"/g)?.length).toBeLessThan(60);
    expect(html).toContain('aria-rowcount="2002"');
    const [, height] = /class="lanes-gap" style="height:(\d+)px"/.exec(html) ?? [];
    const drawnRows = html.match(/<th scope="row"/g)?.length ?? 0;
    expect(Number(height)).toBe((2000 - drawnRows) * laneHeight);
  });

  it('has cells beside the lane, those that there is room for', () => {
    const column = (key: string, from: number): LaneColumn => ({
      key,
      label: key,
      width: 60,
      from,
      cell: (row) => <b>{`${key} of ${row}`}</b>,
    });
    const html = draw([lane('a', 0.5), lane('b', 0.5)], {
      before: [column('tokens', 0), column('epochs', 10_000)],
      after: [column('price', 0)],
    });
    expect(words(html)).toMatch(/tokens of 0.*price of 0.*tokens of 1.*price of 1/s);
    expect(words(html)).not.toContain('epochs');
    expect(html.match(/<th scope="col"/g)).toHaveLength(5);
  });

  it('unfolds its rows only where it is too narrow for more columns', () => {
    const fold = (below: number) => ({ below, hint: 'Tap a row.', cell: () => <b>limits</b> });
    const narrow = draw([lane('a', 0.5), lane('b', 0.5)], { fold: fold(10_000) });
    expect(narrow.match(/<button[^>]*aria-expanded="false"/g)).toHaveLength(2);
    expect(words(narrow)).toContain('Tap a row.');
    expect(words(narrow)).not.toContain('limits');
    const wide = draw([lane('a', 0.5), lane('b', 0.5)], { fold: fold(100) });
    expect(wide).not.toContain('aria-expanded');
    expect(words(wide)).not.toContain('Tap a row.');
  });

  it('waits with an ellipsis, and has a dash where there will be no optimum', () => {
    expect(words(draw([lane('a', null)]))).toContain('…');
    expect(words(draw([lane('a', null)], { hasOptimum: false }))).toContain('–');
  });
});
