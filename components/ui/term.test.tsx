import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Term, Termed, TermTexts, termTexts } from './term';

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

it('explains the first mention in a text, and leaves a text without one as it is', () => {
  const html = renderToStaticMarkup(
    <Termed of="band" text="A 90% band, and the band of others." />,
  );
  expect(html.match(/<button/g)).toHaveLength(1);
  expect(html.replace(/<[^>]*>/g, '')).toBe('A 90% band, and the band of others.');
  expect(renderToStaticMarkup(<Termed of="band" text="bandwidth" />)).toBe('bandwidth');
});
