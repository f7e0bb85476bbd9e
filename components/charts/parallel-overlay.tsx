import {
  heightOf,
  linePath,
  type ParallelAxis,
  type ParallelGeometry,
  rowValues,
} from './parallel-geometry';
import { circlePath, tenth } from './rounds';

/** A mixture drawn over the runs. */
export interface ParallelMixture {
  readonly name: string;
  /** A colour that follows the theme: `var(--accent)`. */
  readonly color: string;
  /** In the order of the axes; NaN or absent where it has no value. */
  readonly values: readonly number[];
}

type Shape = (x: number, y: number, radius: number) => string;
const shapes: readonly Shape[] = [circlePath, square, diamond];

/** The shape that tells the mixture at a place from the others. */
export function mixtureShape(index: number): Shape {
  return shapes[index % shapes.length];
}

/** Mixtures as strong lines on paper, with a mark at every axis. */
export function MixtureLines({
  mixtures,
  geometry,
}: {
  mixtures: readonly ParallelMixture[];
  geometry: ParallelGeometry;
}) {
  return mixtures.map(({ name, color, values }, index) => {
    const line = linePath(geometry, values);
    const marks = geometry.places
      .map((place, at) => {
        const value = values[at] ?? Number.NaN;
        return Number.isFinite(value)
          ? mixtureShape(index)(place.x, heightOf(geometry, place, value), 4)
          : '';
      })
      .join('');
    return (
      <g key={name} data-mixture={name} pointerEvents="none">
        <path d={line} fill="none" stroke="var(--paper)" strokeWidth={5} strokeOpacity={0.8} />
        <path d={line} fill="none" stroke={color} strokeWidth={2.5} />
        <path d={marks} fill={color} stroke="var(--paper)" />
      </g>
    );
  });
}

/** One run above all others. */
export function StrongLine({
  row,
  axes,
  geometry,
  picked,
}: {
  row: number;
  axes: readonly ParallelAxis[];
  geometry: ParallelGeometry;
  /** Whether it was picked; else the pointer is near it. */
  picked: boolean;
}) {
  const line = linePath(geometry, rowValues(axes, row));
  return (
    <g data-mark={picked ? 'picked' : 'near'} fill="none" pointerEvents="none">
      <path d={line} stroke="var(--paper)" strokeWidth={picked ? 6 : 4} />
      <path
        d={line}
        stroke="var(--ink)"
        strokeWidth={picked ? 2.5 : 1.5}
        strokeDasharray={picked ? '7 3' : undefined}
      />
    </g>
  );
}

function square(x: number, y: number, radius: number): string {
  const side = tenth(1.8 * radius);
  return `M${tenth(x - 0.9 * radius)} ${tenth(y - 0.9 * radius)}h${side}v${side}h${-side}Z`;
}

function diamond(x: number, y: number, radius: number): string {
  const half = tenth(1.3 * radius);
  return `M${tenth(x)} ${tenth(y - 1.3 * radius)}l${half} ${half}l${-half} ${half}l${-half} ${-half}Z`;
}
