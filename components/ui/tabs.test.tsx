import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { Tabs } from './tabs';

const tabs = [
  { id: 'ternary', label: 'Three domains' },
  { id: 'dependence', label: 'One domain' },
  { id: 'matrix', label: 'All pairs' },
];

function draw(selected: string): string {
  return renderToStaticMarkup(
    <Tabs label="Pictures" tabs={tabs} selected={selected} onSelect={vi.fn()}>
      <p>{selected}</p>
    </Tabs>,
  );
}

const tabTags = (html: string): readonly string[] =>
  html.match(/<button[^>]*role="tab"[^>]*>/g) ?? [];
const attribute = (tag: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1];

describe('Tabs', () => {
  it('let Tab reach only the selected one', () => {
    const tags = tabTags(draw('dependence'));
    expect(tags.map((tag) => attribute(tag, 'tabindex'))).toEqual(['-1', '0', '-1']);
    expect(tags.map((tag) => attribute(tag, 'aria-selected'))).toEqual(['false', 'true', 'false']);
  });

  it('connect the panel to the selected tab', () => {
    const html = draw('matrix');
    const [, , chosen] = tabTags(html);
    const panel = /<div[^>]*role="tabpanel"[^>]*>/.exec(html)?.[0] ?? '';
    expect(attribute(panel, 'aria-labelledby')).toBe(attribute(chosen, 'id'));
    expect(attribute(chosen, 'aria-controls')).toBe(/\sid="([^"]*)"/.exec(panel)?.[1]);
    expect(html).toContain('<p>matrix</p>');
  });

  it('name the list, and show the first if none is selected', () => {
    const html = draw('gone');
    expect(html).toMatch(/role="tablist"[^>]*aria-label="Pictures"/);
    expect(attribute(tabTags(html)[0], 'aria-selected')).toBe('true');
  });
});
