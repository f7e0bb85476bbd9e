import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Range } from './parallel-brush';
import { type ChosenRuns, ParallelChart, type ParallelMixture } from './parallel-chart';
import { bestTenth, maxLines, type ParallelAxis, shownRows } from './parallel-geometry';
import { roundMark } from './rounds';

const ignore = () => {};

function axesOf(runs: number): ParallelAxis[] {
  const share = Float64Array.from({ length: runs }, (_, run) => run / runs);
  return [
    { key: 'web', label: 'web', unit: '% of tokens', values: share, kind: 'weight' },
    {
      key: 'code',
      label: 'code',
      unit: '% of tokens',
      values: share.map((one) => 1 - one),
      kind: 'weight',
    },
    {
      key: 'loss',
      label: 'Web loss',
      unit: 'nats per token',
      values: share.map((one) => 3 - one),
      kind: 'target',
      direction: 'lower',
    },
  ];
}

function draw(
  runs: number,
  change: {
    axes?: ParallelAxis[];
    brushes?: ReadonlyMap<string, Range>;
    rounds?: Int32Array;
    picked?: number;
    mixtures?: readonly ParallelMixture[];
    chosen?: ChosenRuns;
  } = {},
): string {
  return renderToStaticMarkup(
    <ParallelChart
      axes={change.axes ?? axesOf(runs)}
      rounds={change.rounds ?? null}
      brushes={change.brushes ?? new Map()}
      onBrush={ignore}
      picked={change.picked ?? null}
      onPick={ignore}
      mixtures={change.mixtures}
      chosen={change.chosen}
    />,
  );
}

/** How many lines each group of runs has. */
function lines(html: string): Record<string, number> {
  const groups = html.matchAll(
    /<g data-lines="([^"]+)"[^>]*>((?:<path[^>]*>(?:<\/path>)?)*)<\/g>/g,
  );
  return Object.fromEntries(
    [...groups].map(([, name, paths]) => [name, paths.match(/M/g)?.length ?? 0]),
  );
}

