import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { type DependenceLine, DependenceLines } from './dependence-lines';

const ignore = () => {};
const weights = Float64Array.from({ length: 11 }, (_, step) => step / 10);

function line(label: string, change: Partial<DependenceLine> = {}): DependenceLine {
  return {
    label,
    color: 'var(--domain-1)',
    weights,
    predicted: weights.map((weight) => 3 - weight),
    low: null,
    high: null,
    current: 0.4,
    sampled: [0, 0.5],
    chosen: [0.1, 0.1, 0.3],
    lower: 0,
    upper: 1,
    within: [0, 1],
    ...change,
  };
}

function draw(lines: readonly DependenceLine[], scale: 'root' | 'linear' = 'root'): string {
  return renderToStaticMarkup(
    <DependenceLines
      lines={lines}
      runs="3 runs"
      name="Web loss"
      unit="nats"
      direction="lower"
      scale={scale}
      waiting="No prediction yet."
      hovered={null}
      onHover={ignore}
    />,
  );
}

/** Ends along x of the path that follows a mark in the markup. */
function spanOf(html: string, mark: string): [number, number] | null {
  const path = new RegExp(`${mark}"[^>]*>?(?:<path)? ?d="([^"]*)"`).exec(html)?.[1] ?? '';
  const places = [...path.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x));
  return places.length === 0 ? null : [Math.min(...places), Math.max(...places)];
}

describe('DependenceLines', () => {
  it('is dashed beyond the limits, and solid within them', () => {
    const html = draw([line('web', { upper: 0.4, within: [0, 0.4] }), line('code')]);
    const solid = spanOf(html, 'data-series="web');
    const dashed = spanOf(html, 'data-beyond="web');
    if (!solid || !dashed) throw new Error('both parts are drawn');
    expect(dashed[0]).toBe(solid[1]);
    expect(dashed[1]).toBeGreaterThan(solid[1]);
    expect(spanOf(html, 'data-beyond="code')).toBeNull();
  });

  it('is dashed below the dot, too, where the other domains exceed their caps', () => {
    const html = draw([line('web', { within: [0.4, 1] }), line('code', { within: null })]);
    const solid = spanOf(html, 'data-series="web');
    const dashed = spanOf(html, 'data-beyond="web');
    if (!solid || !dashed) throw new Error('both parts are drawn');
    expect(dashed[0]).toBeLessThan(solid[0]);
    expect(dashed[1]).toBe(solid[0]);
    expect(spanOf(html, 'data-series="code')).toBeNull();
    expect(spanOf(html, 'data-beyond="code')).toEqual([dashed[0], solid[1]]);
  });

  it('labels weights by their roots, or evenly', () => {
    const [root, linear] = [draw([line('web')]), draw([line('web')], 'linear')];
    expect(root).toContain('root scale');
    expect(root).toContain('>1%</text>');
    expect(linear).not.toContain('root scale');
    expect(linear).not.toContain('>1%</text>');
  });

  it('names lines at their ends without one name over another', () => {
    const html = draw(Array.from({ length: 17 }, (_, at) => line(`domain ${at}`)));
    const heights = [...html.matchAll(/y="([\d.]+)"[^>]*>domain \d+<\/text>/g)]
      .map(([, y]) => Number(y))
      .sort((a, b) => a - b);
    expect(heights).toHaveLength(17);
    for (let at = 1; at < 17; at++) expect(heights[at] - heights[at - 1]).toBeGreaterThan(14.9);
  });

  it('says why there is nothing to draw', () => {
    expect(draw([])).toContain('No prediction yet.');
  });
});
