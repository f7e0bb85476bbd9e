import { scaleLinear } from 'd3-scale';

/** A colour in both themes, as `#rrggbb` or `rgb(r, g, b)`. */
export interface ThemedColor {
  readonly light: string;
  readonly dark: string;
}

/** Hues of domains in a study that has more of them than {@link distinctHues}; the others are grey. */
const sharedHues = 6;
/** Up to this many domains have a colour each. */
const distinctHues = 8;

/**
 * The colour of every domain, the same in every chart: Okabe and Ito's "Color Universal Design" hues by the
 * domains' rank in the prior, which no answer changes and which is known before there is one (ties in the
 * file's order). Of more than 8 domains the first six have a hue and the others are two greys in turn, so that
 * neighbours differ. The palette's blue comes seventh, because blue means that something can be acted on. Six
 * hues cannot name 17 domains: names always stand beside colours.
 *
 * @param prior D weights
 * @returns D custom properties of app/styles/base.css, as CSS colours
 */
export function domainColors(prior: Float64Array): readonly string[] {
  const known = ofPrior.get(prior);
  if (known) return known;
  const ranked = Array.from(prior.keys()).sort((a, b) => prior[b] - prior[a] || a - b);
  const hues = prior.length <= distinctHues ? distinctHues : sharedHues;
  const colors = new Array<string>(prior.length);
  ranked.forEach((domain, rank) => {
    const name = rank < hues ? String(rank + 1) : (rank - hues) % 2 === 0 ? 'odd' : 'even';
    colors[domain] = `var(--domain-${name})`;
  });
  ofPrior.set(prior, colors);
  return colors;
}

/** Charts ask for them on every frame of a slider. */
const ofPrior = new WeakMap<Float64Array, readonly string[]>();

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
