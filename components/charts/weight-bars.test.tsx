import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { WeightBars } from './weight-bars';
import { barLanes, largestWeight, type WeightRow, weightGeometry } from './weight-bars-geometry';

function row(label: string, optimum: number | null, change: Partial<WeightRow> = {}): WeightRow {
  return {
    id: label,
    label,
    optimum,
    prior: 0.1,
    human: null,
    lower: 0,
    upper: 1,
    binding: false,
    ...change,
  };
}

function draw(rows: readonly WeightRow[], hovered: number | null = null): string {
  return renderToStaticMarkup(
    <WeightBars rows={rows} humanLabel={null} hovered={hovered} onHover={() => {}} />,
  );
}

/** An attribute of every element that matches, in document order. */
function attributes(svg: string, element: RegExp, name: string): number[] {
  return [...svg.matchAll(element)].map(([tag]) => {
    const value = tag.match(new RegExp(`\\s${name}="([^"]+)"`))?.[1];
    return Number(value);
  });
}

const optimumBar = /<rect data-series="optimum"[^>]*>/g;

describe('WeightBars', () => {
  it('draws a weight of 0.5 twice as long as one of 0.25', () => {
    const [half, quarter] = attributes(draw([row('a', 0.5), row('b', 0.25)]), optimumBar, 'width');
    expect(half).toBeGreaterThan(50);
    expect(half).toBeCloseTo(2 * quarter, 1);
  });

  it('starts all bars of all series at the same position', () => {
    const svg = draw([row('a', 0.5, { human: 0.2, yours: 0.3 }), row('b', 0.01)]);
    expect(new Set(attributes(svg, /<rect data-series[^>]*>/g, 'x')).size).toBe(1);
    expect(svg.match(/data-series="human"/g)).toHaveLength(1);
    expect(svg.match(/data-series="yours"/g)).toHaveLength(1);
  });

  it('marks a cap where a bar of that weight would end', () => {
    const svg = draw([row('a', 0.3), row('b', 0.1, { upper: 0.3 })]);
    const [cap] = attributes(svg, /<line data-mark="cap"[^>]*>/g, 'x1');
    const [left] = attributes(svg, optimumBar, 'x');
    const [width] = attributes(svg, optimumBar, 'width');
    expect(cap).toBeCloseTo(left + width, 1);
  });

  it('hatches the cap that binds and no other', () => {
    const svg = draw([
      row('a', 0.3, { upper: 0.3, binding: true }),
      row('b', 0.1, { upper: 0.2 }),
      row('c', 0.1),
    ]);
    const caps = attributes(svg, /<line data-mark="cap"[^>]*>/g, 'x1');
    expect(caps).toHaveLength(2);
    expect(attributes(svg, /<rect data-mark="binding"[^>]*>/g, 'x')).toEqual([caps[0]]);
  });

  it('hatches the floor when the floor is what binds', () => {
    const svg = draw([row('a', 0.8), row('b', 0.2, { lower: 0.2, upper: 0.9, binding: true })]);
    const [floor] = [...svg.matchAll(/data-mark="floor" d="M([\d.]+)/g)].map((found) =>
      Number(found[1]),
    );
    const [hatch] = attributes(svg, /<rect data-mark="binding"[^>]*>/g, 'x');
    // The bracket's foot reaches 3 px right of the floor, the hatch 7 px left of it.
    expect(hatch + 7).toBeCloseTo(floor - 3, 1);
  });

  it('points to a cap that lies beyond the axis', () => {
    const svg = draw([row('a', 0.2), row('b', 0.1, { upper: 0.9 })]);
    expect(svg).not.toContain('data-mark="cap"');
    expect(svg).toContain('cap 90.0%, beyond the axis');
  });

  it('says the largest weights and how many limits bind', () => {
    const svg = draw([row('web', 0.7, { upper: 0.7, binding: true }), row('code', 0.3)]);
    expect(svg).toContain(
      'aria-label="Weights of 2 domains. Largest: web 70.0%, code 30.0%. 1 at their limit."',
    );
  });

  it('dims every other row when one is highlighted', () => {
    const svg = draw([row('a', 0.5), row('b', 0.3), row('c', 0.2)], 1);
    const dims = [...svg.matchAll(/<g class="chart-row"([^>]*)>/g)].map(([, rest]) =>
      rest.includes('opacity'),
    );
    expect(dims).toEqual([true, false, true]);
  });

  it('draws the whisker from one end of the refits to the other', () => {
    const svg = draw([row('a', 0.5, { low: 0.25, high: 0.75 }), row('b', 0.75), row('c', 0.25)]);
    const [, inner] = svg.match(/<g data-mark="whisker"[^>]*>(.*?)<\/g>/) ?? [];
    const [low, , high] = [...(inner ?? '').matchAll(/M([\d.]+) /g)].map((found) =>
      Number(found[1]),
    );
    const [left] = attributes(svg, optimumBar, 'x');
    const [, three, one] = attributes(svg, optimumBar, 'width');
    expect(low).toBeCloseTo(left + one, 1);
    expect(high).toBeCloseTo(left + three, 1);
    expect(svg.match(/data-mark="whisker"/g)).toHaveLength(1);
    expect(svg).toContain('90% of refits');
  });

  it('draws a cap by what was tried dashed, and names it', () => {
    const rows = [
      row('a', 0.5, { upper: 0.6, tried: true }),
      row('b', 0.25, { upper: 0.9, tried: true }),
    ];
    const svg = draw(rows);
    expect(svg.match(/data-mark="cap"[^>]*stroke-dasharray/g)).toHaveLength(1);
    expect(svg).toContain('largest tried 60.0%');
    expect(svg).toContain('largest tried 90.0%, beyond the axis');
    const [tried, capped] = [rows, [row('a', 0.5, { upper: 0.6 })]].map((each) =>
      draw(each).replaceAll(/<title>.*?<\/title>/g, ''),
    );
    expect(tried).toContain('>largest tried<');
    expect(tried).not.toContain('>cap<');
    expect(capped).toContain('>cap<');
    expect(capped).not.toContain('stroke-dasharray');
  });

  it('marks a true weight where a bar of that weight would end, and names the mark', () => {
    const svg = draw([row('a', 0.5, { truth: 0.25 }), row('b', 0.25, { truth: 0.5 })]);
    const marks = [...svg.matchAll(/data-mark="truth" d="M([\d.]+)/g)].map((found) =>
      Number(found[1]),
    );
    const [left] = attributes(svg, optimumBar, 'x');
    const [half, quarter] = attributes(svg, optimumBar, 'width');
    expect(marks[0]).toBeCloseTo(left + quarter, 1);
    expect(marks[1]).toBeCloseTo(left + half, 1);
    expect(svg).toContain('true best 25.0%');
    expect(draw([row('a', 0.5)])).not.toContain('true best');
  });

  it('draws the prior while the optimum is not known', () => {
    const svg = draw([row('a', null)]);
    expect(svg).not.toContain('data-series="optimum"');
    expect(svg).toContain('data-series="prior"');
  });

  it('matches its stored picture', async () => {
    const rows = [
      row('Pile CC', 0.6, { prior: 0.24, human: 0.11, upper: 0.6, binding: true }),
      row('Wikipedia (en)', 0.3, { prior: 0.05, human: 0.09, upper: 0.35 }),
      row('Hacker News', 0.1, { prior: 0.01, human: 0.01, lower: 0.05, upper: 0.12 }),
    ];
    await expect(draw(rows, 0)).toMatchFileSnapshot('./golden/weight-bars.svg.txt');
  });
});

describe('weightGeometry', () => {
  it('keeps 5 and 200 domains within the width, from phones to walls', () => {
    for (const count of [5, 17, 60, 200]) {
      const rows = Array.from({ length: count }, (_, index) =>
        row(`a domain with a long name ${index}`, 1 / count),
      );
      for (const width of [328, 480, 1200, 2500]) {
        const geometry = weightGeometry(rows, null, width);
        expect(geometry.right).toBeLessThanOrEqual(width);
        expect(geometry.right - geometry.left).toBeGreaterThan(width * 0.3);
        expect(geometry.rowHeight).toBeGreaterThanOrEqual(geometry.fontSize + 4);
      }
    }
  });

  it('lays the bars of a row out without overlap, inside the row', () => {
    for (const rowHeight of [24, 18, 14]) {
      let edge = 0;
      for (const lane of barLanes(rowHeight, ['optimum', 'prior', 'human', 'yours'])) {
        expect(lane.top).toBeGreaterThanOrEqual(edge);
        expect(lane.height).toBeGreaterThanOrEqual(lane.series === 'optimum' ? 5 : 2);
        edge = lane.top + lane.height;
      }
      expect(edge).toBeLessThanOrEqual(rowHeight);
    }
  });
});

describe('largestWeight', () => {
  it('shows all bars and the caps near them', () => {
    expect(largestWeight([row('a', 0.42)])).toBeCloseTo(0.45, 10);
    expect(largestWeight([row('a', 0.42, { upper: 0.5 })])).toBeCloseTo(0.5, 10);
    expect(largestWeight([row('a', 0.42, { upper: 0.95 })])).toBeCloseTo(0.45, 10);
    expect(largestWeight([row('a', 0.42, { truth: 0.58 })])).toBeCloseTo(0.6, 10);
    expect(largestWeight([row('a', 1)])).toBe(1);
  });
});
