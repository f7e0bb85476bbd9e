/** Names at the ends of lines: in the order of the lines, led to from them, so that no two leaders cross. */
import type { ReactNode } from 'react';
import type { PlotScales } from './plot-geometry';
import { shorten, spreadLabels } from './text-fit';

const fontSize = 12;
const lineHeight = 15;
/** Pixels from the plot to its names: room for marks at the ends, and for leaders to bend. */
export const endLabelGap = 16;
/** Pixels that a mark takes before its name. */
export const markRoom = 16;
/** A name that stands no further from its line than this needs no leader. */
const near = 3;

/** The end of a line, in pixels, with its name. */
interface LineEnd {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Of the leader: the line's. */
  readonly color: string;
  readonly isStrong?: boolean;
  /** The whole name where it is shortened, and what else there is to say. */
  readonly title?: string;
  /** What stands before the name, at a place in pixels: lines may end at the same one. */
  readonly mark?: (x: number, y: number) => ReactNode;
  /** Called as the pointer enters the name and leaves it. */
  readonly onHover?: (isOver: boolean) => void;
}

/** @param room pixels that a name may take, right of the plot and {@link endLabelGap} */
export function EndLabels({
  ends,
  scales,
  room,
}: {
  ends: readonly LineEnd[];
  scales: PlotScales;
  room: number;
}) {
  const sorted = [...ends].sort((a, b) => a.y - b.y);
  const placed = spreadLabels(
    sorted.map(({ y }) => y),
    sorted.map(() => lineHeight),
    [scales.top - lineHeight / 2, scales.bottom + lineHeight / 2],
  );
  const left = scales.right + endLabelGap;
  const marked = ends.some(({ mark }) => mark !== undefined) ? markRoom : 0;
  return (
    <>
      {sorted.map((end, place) => {
        const y = placed[place];
        const isNear = !marked && end.x > scales.right - 1 && Math.abs(y - end.y) <= near;
        return (
          <g key={end.key} data-end={end.key}>
            {!isNear && (
              <path
                d={`M${end.x} ${end.y}H${scales.right + 2}L${left - 3} ${y}`}
                fill="none"
                stroke={end.color}
                strokeDasharray="1.5 2.5"
              />
            )}
            {end.mark?.(left + markRoom / 2 - 3, y)}
            <text
              x={left + marked}
              y={y}
              dominantBaseline="central"
              fontSize={fontSize}
              fontWeight={end.isStrong ? 650 : 400}
              fill="var(--ink)"
              onPointerEnter={() => end.onHover?.(true)}
              onPointerLeave={() => end.onHover?.(false)}
            >
              {shorten(end.text, fontSize, room - marked)}
              {end.title !== undefined && <title>{end.title}</title>}
            </text>
          </g>
        );
      })}
    </>
  );
}
