import { type ThemedColor, themed } from './colors';
import { flowLegend, legendText } from './text-fit';

/** Further rounds than these share one legend item. */
const maxNamed = 8;

interface Item {
  readonly round: number;
  readonly label: string;
}

/** The legend items of the rounds that occur; none when there is only one. */
export function roundItems(rounds: readonly number[]): Item[] {
  if (rounds.length < 2) return [];
  const named = rounds.slice(0, maxNamed).map((round) => ({ round, label: `round ${round}` }));
  const rest = rounds.length - maxNamed;
  if (rest > 0) {
    const last = named[named.length - 1];
    named[named.length - 1] = { ...last, label: `${last.label} and ${rest} later` };
  }
  return named;
}

/** Height of the legend of rounds above a chart `width` pixels wide, in pixels. */
export function roundsLegendHeight(rounds: readonly number[], width: number): number {
  return flowLegend(labelsOf(rounds), width).height;
}

/** The marks of the rounds as they look in the chart. */
export function RoundsLegend({ rounds, width }: { rounds: readonly number[]; width: number }) {
  const items = roundItems(rounds);
  const { places } = flowLegend(labelsOf(rounds), width);
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {items.map(({ round, label }, index) => (
        <g key={round} transform={`translate(${places[index].x} ${places[index].y})`}>
          <RoundSample round={round} />
          <text x={legendText} y={13}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

/** A round's mark as a legend sample. */
export function RoundSample({ round }: { round: number }) {
  const { color, shape } = roundMark(round);
  return <path d={shape(8, 9, 4)} fill={color} />;
}

function labelsOf(rounds: readonly number[]): string[] {
  return roundItems(rounds).map(({ label }) => label);
}

/** How the runs of one round look in every picture: distinguished by shape as well as by colour. */
export interface RoundMark {
  /** A colour that follows the theme. */
  readonly color: string;
  /** A closed path of about the area of a circle of `radius` pixels around (x, y). */
  readonly shape: (x: number, y: number, radius: number) => string;
}

/**
 * Hues of Okabe and Ito's "Color Universal Design" palette that neither fade on the background nor
 * are used for a mixture, darkened for the light theme and lightened for the dark one to a contrast
 * of at least 3:1.
 */
export const roundColors: readonly ThemedColor[] = [
  { light: '#c85400', dark: '#f08a3c' },
  { light: '#008560', dark: '#2fbf93' },
  { light: '#b0568a', dark: '#dc94bd' },
  { light: '#0072b2', dark: '#56b4e9' },
];

/** Corners in units of the radius. The numbers of shapes and of colours are coprime. */
const outlines: readonly (readonly (readonly [number, number])[])[] = [
  polygon([0, -1.45], [1.3, 0.85], [-1.3, 0.85]),
  polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]),
  polygon([0, -1.35], [1.35, 0], [0, 1.35], [-1.35, 0]),
  polygon([0, 1.45], [1.3, -0.85], [-1.3, -0.85]),
  polygon(
    [-0.45, -1.3],
    [0.45, -1.3],
    [0.45, -0.45],
    [1.3, -0.45],
    [1.3, 0.45],
    [0.45, 0.45],
    [0.45, 1.3],
    [-0.45, 1.3],
    [-0.45, 0.45],
    [-1.3, 0.45],
    [-1.3, -0.45],
    [-0.45, -0.45],
  ),
];

/**
 * The mark of a round of proxies: ink and a circle for the first, a hue and another shape for each
 * later one. Twenty later rounds look different from one another; then the marks repeat.
 *
 * @param round 0 = first
 */
export function roundMark(round: number): RoundMark {
  if (round <= 0) return { color: 'var(--ink)', shape: circlePath };
  const outline = outlines[(round - 1) % outlines.length];
  return {
    color: themed(roundColors[(round - 1) % roundColors.length]),
    shape: (x, y, radius) =>
      `M${outline.map((corner) => `${tenth(x + corner[0] * radius)} ${tenth(y + corner[1] * radius)}`).join('L')}Z`,
  };
}

/** The rounds that occur, ascending; only the first when rounds are not known. */
export function roundsPresent(rounds: Iterable<number> | null): number[] {
  const present = [...new Set(rounds ?? [])].sort((a, b) => a - b);
  return present.length > 0 ? present : [0];
}

/** A circle as a closed path. */
export function circlePath(x: number, y: number, radius: number): string {
  const width = tenth(2 * radius);
  const arc = `a${tenth(radius)} ${tenth(radius)} 0 1 0 `;
  return `M${tenth(x - radius)} ${tenth(y)}${arc}${width} 0${arc}${-width} 0Z`;
}

/** Pixels to a tenth: finer digits only lengthen the page. */
export function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function polygon(...corners: readonly (readonly [number, number])[]) {
  return corners;
}
