import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { Switch } from './controls';

const draw = (props: Partial<Parameters<typeof Switch>[0]>) =>
  renderToStaticMarkup(<Switch label="Repeats" checked={false} onChange={vi.fn()} {...props} />);

describe('Switch', () => {
  it('exposes its role, its name and its state', () => {
    expect(draw({ checked: true })).toMatch(
      /^<div[^>]*><button[^>]*role="switch"[^>]*aria-checked="true"/,
    );
    expect(draw({ checked: false })).toContain('aria-checked="false"');
    expect(draw({})).toContain('<span>Repeats</span></button>');
  });

  it('is described by its hint, and by nothing without one', () => {
    const html = draw({ hint: 'Repeats count less.' });
    const id = /aria-describedby="([^"]+)"/.exec(html)?.[1];
    expect(html).toContain(`<p id="${id}"`);
    expect(html).toContain('>Repeats count less.</p>');
    expect(draw({})).not.toContain('aria-describedby');
  });

  it('can be disabled', () => {
    expect(draw({ disabled: true })).toContain('disabled=""');
    expect(draw({})).not.toContain('disabled');
  });
});
