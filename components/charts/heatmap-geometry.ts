import { colorBarHeight } from './color-bar';
import { rowHeightFor } from './row-height';
import { textWidth, widestText } from './text-fit';

/** The layout of a heatmap, in pixels. */
export interface HeatmapGeometry {
  /** May exceed the given width: then the figure scrolls sideways under its row labels. */
  readonly width: number;
  readonly height: number;
  /** Left and top edge of the cells. */
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly fontSize: number;
  /** Whether column labels are rotated because they are wider than a column. */
  readonly upright: boolean;
  /** Pixels a column label may take along its direction. */
  readonly columnRoom: number;
  /** Whether numbers fit into cells. */
  readonly numbers: boolean;
  /** Pixels from the left edge of the cells to the sample of a cell without a value, in the first line. */
  readonly noDataAt: number;
  /** Top of the colour legend. */
  readonly legendTop: number;
}

const numberFrom = 30;
const narrowest = 13;
const widest = 72;
const longestColumnLabel = 210;

/** @param rowAxis what stands over the row labels, beside the first column's label */
export function heatmapGeometry(
  rows: readonly string[],
  columns: readonly string[],
  room: number,
  rowAxis: string,
): HeatmapGeometry {
  const cellHeight = rowHeightFor(rows.length);
  const fontSize = cellHeight >= 18 ? 12 : 10;
  const labels = Math.min(widestText(rows, fontSize), room * 0.34);
  const left = Math.ceil(Math.max(labels, textWidth(rowAxis, fontSize))) + 8;
  const share = (room - left - 1) / Math.max(1, columns.length);
  const cellWidth = Math.min(widest, Math.max(narrowest, Math.floor(share)));
  const widestColumn = widestText(columns, fontSize);
  const upright = widestColumn > cellWidth - 6;
  const columnRoom = upright ? Math.min(widestColumn, longestColumnLabel) : cellWidth - 6;
  // The first line names the column axis.
  const top = 20 + (upright ? Math.ceil(columnRoom) + 8 : 22);
  const legendTop = top + rows.length * cellHeight + 14;
  return {
    width: Math.max(left + columns.length * cellWidth + 1, left + legendWidth(room - left)),
    height: legendTop + colorBarHeight + 2,
    left,
    top,
    cellWidth,
    cellHeight,
    fontSize,
    upright,
    columnRoom,
    numbers: cellWidth >= numberFrom && textWidth('−0.00', fontSize) + 2 <= cellWidth,
    noDataAt: 64,
    legendTop,
  };
}

/** Length of the colour legend in the space beside the row labels. */
export function legendWidth(room: number): number {
  return Math.max(120, Math.min(240, room));
}

/** The cell under a pixel of the chart, or null outside of all cells. */
export function cellAt(
  geometry: HeatmapGeometry,
  rows: number,
  columns: number,
  x: number,
  y: number,
): { row: number; column: number } | null {
  const row = Math.floor((y - geometry.top) / geometry.cellHeight);
  const column = Math.floor((x - geometry.left) / geometry.cellWidth);
  const inside = row >= 0 && row < rows && column >= 0 && column < columns;
  return inside ? { row, column } : null;
}

/**
 * The magnitude at the ends of the ramp: 1 for values within -1..1, as correlations are, else the
 * largest magnitude rounded up to one digit.
 */
export function symmetricBound(values: readonly (readonly number[])[]): number {
  let largest = 0;
  for (const row of values) {
    for (const value of row) {
      if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    }
  }
  if (largest <= 1) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  return Math.ceil(largest / unit - 1e-9) * unit;
}
