import { expect, it } from 'vitest';
import { literalColors } from './picture';

const colors = new Map([['--ink', '#16181d']]);

it('writes custom properties out', () => {
  expect(literalColors('<text fill="var(--ink)"/>', colors)).toBe('<text fill="#16181d"/>');
});

it('takes the light colour of a pair, in any notation', () => {
  const pair =
    '<rect fill="light-dark(rgb(1, 2, 3), rgb(4, 5, 6))"/><rect fill="light-dark(#fff, #000)"/>';
  expect(literalColors(pair, colors)).toBe('<rect fill="rgb(1, 2, 3)"/><rect fill="#fff"/>');
});

it('falls back to the current colour for a property that is not known', () => {
  expect(literalColors('var(--other)', colors)).toBe('currentColor');
});

it('leaves everything else as it is', () => {
  const svg = '<text fill="url(#hatch)">light-dark and var are words</text>';
  expect(literalColors(svg, colors)).toBe(svg);
});