describe('ParallelChart', () => {
  it('sets the labels of a target before the last on paper, over the lines', () => {
    const [web, code, loss] = axesOf(20);
    const html = draw(20, { axes: [web, code, { ...loss, key: 'other' }, loss] });
    expect(html.split('data-behind="labels"')).toHaveLength(2);
    expect(html.indexOf('data-behind')).toBeGreaterThan(html.indexOf('data-lines="round 0"'));
    expect(draw(20)).not.toContain('data-behind');
  });

  it('draws every run, in few paths', () => {
    const html = draw(512);
    expect(lines(html)).toEqual({ outside: 0, 'round 0': 512 });
    expect(html.match(/<path/g)?.length).toBeLessThan(60);
    expect(html).toContain('weight (%, root scale)');
    expect(html).toContain('lower is better');
    expect(html).not.toContain('are drawn');
  });

  it('separates the runs inside all brushes from the others and counts them', () => {
    const brushes = new Map<string, Range>([
      ['web', [0.5, 1]],
      ['loss', [2.25, 3]],
    ]);
    const html = draw(100, { brushes });
    expect(lines(html)).toEqual({ outside: 74, 'round 0': 26 });
    expect(html).toContain('26 of 100 runs brushed.');
    expect(html.match(/data-mark="brush"/g)).toHaveLength(2);
  });

  it('sets chosen runs off in blue, whatever brushes they come from', () => {
    const rows = Uint8Array.from({ length: 100 }, (_, row) => (row < 10 ? 1 : 0));
    const chosen = { name: 'the best tenth', rows };
    const html = draw(100, { chosen });
    expect(lines(html)).toEqual({ outside: 90, 'round 0': 10 });
    expect(html).toMatch(/data-lines="round 0" stroke="var\(--accent\)"/);
    expect(html).toContain('Blue: the best tenth.');
    const brushed = draw(100, { chosen, brushes: new Map([['web', [0.5, 1] as const]]) });
    expect(lines(brushed)).toEqual({ outside: 90, 'round 0': 10 });
    const own = draw(100, { brushes: new Map([['web', [0.5, 1] as const]]) });
    expect(lines(own)).toEqual({ outside: 50, 'round 0': 50 });
    expect(draw(100)).not.toMatch(/data-lines="round 0" stroke="var\(--accent\)"/);
  });

  it('distinguishes rounds by colour, by shape and in the legend', () => {
    const html = draw(10, {
      rounds: Int32Array.from({ length: 10 }, (_, run) => (run > 6 ? 2 : 0)),
    });
    expect(lines(html)).toEqual({ outside: 0, 'round 0': 7, 'round 2': 3 });
    expect(html).toContain(`fill="${roundMark(2).color}" fill-opacity`);
    expect(html).toContain('>round 2</text>');
    expect(draw(10)).not.toContain('>round 0</text>');
  });

  it('has two sliders per axis, of which those of one axis are tab stops', () => {
    const html = draw(10, { brushes: new Map([['web', [0.1, 0.4] as const]]) });
    expect(html.match(/role="slider"/g)).toHaveLength(6);
    expect(html.match(/tabindex="0"/g)).toHaveLength(2);
    expect(html).toContain(
      'aria-label="web, lowest value brushed" aria-orientation="vertical" aria-valuemin="0" aria-valuemax="40" aria-valuenow="10" aria-valuetext="10.0%"',
    );
    expect(html).toContain('aria-valuetext="not brushed"');
  });

  it('draws mixtures over the runs as far as they have values', () => {
    const html = draw(10, {
      mixtures: [{ name: 'optimum', color: 'var(--accent)', values: [0.3, 0.7] }],
    });
    const drawn = html.slice(html.indexOf('data-mixture="optimum"'));
    expect(drawn.match(/ d="(M[^"]+)"/)?.[1]).toMatch(/^M[\d. ]+L[\d. ]+$/);
    expect(html).toContain('>optimum</text>');
  });

  it('describes the picked run', () => {
    expect(draw(10, { picked: 2 })).toContain(
      'Run 3: Web loss 2.800 nats per token, code 80.0%, web 20.0%',
    );
  });

  it('says that there are no runs', () => {
    expect(draw(0)).toContain('once there are any');
    expect(draw(0)).not.toContain('<svg');
  });
});

describe('bestTenth', () => {
  const axis = (values: readonly number[], direction: 'lower' | 'higher'): ParallelAxis => ({
    key: 'loss',
    label: 'loss',
    unit: '',
    kind: 'target',
    values: Float64Array.from(values),
    direction,
  });
  const chosenOf = (values: readonly number[], direction: 'lower' | 'higher') =>
    [...(bestTenth(axis(values, direction)) ?? [])].flatMap((one, row) => (one === 1 ? [row] : []));

  it('is by the direction of the target, over what was measured', () => {
    const values = [5, Number.NaN, ...Array.from({ length: 19 }, (_, run) => 6 + run)];
    expect(chosenOf(values, 'lower')).toEqual([0, 2]);
    expect(chosenOf(values, 'higher')).toEqual([19, 20]);
  });

  it('counts ties, and needs ten runs', () => {
    expect(chosenOf([1, 1, 1, 4, 5, 6, 7, 8, 9, 10], 'lower')).toEqual([0, 1, 2]);
    expect(bestTenth(axis([1, 2, 3], 'lower'))).toBeNull();
  });
});

describe('shownRows', () => {
  it('draws all of few and brushed runs before others', () => {
    const inside = Uint8Array.from({ length: 4000 }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const shown = shownRows(inside, 18);
    expect(shown.inside).toHaveLength(1000);
    expect(shown.outside).toHaveLength(500);
    expect(shown.inside.every((row) => inside[row] === 1)).toBe(true);
    expect(shown.outside.every((row) => inside[row] === 0)).toBe(true);
    expect(shownRows(inside, 18)).toEqual(shown);
    expect(shownRows(new Uint8Array(5000).fill(1), 18).outside).toHaveLength(0);
  });

  it('draws fewer lines over more axes', () => {
    expect(maxLines(18)).toBe(1500);
    expect(maxLines(201)).toBe(298);
    expect(maxLines(5000)).toBe(200);
  });
});
