import { scaleLinear } from 'd3-scale';

/** A colour in both themes, as `#rrggbb` or `rgb(r, g, b)`. */
export interface ThemedColor {
  readonly light: string;
  readonly dark: string;
}

/** Positions of the stops of the diverging ramp, in shares of the largest magnitude. */
const positions = [-1, -0.6, -0.25, 0, 0.25, 0.6, 1];

/**
 * Blue below zero, orange above: distinguishable with every common colour vision. Zero is the paper
 * of the theme, and lightness falls (in the dark: rises) evenly to both ends, so that magnitude
 * reads without hue.
 */
const stops = {
  light: ['#0b4a86', '#4a87bd', '#b5cfe4', '#fbfaf7', '#f2cfa6', '#d08433', '#8a4500'],
  dark: ['#8cc4f7', '#3f7fb8', '#24425e', '#15171b', '#573a1d', '#b06f2c', '#f7bd7d'],
};

const ramps = {
  light: scaleLinear<string>().domain(positions).range(stops.light).clamp(true),
  dark: scaleLinear<string>().domain(positions).range(stops.dark).clamp(true),
};

/** The colour of a signed value: `share` is the value over the largest magnitude, -1..1. */
export function divergingColor(share: number): ThemedColor {
  return { light: ramps.light(share), dark: ramps.dark(share) };
}

/** The colour as CSS that follows the theme of the page. */
export function themed({ light, dark }: ThemedColor): string {
  return `light-dark(${light}, ${dark})`;
}

/** Black or white in each theme, whichever reads better on the colour: 4.5:1 at least. */
export function inkOn({ light, dark }: ThemedColor): ThemedColor {
  return { light: readable(light), dark: readable(dark) };
}

function readable(background: string): string {
  const luminance = relativeLuminance(background);
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? '#000000' : '#ffffff';
}

/** Red, green and blue of `#rrggbb` or `rgb(r, g, b)`, 0..255 each. */
export function channels(color: string): [number, number, number] {
  const found = color.startsWith('#')
    ? color.match(/[\da-f]{2}/gi)?.map((pair) => Number.parseInt(pair, 16))
    : color.match(/[\d.]+/g)?.map(Number);
  if (found?.length !== 3) throw new RangeError(`not an opaque sRGB colour: ${color}`);
  return [found[0], found[1], found[2]];
}

/** Relative luminance, 0 (black) to 1 (white): WCAG 2.2, "relative luminance". */
export function relativeLuminance(color: string): number {
  const [red, green, blue] = channels(color).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
