import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channels, domainColors } from './colors';

const css = readFileSync('app/styles/base.css', 'utf8');
const themes = {
  light: { sheet: css.slice(0, css.indexOf('[data-theme="dark"]')), paper: '#fbfaf7' },
  dark: { sheet: css.slice(css.indexOf('[data-theme="dark"]')), paper: '#15171b' },
};

function colorOf(theme: keyof typeof themes, name: string): string {
  const found = new RegExp(`--domain-${name}: (#[0-9a-f]{6});`).exec(themes[theme].sheet);
  if (!found) throw new Error(`--domain-${name} is missing in the ${theme} theme`);
  return found[1];
}

type Triple = readonly [number, number, number];

const linear = (color: string): Triple => {
  const [red, green, blue] = channels(color).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
};

/** Complete dichromacy on linear sRGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const visions: Record<string, readonly Triple[]> = {
  trichromacy: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** CIE L*a*b* of linear sRGB under D65. */
function lab(color: Triple): Triple {
  const [r, g, b] = color.map((value) => Math.min(1, Math.max(0, value)));
  const curve = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(one: string, other: string, vision: readonly Triple[]): number {
  const [a, b] = [one, other].map((color) => {
    const rgb = linear(color);
    const seen = vision.map((row) => row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]);
    return lab([seen[0], seen[1], seen[2]]);
  });
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const hues = ['1', '2', '3', '4', '5', '6', '7', '8'];

describe('domainColors', () => {
  it('gives hues by the rank in the prior and greys in turn after the sixth', () => {
    const prior = Float64Array.from([0.02, 0.3, 0.02, 0.2, 0.15, 0.1, 0.08, 0.06, 0.07]);
    const names = ['even', '1', 'odd', '2', '3', '4', '5', 'odd', '6'];
    expect(domainColors(prior)).toEqual(names.map((name) => `var(--domain-${name})`));
  });

  it('gives each of up to eight domains a hue of its own, blue the seventh', () => {
    const colors = domainColors(new Float64Array(8).fill(1 / 8));
    expect(colors).toEqual(hues.map((hue) => `var(--domain-${hue})`));
    for (const theme of ['light', 'dark'] as const) {
      const [red, green, blue] = channels(colorOf(theme, '7'));
      expect(blue).toBeGreaterThan(Math.max(red, green));
    }
  });

  it('answers the same object for the same prior', () => {
    const prior = Float64Array.of(0.5, 0.5);
    expect(domainColors(prior)).toBe(domainColors(prior));
  });
});

describe.each(['light', 'dark'] as const)('the hues of domains, %s', (theme) => {
  it.each(Object.keys(visions))('differ with %s', (vision) => {
    const near = hues.flatMap((one, place) =>
      hues.slice(place + 1).flatMap((other) => {
        const apart = distance(colorOf(theme, one), colorOf(theme, other), visions[vision]);
        return apart < 10 ? [`${one} and ${other}: ${apart.toFixed(1)}`] : [];
      }),
    );
    expect(near).toEqual([]);
  });

  it('stand out from the page', () => {
    for (const name of [...hues, 'odd', 'even']) {
      const apart = distance(colorOf(theme, name), themes[theme].paper, visions.trichromacy);
      expect(apart).toBeGreaterThan(18);
    }
  });
});
