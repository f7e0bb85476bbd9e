import * as fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CurveChart, type CurvePoint, curveFrame, proxiesAxis } from './curve-chart';
import { plotScales } from './plot-geometry';
import { textWidth } from './text-fit';

const points: CurvePoint[] = [
  { n: 32, mean: 0.97, low: 0.95, high: 0.98 },
  { n: 64, mean: 0.985, low: 0.98, high: 0.99 },
  { n: 128, mean: 0.99, low: 0.989, high: 0.992 },
];

function draw(shown: readonly CurvePoint[], noiseCeiling: number | null = null): string {
  return renderToStaticMarkup(
    <CurveChart points={shown} quantity="Spearman’s rho" unit="" noiseCeiling={noiseCeiling} />,
  );
}

describe('CurveChart', () => {
  it('draws a point, a whisker and a figure for every number of proxies', () => {
    const html = draw(points);
    expect(html.match(/<circle/g)).toHaveLength(3);
    expect(html.match(/h8M/g)).toHaveLength(5);
    for (const figure of ['0.970', '0.985', '0.990']) expect(html).toContain(`>${figure}</text>`);
    expect(html).toContain('proxies (runs, log scale)');
    expect(html).not.toContain('data-level="noise ceiling');
  });

  it('describes what it draws', () => {
    expect(draw(points, 0.995)).toContain(
      'aria-label="Spearman’s rho by number of proxies, mean and spread over subsets. 32: 0.970 (0.950 to 0.980), 64: 0.985 (0.980 to 0.990), 128: 0.990 (0.989 to 0.992). Noise ceiling 0.995."',
    );
  });

  it('draws a ceiling above the points inside the plot', () => {
    const html = draw(points, 0.999);
    const y = Number(html.match(/data-level="noise ceiling[^>]*><line[^>]*y1="([\d.]+)"/)?.[1]);
    const circles = [...html.matchAll(/<circle[^>]*cy="([\d.]+)"/g)].map(([, cy]) => Number(cy));
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(Math.min(...circles));
    expect(html).toContain('noise ceiling 0.999');
  });

  it('omits unknown values, and says so when there are no others', () => {
    const missing = { n: 16, mean: Number.NaN, low: Number.NaN, high: Number.NaN };
    expect(draw([missing, ...points]).match(/<circle/g)).toHaveLength(3);
    expect(draw([missing])).toContain('once its fits are ready');
    expect(draw([missing])).not.toContain('<svg');
  });
});

describe('curveFrame', () => {
  it('puts doublings at equal distances', () => {
    const frame = curveFrame(points, { quantity: 'rho', unit: '' }, null, 480, 280);
    const [a, b, c] = points.map(({ n }) => plotScales(frame).x(Math.log2(n)));
    expect(b - a).toBeGreaterThan(50);
    expect(c - b).toBeCloseTo(b - a, 1);
  });
});

describe('proxiesAxis', () => {
  it('labels the largest number, and no two labels touch', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 2 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 120, max: 1200 }), (fitted, length) => {
        const { domain, ticks, format } = proxiesAxis(fitted, length);
        expect(format(ticks[ticks.length - 1])).toBe(Math.max(...fitted).toLocaleString('en'));
        const spans = ticks.map((tick) => {
          const center = ((tick - domain[0]) / (domain[1] - domain[0])) * length;
          const half = textWidth(format(tick), 12) / 2;
          return [center - half, center + half];
        });
        for (let at = 1; at < spans.length; at++) {
          expect(spans[at][0]).toBeGreaterThanOrEqual(spans[at - 1][1]);
        }
      }),
    );
  });
});
