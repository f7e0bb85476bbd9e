import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channels, divergingColor, inkOn, relativeLuminance, themed } from './colors';

const share = fc.double({ min: -1, max: 1, noNaN: true });

describe('the diverging ramp', () => {
  it('is the paper of the theme at zero', () => {
    expect(channels(divergingColor(0).light)).toEqual(channels('#fbfaf7'));
    expect(channels(divergingColor(0).dark)).toEqual(channels('#15171b'));
  });

  it('is blue below zero and orange above', () => {
    for (const theme of ['light', 'dark'] as const) {
      const [red, , blue] = channels(divergingColor(-0.5)[theme]);
      expect(blue).toBeGreaterThan(red);
      const [redAbove, , blueAbove] = channels(divergingColor(0.5)[theme]);
      expect(redAbove).toBeGreaterThan(blueAbove);
    }
  });

  it('moves away from the paper with magnitude, on both sides', () => {
    fc.assert(
      fc.property(share, share, (one, other) => {
        fc.pre(one * other > 0 && Math.abs(one) - Math.abs(other) > 0.02);
        const luminance = (at: number, theme: 'light' | 'dark') =>
          relativeLuminance(divergingColor(at)[theme]);
        expect(luminance(one, 'light')).toBeLessThan(luminance(other, 'light'));
        expect(luminance(one, 'dark')).toBeGreaterThan(luminance(other, 'dark'));
      }),
    );
  });

  it('looks as far from paper at a value as at its negative', () => {
    for (const at of [0.25, 0.6, 1]) {
      const above = relativeLuminance(divergingColor(at).light);
      const below = relativeLuminance(divergingColor(-at).light);
      expect(Math.abs(above - below)).toBeLessThan(0.12);
    }
  });

  it('stays at its ends beyond them', () => {
    expect(divergingColor(7)).toEqual(divergingColor(1));
  });
});

it('writes numbers in cells with a contrast of at least 4.5:1', () => {
  fc.assert(
    fc.property(share, (at) => {
      const color = divergingColor(at);
      const ink = inkOn(color);
      for (const theme of ['light', 'dark'] as const) {
        const [a, b] = [relativeLuminance(color[theme]), relativeLuminance(ink[theme])];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        expect(contrast).toBeGreaterThanOrEqual(4.5);
      }
    }),
  );
});

it('measures luminance as WCAG does', () => {
  expect(relativeLuminance('#ffffff')).toBe(1);
  expect(relativeLuminance('#000000')).toBe(0);
  expect(relativeLuminance('rgb(255, 0, 0)')).toBeCloseTo(0.2126, 10);
});

it('refuses what is not an opaque colour', () => {
  expect(() => channels('#fff')).toThrow(RangeError);
});

it('leaves the choice of theme to the page', () => {
  expect(themed({ light: '#ffffff', dark: '#000000' })).toBe('light-dark(#ffffff, #000000)');
});
