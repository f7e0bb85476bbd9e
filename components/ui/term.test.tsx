import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Term, TermTexts, termTexts } from './term';

it('is a button described by a text of the page, which shows none while closed', () => {
  const html = renderToStaticMarkup(<Term of="rho">rho</Term>);
  expect(html).toContain('aria-describedby="term-rho"');
  expect(html).not.toContain('tooltip');
  expect(renderToStaticMarkup(<TermTexts />)).toContain(`id="term-rho">${termTexts.rho}`);
});

it('is explained in one short sentence', () => {
  for (const text of Object.values(termTexts)) {
    expect(text).toMatch(/^[^.]+\.$/);
    expect(text.split(' ').length).toBeLessThanOrEqual(20);
  }
});
