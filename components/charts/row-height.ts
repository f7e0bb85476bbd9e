import type { PointerEvent } from 'react';

/** Above this many domains a chart's rows scroll. */
export const scrollFrom = 40;

/** Rows get thinner as domains get more, down to what a 10 px label needs. In pixels. */
export function rowHeightFor(rows: number): number {
  if (rows <= 20) return 24;
  if (rows <= scrollFrom) return 18;
  return 14;
}

/** The row under a height, both in pixels of the chart, or null above the first and below the last. */
export function rowAt(rows: number, top: number, rowHeight: number, y: number): number | null {
  const row = Math.floor((y - top) / rowHeight);
  return row >= 0 && row < rows ? row : null;
}

/** Pointer handlers that report the row under the pointer, once per change. */
export function rowHover(
  rows: number,
  /** Top of the first row, in pixels of the element. */
  top: number,
  rowHeight: number,
  hovered: number | null,
  onHover: (row: number | null) => void,
) {
  const follow = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const row = rowAt(rows, top, rowHeight, event.clientY - box.top);
    if (row !== hovered) onHover(row);
  };
  return {
    onPointerMove: follow,
    onPointerDown: follow,
    onPointerLeave: () => onHover(null),
  };
}
