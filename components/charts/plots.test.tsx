import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { DistributionChart } from './distribution-chart';
import { ImportanceChart } from './importance-chart';
import { ScatterChart } from './scatter-chart';
import { StripPlot } from './strip-plot';

const ignore = () => {};

function scatter(
  count: number,
  picked: string | null = null,
  band: (predicted: number) => number = () => 0.05,
  held: number | null = null,
): string {
  const points = Array.from({ length: count }, (_, index) => ({
    id: `run ${index}`,
    index,
    predicted: 3 + index / count,
    measured: 3 + ((index * 7) % count) / count,
  }));
  return renderToStaticMarkup(
    <ScatterChart
      points={points}
      name="Web loss"
      unit="nats per token"
      band={band}
      level={80}
      held={held}
      picked={picked}
      onPick={ignore}
      describe={() => []}
    />,
  );
}

describe('charts on the server', () => {
  it('draws a scatter with band, identity, axes with units and every point', () => {
    const html = scatter(40);
    expect(html.match(/<circle/g)).toHaveLength(40);
    expect(html).toContain('<polygon');
    expect(html).toContain('predicted Web loss (nats per token)');
    expect(html).toContain('measured (nats per token)');
    expect(html).toContain('80% of unseen runs lie within ±0.050');
    expect(html).not.toContain('picked at random');
  });

  it('says what the band holds of a test set, which may be of another size', () => {
    const html = scatter(40, null, () => 0.05, 0.34);
    expect(html).toContain('34% of these runs lie within ±0.050');
    expect(html).toContain(
      '34% of these runs lie within 0.050 nats per token of it, where 80% of runs like the fitted ones do.',
    );
    expect(html).not.toContain('80% of unseen runs');
  });

  it('draws a band that varies with the prediction as a curve, and says from where to where', () => {
    const html = scatter(40, null, (predicted) => 0.05 * Math.exp(predicted - 3));
    expect(html).toContain('80% of unseen runs lie within ±0.050 to 0.133');
    expect(html).toContain('80% of unseen runs lie within 0.050 to 0.133 nats per token of it.');
    const edges = (/<polygon points="([^"]*)"/.exec(html)?.[1] ?? '')
      .split(' ')
      .map((corner) => corner.split(',').map(Number));
    const half = edges.length / 2;
    const widths = edges
      .slice(0, half)
      .map(([, y], place) => y - edges[edges.length - 1 - place][1]);
    expect(widths.length).toBeGreaterThan(20);
    // Wider to the right, and ever faster.
    const middle = (widths[0] + widths[half - 1]) / 2;
    expect(widths[half - 1]).toBeGreaterThan(2.5 * widths[0]);
    expect(widths[Math.floor(half / 2)]).toBeLessThan(middle);
  });

  it('draws the band below the identity and both below the points', () => {
    const html = scatter(3);
    const band = html.indexOf('<polygon');
    const identity = html.indexOf('stroke="var(--accent)"');
    expect(band).toBeGreaterThan(0);
    expect(identity).toBeGreaterThan(band);
    expect(html.indexOf('<circle')).toBeGreaterThan(identity);
  });

  it('draws at most 1,500 points and says so, always with the picked one', () => {
    const html = scatter(4000, 'run 3999');
    const drawn = html.match(/<circle/g)?.length ?? 0;
    expect(html).toContain('1,500 of 4,000 runs are drawn');
    // 1,500 sampled; the picked run, were it not among them; its ring.
    expect([1501, 1502]).toContain(drawn);
    expect(html).toContain('stroke="var(--ink)" stroke-width="2"');
  });

  it('marks best, median and worst by the direction of the target', () => {
    const values = Float64Array.of(3, 1, 2, Number.NaN);
    const chart = (direction: 'lower' | 'higher') =>
      renderToStaticMarkup(
        <DistributionChart values={values} name="Loss" unit="nats" direction={direction} />,
      );
    expect(chart('lower')).toContain(
      'Histogram of Loss: best 1.000, median 2.000, worst 3.000 nats.',
    );
    expect(chart('higher')).toContain('best 3.000, median 2.000, worst 1.000');
    expect(chart('lower')).toContain('spread 2.000');
  });

  it('says when nothing was measured', () => {
    const html = renderToStaticMarkup(
      <DistributionChart values={new Float64Array(0)} name="Loss" unit="" direction="lower" />,
    );
    expect(html).toContain('Loss was not measured');
  });

  it('draws importance in proportion, in the given order', () => {
    const html = renderToStaticMarkup(
      <ImportanceChart
        rows={[
          { label: 'code', share: 0.2 },
          { label: 'web', share: 0.8 },
        ]}
        hovered={null}
        onHover={ignore}
      />,
    );
    const widths = [...html.matchAll(/data-series="share"[^>]*width="([\d.]+)"/g)].map(
      ([, width]) => Number(width),
    );
    expect(widths).toHaveLength(2);
    expect(widths[1]).toBeCloseTo(4 * widths[0], 1);
    expect(html.indexOf('code')).toBeLessThan(html.indexOf('>web'));
    expect(html).toContain('Largest: web 80.0%, code 20.0%.');
  });

  it('draws a mark per run and those of prior, human and optimum', () => {
    const html = renderToStaticMarkup(
      <StripPlot
        rows={[
          {
            label: 'web',
            values: Float64Array.of(0.1, 0.5, 0.9),
            prior: 0.3,
            human: 0.4,
            optimum: 0.6,
          },
        ]}
        hovered={null}
        onHover={ignore}
      />,
    );
    const marks = html.match(/d="(M[^"]*v16){3}"/);
    expect(marks).not.toBeNull();
    expect(html).toContain('prior 30.0%');
    expect(html).toContain('<circle');
    expect(html).not.toMatch(/not fitted|left out/);
  });

  it('draws the optimum before the last edit as a dashed ring of the domain’s colour, and names it', () => {
    const draw = (former?: number) =>
      renderToStaticMarkup(
        <StripPlot
          rows={[
            {
              label: 'web',
              values: Float64Array.of(0.1, 0.9),
              prior: 0.3,
              human: null,
              optimum: 0.6,
              former,
              color: 'var(--domain-3)',
            },
          ]}
          hovered={null}
          onHover={ignore}
        />,
      );
    const html = draw(0.25);
    const ring = /<g data-mark="former".*?<\/g>/.exec(html.slice(html.indexOf('>web')))?.[0] ?? '';
    expect(ring).toMatch(/stroke-dasharray="[^"]+"[^>]*stroke="var\(--domain-3\)"/);
    expect(ring).toContain('before the last edit 25.0%');
    expect(html).toContain('>before the last edit</text>');
    expect(draw()).not.toMatch(/data-mark="former"|before the last edit/);
  });

  it('tells runs that are not fitted, or left out, from the others by their shape', () => {
    const values = Float64Array.of(0.1, 0.5, 0.9);
    const html = renderToStaticMarkup(
      <StripPlot
        rows={[
          {
            label: 'web',
            values,
            prior: 0.3,
            human: null,
            optimum: null,
            leftOut: Float64Array.of(0.2, 0.7),
          },
        ]}
        unfitted={new Set([2])}
        hovered={null}
        onHover={ignore}
      />,
    );
    expect(html).toMatch(/d="(M[^"]*v16){2}"/);
    const marksOf = (runs: string) =>
      new RegExp(`data-runs="${runs}" d="([^"]*)"`).exec(html)?.[1].match(/M/g)?.length;
    expect(marksOf('unfitted')).toBe(1);
    expect(marksOf('left-out')).toBe(2);
    expect(html).toContain('>not fitted</text>');
    expect(html).toContain('>left out</text>');
    expect(html).toContain('1 run not fitted. 2 runs left out.');
  });
});
