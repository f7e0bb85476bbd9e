import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { MultiWeight } from './multi-weight';

const targets = [
  { id: 'web', name: 'Pile CC loss', direction: 'lower' },
  { id: 'code', name: 'GitHub loss', direction: 'lower' },
  { id: 'math', name: 'DM Mathematics loss', direction: 'lower' },
] as const;

function draw(
  weights: Record<string, number>,
  families: Record<string, string>,
  shares: readonly (readonly [string, number])[],
): string {
  return renderToStaticMarkup(
    <MultiWeight
      targets={targets}
      weights={weights}
      families={families}
      shares={new Map(shares)}
      onChange={vi.fn()}
    />,
  );
}

const rows = (html: string) => html.match(/<tr>.*?<\/tr>/g)?.slice(1) ?? [];

describe('MultiWeight', () => {
  const html = draw({ web: 12, code: 1 }, { code: 'code' }, [
    ['web', 0.923],
    ['code', 0.077],
  ]);

  it('shows each target with its weight as typed, its family and its share of the whole', () => {
    const [web, code, math] = rows(html);
    expect(web).toMatch(/aria-label="Weight of Pile CC loss"[^>]*value="12"/);
    expect(web).toContain('>92%</td>');
    expect(code).toMatch(/aria-label="Family of GitHub loss"[^>]*value="code"/);
    expect(code).toContain('>7.7%</td>');
    expect(math).toMatch(/aria-label="Weight of DM Mathematics loss"[^>]*value="0"/);
    expect(math).toContain('>0%</td>');
  });

  it('offers the existing families', () => {
    const list = /list="([^"]+)"/.exec(html)?.[1];
    expect(html).toContain(`<datalist id="${list}"><option value="code"></option></datalist>`);
  });

  it('asks for a weight when there is none, and shows no shares', () => {
    const cleared = draw({ web: 0 }, {}, [['web', 1]]);
    expect(cleared).toContain('Give at least one target a weight.');
    expect(cleared).not.toContain('%</td>');
    expect(html).not.toContain('Give at least one');
  });
});
