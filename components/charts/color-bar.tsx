/** The colours of a quantity as one bar with figures below: the legend of every chart with a ramp. */
import { textWidth } from './text-fit';

/** Pixels. */
const barHeight = 8;
const fontSize = 12;
/** Height of a bar with its figures and title, in pixels. */
export const colorBarHeight = 42;

interface Stretch {
  /** Where it begins and ends along the bar, 0..1. */
  readonly from: number;
  readonly to: number;
  /** A colour that follows the theme. */
  readonly color: string;
}

export interface ColorTick {
  /** Place along the bar, 0..1. */
  readonly at: number;
  readonly label: string;
}

/**
 * @param ticks ascending; those at the ends of the bar always have their figures, others where there is room
 */
export function ColorBar({
  x,
  y,
  length,
  stretches,
  ticks,
  title,
}: {
  /** Left and top edge, in pixels. */
  x: number;
  y: number;
  /** Pixels. */
  length: number;
  stretches: readonly Stretch[];
  ticks: readonly ColorTick[];
  /** The quantity with its unit. */
  title: string;
}) {
  return (
    <g data-legend="colours" fontSize={fontSize} fill="var(--ink-2)">
      {stretches.map(({ from, to, color }) => (
        <rect
          key={from}
          x={x + from * length}
          y={y}
          // Half a pixel more hides the seam to the next one.
          width={Math.min((to - from) * length + 0.5, (1 - from) * length)}
          height={barHeight}
          fill={color}
        />
      ))}
      <rect x={x} y={y} width={length} height={barHeight} fill="none" stroke="var(--line)" />
      {shownTicks(ticks, length).map(({ at, label }) => (
        <text
          key={at}
          x={x + at * length}
          y={y + barHeight + 13}
          textAnchor={at === 0 ? 'start' : at === 1 ? 'end' : 'middle'}
        >
          {label}
        </text>
      ))}
      <text x={x} y={y + barHeight + 29}>
        {title}
      </text>
    </g>
  );
}

/** The ticks whose figures do not touch: the ends first, then the others from the left. */
export function shownTicks(ticks: readonly ColorTick[], length: number): readonly ColorTick[] {
  const gap = 8;
  const span = ({ at, label }: ColorTick): readonly [number, number] => {
    const width = textWidth(label, fontSize);
    const start = at * length - (at === 0 ? 0 : at === 1 ? width : width / 2);
    return [start, start + width];
  };
  const isEnd = ({ at }: ColorTick) => at === 0 || at === 1;
  const shown = ticks.filter(isEnd);
  for (const tick of ticks.filter((one) => !isEnd(one))) {
    const [left, right] = span(tick);
    const isFree = shown.every((other) => {
      const [from, to] = span(other);
      return right + gap <= from || to + gap <= left;
    });
    if (isFree) shown.push(tick);
  }
  return shown.sort((a, b) => a.at - b.at);
}
