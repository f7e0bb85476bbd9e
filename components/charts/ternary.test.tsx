import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { DependenceChart } from './dependence-chart';
import { ParetoChart } from './pareto-chart';
import { TernaryChart } from './ternary-chart';
import {
  bandLevels,
  clipToBand,
  contourPaths,
  crossing,
  gridPoints,
  gridTriangles,
  keyedTriple,
  placeOf,
  type Triple,
  ternaryFrame,
  tripleAt,
  type Vertex,
} from './ternary-geometry';

const ignore = () => {};
const coordinate = fc.double({ min: -10, max: 10, noNaN: true });
const vertex = fc.record({ x: coordinate, y: coordinate, value: coordinate });

function area(points: readonly (readonly [number, number])[]): number {
  let sum = 0;
  points.forEach(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length];
    sum += x * nextY - nextX * y;
  });
  return Math.abs(sum) / 2;
}

describe('filled contours', () => {
  it('cut a triangle into bands that fill it exactly', () => {
    fc.assert(
      fc.property(fc.tuple(vertex, vertex, vertex), fc.array(coordinate), (triangle, inner) => {
        const levels = [-11, ...inner.sort((a, b) => a - b), 11];
        let sum = 0;
        for (let band = 0; band + 1 < levels.length; band++) {
          sum += area(clipToBand(triangle, levels[band], levels[band + 1]));
        }
        const whole = area(triangle.map(({ x, y }) => [x, y] as const));
        expect(sum).toBeCloseTo(whole, 6);
      }),
    );
  });

  it('keep the part of a slope between two levels, bounded by straight lines', () => {
    const slope: [Vertex, Vertex, Vertex] = [
      { x: 0, y: 0, value: 0 },
      { x: 4, y: 0, value: 4 },
      { x: 0, y: 4, value: 0 },
    ];
    const band = clipToBand(slope, 1, 2);
    expect(Math.min(...band.map(([x]) => x))).toBeCloseTo(1, 12);
    expect(Math.max(...band.map(([x]) => x))).toBeCloseTo(2, 12);
    // Between x = 1 and x = 2 below the line x + y = 4.
    expect(area(band)).toBeCloseTo(2.5, 12);
    const line = crossing(slope, 1);
    expect(line?.every(([x]) => Math.abs(x - 1) < 1e-12)).toBe(true);
    expect(crossing(slope, 9)).toBeNull();
  });
});

