import type { PointerEvent } from 'react';
import { rowAt } from './row-height';

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
