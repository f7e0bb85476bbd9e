import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { divergingColor, themed } from './colors';
import { Heatmap } from './heatmap';
import { cellAt, heatmapGeometry, symmetricBound } from './heatmap-geometry';
import { textWidth } from './text-fit';

function draw(rows: string[], columns: string[], values: number[][]): string {
  return renderToStaticMarkup(
    <Heatmap
      rows={rows}
      columns={columns}
      values={values}
      quantity="Spearman’s rho"
      rowAxis="domain"
      columnAxis="target"
    />,
  );
}

const numbered = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name} ${index + 1}`);

describe('Heatmap', () => {
  it('colours every cell by its value and prints it', () => {
    const svg = draw(['web', 'code'], ['loss'], [[-0.8], [0.4]]);
    expect(svg).toContain(themed(divergingColor(-0.8)));
    expect(svg).toContain(themed(divergingColor(0.4)));
    expect(svg).toContain('>−0.80</text>');
    expect(svg).toContain('>0.40</text>');
  });

  it('hatches what is not available and prints nothing there', () => {
    const svg = draw(['web'], ['loss'], [[Number.NaN]]);
    expect(svg).toMatch(/<rect[^>]*fill="url\(#[^"]+\)"/);
    expect(svg).not.toContain('NaN');
  });

  it('drops the numbers where cells are too narrow for them', () => {
    const svg = draw(['web'], numbered(60, 'target'), [numbered(60, '').map(() => 0.123)]);
    expect(svg).not.toContain('0.12</text>');
    expect(svg).toContain('target 60');
  });

  it('paints many cells as an image instead of elements', () => {
    const names = numbered(60, 'domain');
    const svg = draw(
      names,
      names,
      names.map(() => names.map(() => 0.5)),
    );
    expect(svg.match(/<rect/g)?.length).toBeLessThan(100);
  });

  it('is one tab stop with the size of the whole and one cell in it', () => {
    const html = draw(
      ['web', 'code'],
      ['loss', 'score'],
      [
        [1, 2],
        [3, -4],
      ],
    );
    expect(html.match(/tabindex="0"/g)).toHaveLength(1);
    expect(html).toContain('role="grid"');
    expect(html).toContain('aria-rowcount="2" aria-colcount="2"');
    expect(html.match(/role="gridcell"/g)).toHaveLength(1);
    expect(html).toContain('web, loss: Spearman’s rho 1.000');
  });

  it('matches its stored picture', async () => {
    const svg = draw(
      ['Pile CC', 'Wikipedia (en)', 'GitHub'],
      ['Pile CC loss', 'HellaSwag'],
      [
        [-0.91, 0.85],
        [0.12, -0.07],
        [0.4, Number.NaN],
      ],
    );
    await expect(svg).toMatchFileSnapshot('./golden/heatmap.svg.txt');
  });
});

describe('heatmapGeometry', () => {
  it('fills the room with 17 by 13 cells and prints numbers', () => {
    const geometry = heatmapGeometry(numbered(17, 'domain'), numbered(13, 'target'), 800, 'domain');
    expect(geometry.width).toBeLessThanOrEqual(800);
    expect(geometry.numbers).toBe(true);
  });

  it('grows beyond the room rather than below legible labels', () => {
    const geometry = heatmapGeometry(numbered(60, 'domain'), numbered(60, 'target'), 328, 'domain');
    expect(geometry.cellWidth).toBeGreaterThanOrEqual(geometry.fontSize + 2);
    expect(geometry.width).toBeGreaterThan(328);
    expect(geometry.upright).toBe(true);
  });

  it('leaves the names of both axes room beside each other', () => {
    const columns = ['a target with a long name', 'score'];
    for (const room of [240, 390, 800]) {
      const { left } = heatmapGeometry(['a', 'b'], columns, room, 'source domain');
      expect(left).toBeGreaterThanOrEqual(textWidth('source domain', 12));
    }
  });

  it('finds the cell whose middle it is asked for, and none outside', () => {
    const geometry = heatmapGeometry(numbered(5, 'domain'), numbered(7, 'target'), 600, 'domain');
    const middle = (row: number, column: number): [number, number] => [
      geometry.left + (column + 0.5) * geometry.cellWidth,
      geometry.top + (row + 0.5) * geometry.cellHeight,
    ];
    expect(cellAt(geometry, 5, 7, ...middle(4, 6))).toEqual({ row: 4, column: 6 });
    expect(cellAt(geometry, 5, 7, ...middle(0, 0))).toEqual({ row: 0, column: 0 });
    expect(cellAt(geometry, 5, 7, ...middle(5, 0))).toBeNull();
    expect(cellAt(geometry, 5, 7, ...middle(0, -1))).toBeNull();
  });
});

describe('symmetricBound', () => {
  it('is 1 for correlations and the next round magnitude beyond', () => {
    expect(
      symmetricBound([
        [0.2, -0.9],
        [Number.NaN, 0],
      ]),
    ).toBe(1);
    expect(symmetricBound([[-3.2, 1]])).toBe(4);
    expect(symmetricBound([[230]])).toBe(300);
    expect(symmetricBound([])).toBe(1);
  });
});