describe('the triangle', () => {
  const frame = ternaryFrame(480);
  const triples = fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([a, b]): Triple => (a + b <= 1 ? [a, b, 1 - a - b] : [1 - a, 1 - b, a + b - 1]));

  it('places a mixture where it is read back', () => {
    fc.assert(
      fc.property(triples, (shares) => {
        const [x, y] = placeOf(frame, shares);
        tripleAt(frame, x, y).forEach((share, corner) => {
          expect(Math.abs(share - shares[corner])).toBeLessThan(1e-3);
        });
      }),
    );
  });

  it('moves a place outside of it inside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -900, max: 900 }),
        fc.integer({ min: -900, max: 900 }),
        (x, y) => {
          const shares = tripleAt(frame, x, y);
          expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
          expect(shares[0] + shares[1] + shares[2]).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('is covered by its grid once, and arrow keys stay on it', () => {
    const points = gridPoints(12);
    expect(points).toHaveLength((13 * 14) / 2);
    const sum = gridTriangles(12).reduce(
      (total, corners) => total + area(corners.map((at) => placeOf(frame, points[at]))),
      0,
    );
    expect(sum).toBeCloseTo(area(frame.corners.map((corner) => corner)), -1);
    expect(gridTriangles(12)).toHaveLength(144);
    fc.assert(
      fc.property(
        triples,
        fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'),
        fc.boolean(),
        (shares, key, shift) => {
          const moved = keyedTriple(key, shift, shares);
          if (!moved) throw new Error('arrow keys move');
          expect(Math.min(...moved)).toBeGreaterThanOrEqual(-1e-9);
          expect(moved[0] + moved[1] + moved[2]).toBeCloseTo(1, 5);
        },
      ),
    );
    expect(keyedTriple('Tab', false, [1, 0, 0])).toBeNull();
    expect(keyedTriple('ArrowRight', false, [0.5, 0.25, 0.25])?.[1]).toBeCloseTo(0.26, 12);
  });

  it('has bands at round levels from the lowest to the highest value', () => {
    const levels = bandLevels([3.013, 3.9, 3.2]);
    expect(levels[0]).toBe(3.013);
    expect(levels.at(-1)).toBe(3.9);
    expect(levels).toContain(3.5);
    const values = gridPoints(6).map(([a]) => a);
    const { bands, lines } = contourPaths(frame, 6, values, [0, 0.25, 0.5, 1]);
    expect(bands.every((path) => path.startsWith('M'))).toBe(true);
    expect(lines).toHaveLength(2);
  });
});

describe('on the server', () => {
  it('draws contours, runs, marks and a mixture that keys can move', () => {
    const html = renderToStaticMarkup(
      <TernaryChart
        corners={['Hacker News', 'GitHub', 'PhilPapers']}
        scale={1}
        steps={8}
        values={Float64Array.from(gridPoints(8), ([a, b]) => 3 - a + b)}
        quantity="StackExchange loss"
        unit="nats per token"
        direction="lower"
        runs={[
          { id: '1', a: 0.2, b: 0.3, c: 0.5, round: 0, dimmed: false },
          { id: '2', a: 0, b: 0, c: 0, round: 1, dimmed: false },
        ]}
        optimum={[0.6, 0.2, 0.2]}
        former={[0.5, 0.3, 0.2]}
        prior={[0.3, 0.3, 0.4]}
        human={[0.2, 0.4, 0.4]}
        waiting=""
        yours={[0.1, 0.1, 0.8]}
        allowed={([a]) => a < 0.7}
        picked={null}
        onPick={ignore}
        onStart={ignore}
        onYours={ignore}
        onCommit={ignore}
      />,
    );
    expect(html).toContain('role="slider"');
    expect(html).toContain('10.0% Hacker News, 10.0% GitHub, 80.0% PhilPapers');
    expect(html).toContain('StackExchange loss (nats per token)');
    for (const mark of ['optimum', 'former', 'prior', 'human', 'yours']) {
      expect(html).toContain(`data-mark="${mark}"`);
    }
    expect(html.match(/data-legend="colours"/g)).toHaveLength(1);
    expect(html).toContain('url(#');
  });

  it('draws a small chart per domain, twelve at first', () => {
    const weights = Float64Array.of(0, 0.5, 1);
    const panels = Array.from({ length: 14 }, (_, index) => ({
      label: `domain ${index}`,
      weights,
      predicted: Float64Array.of(3, 2.5, 2),
      low: Float64Array.of(2.9, 2.4, 1.9),
      high: Float64Array.of(3.1, 2.6, 2.1),
      current: 0.25,
      sampled: [0, 0, 0.1, 0.4],
    }));
    const html = renderToStaticMarkup(<DependenceChart panels={panels} name="Web loss" unit="" />);
    expect(html.match(/<h4 /g)).toHaveLength(12);
    expect(html).toContain('Show all 14 domains');
    expect(html).toContain('2.750 at the current 25.0%');
  });

  it('draws a front that is a slider, with directions on both axes', () => {
    const front = [
      { first: 3, second: 0.5 },
      { first: 2.8, second: 0.4 },
      { first: 2.7, second: 0.2 },
    ];
    const html = renderToStaticMarkup(
      <ParetoChart
        first={{ name: 'Web loss', unit: 'nats', direction: 'lower' }}
        second={{ name: 'Score', unit: '', direction: 'higher' }}
        front={front}
        shares={[0, 0.5, 1]}
        chosen={1}
        onChoose={ignore}
        runs={[
          { first: 2.9, second: 0.3, dimmed: false },
          { first: 2.7, second: 0.4, dimmed: true },
        ]}
        box={{ first: [2.8, 3], second: [0, 0.35] }}
        onBox={ignore}
        prior={{ first: 2.95, second: 0.35 }}
      />,
    );
    expect(html).toContain('Web loss (nats), lower is better');
    expect(html).toContain('Score, higher is better');
    expect(html).toContain('50% to Web loss: 2.800, Score 0.400');
    expect(html.match(/data-run="dimmed"/g)).toHaveLength(1);
    expect(html).toContain('data-mark="brush"');
  });
});
