'use client';

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatNumber } from '../../lib/format';
import { HeatmapBody } from './heatmap-body';
import { cellAt, heatmapGeometry, symmetricBound } from './heatmap-geometry';
import { ColumnLabels, RowLabels } from './heatmap-labels';
import { HeatmapLegend } from './heatmap-legend';
import { rowAt } from './row-height';
import { useWidth } from './use-width';

const initialWidth = 560;
/** Of the line below the picture, in pixels. */
const readoutHeight = 22;

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** What stands in the place of a heatmap that has no values yet, as high as it will be. */
export function HeatmapBlank({
  rows,
  columns,
  children,
}: {
  /** Labels that it will have. */
  rows: readonly string[];
  columns: readonly string[];
  children: ReactNode;
}) {
  const [ref, width] = useWidth(initialWidth);
  const { height } = heatmapGeometry(rows, columns, width);
  return (
    <div ref={ref} className="chart">
      <div className="chart-blank" style={{ height: height + readoutHeight }}>
        {children}
      </div>
    </div>
  );
}

/**
 * Signed values as a coloured table, blue below zero and orange above. The cell under the pointer or
 * the arrow keys is spelled out below the picture. Screen readers get a grid that holds one cell at
 * a time, so that 40,000 cells cost no more than 40.
 */
export function Heatmap({
  rows,
  columns,
  values,
  quantity,
  rowAxis,
  columnAxis,
  hoveredRow = null,
  onHoverRow,
}: {
  /** Labels, in the order to draw. */
  rows: readonly string[];
  columns: readonly string[];
  /** One list per row with one value per column; NaN = not available. */
  values: readonly (readonly number[])[];
  /** What the colours mean: `Spearman’s rho`. */
  quantity: string;
  /** What a row and a column is, in the singular: `domain`, `target`. */
  rowAxis: string;
  columnAxis: string;
  /** Index of the highlighted row, where rows are domains. */
  hoveredRow?: number | null;
  onHoverRow?: (row: number | null) => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const sticky = useRef<SVGGElement>(null);
  const id = useId();
  const [chosen, setChosen] = useState<Cell | null>(null);
  const geometry = useMemo(() => heatmapGeometry(rows, columns, width), [rows, columns, width]);
  const bound = useMemo(() => symmetricBound(values), [values]);
  const active =
    chosen && chosen.row < rows.length && chosen.column < columns.length ? chosen : null;
  const { left, top, cellWidth, cellHeight } = geometry;
  const bottom = top + rows.length * cellHeight;
  const lit = active?.row ?? hoveredRow;

  function choose(cell: Cell | null): void {
    if (cell?.row === chosen?.row && cell?.column === chosen?.column) return;
    setChosen(cell);
    if (cell?.row !== chosen?.row) onHoverRow?.(cell?.row ?? null);
  }

  function leave(): void {
    setChosen(null);
    onHoverRow?.(null);
  }

  function follow(event: PointerEvent<SVGSVGElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const scrolled = ref.current?.scrollLeft ?? 0;
    if (x >= scrolled + left) {
      choose(cellAt(geometry, rows.length, columns.length, x, y));
      return;
    }
    // Over the row labels, below which cells may have scrolled.
    const row = rowAt(rows.length, top, cellHeight, y);
    choose(null);
    if (row !== hoveredRow) onHoverRow?.(row);
  }

  function move(event: KeyboardEvent<HTMLDivElement>): void {
    const next = neighbour(event.key, active, rows.length, columns.length);
    if (!next) return;
    event.preventDefault();
    choose(next);
    const box = ref.current;
    if (!box) return;
    const x = left + next.column * cellWidth;
    if (x < box.scrollLeft + left) box.scrollLeft = x - left;
    if (x + cellWidth > box.scrollLeft + width) box.scrollLeft = x + cellWidth - width;
  }

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a table of all cells is a menu item away; this grid holds one */}
      <div
        ref={ref}
        className="chart chart-sideways"
        role="grid"
        tabIndex={0}
        aria-label={`${quantity}, ${rows.length} ${rowAxis}s by ${columns.length} ${columnAxis}s. Arrow keys go from cell to cell.`}
        aria-rowcount={rows.length}
        aria-colcount={columns.length}
        aria-activedescendant={active ? `${id}-cell` : undefined}
        onKeyDown={move}
        onFocus={(event) => {
          if (!active && event.target === event.currentTarget && isKeyboardFocus(event.target)) {
            choose({ row: 0, column: 0 });
          }
        }}
        onBlur={leave}
        onScroll={(event) =>
          sticky.current?.setAttribute(
            'transform',
            `translate(${event.currentTarget.scrollLeft} 0)`,
          )
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: rows of a grid role, see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: reached by aria-activedescendant */}
        <div role="row" className="visually-hidden" aria-rowindex={(active?.row ?? 0) + 1}>
          {/* biome-ignore lint/a11y/useSemanticElements: cell of a grid role, see above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: reached by aria-activedescendant */}
          <div role="gridcell" id={`${id}-cell`} aria-colindex={(active?.column ?? 0) + 1}>
            {read(active ?? { row: 0, column: 0 })}
          </div>
        </div>
        <svg
          data-chart=""
          aria-hidden="true"
          viewBox={`0 0 ${geometry.width} ${geometry.height}`}
          width={geometry.width}
          height={geometry.height}
          fontSize={geometry.fontSize}
          fill="var(--ink)"
          onPointerMove={follow}
          onPointerDown={follow}
          onPointerLeave={leave}
        >
          <HeatmapBody values={values} columns={columns.length} bound={bound} geometry={geometry} />
          {lit !== null && (
            <g fill="var(--paper)" fillOpacity={0.4} pointerEvents="none">
              <rect x={left} y={top} width={columns.length * cellWidth} height={lit * cellHeight} />
              <rect
                x={left}
                y={top + (lit + 1) * cellHeight}
                width={columns.length * cellWidth}
                height={bottom - top - (lit + 1) * cellHeight}
              />
            </g>
          )}
          {active && (
            <rect
              x={left + active.column * cellWidth}
              y={top + active.row * cellHeight}
              width={cellWidth}
              height={cellHeight}
              fill="none"
              stroke="var(--ink)"
              strokeWidth={2}
            />
          )}
          <ColumnLabels
            labels={columns}
            axis={columnAxis}
            geometry={geometry}
            lit={active?.column ?? null}
          />
          <HeatmapLegend quantity={quantity} bound={bound} geometry={geometry} room={width} />
          <g ref={sticky} data-sticky="">
            <RowLabels labels={rows} axis={rowAxis} geometry={geometry} lit={lit} />
          </g>
        </svg>
      </div>
      <p className="chart-readout" aria-hidden="true">
        {active ? read(active) : 'Point at a cell, or go from cell to cell with the arrow keys.'}
      </p>
    </>
  );

  function read({ row, column }: Cell): string {
    const value = values[row]?.[column] ?? Number.NaN;
    const shown = Number.isFinite(value) ? formatNumber(value, 3) : 'not available';
    return `${rows[row]}, ${columns[column]}: ${quantity} ${shown}`;
  }
}

function isKeyboardFocus(element: Element): boolean {
  return element.matches(':focus-visible');
}

/** The cell that a key leads to from `from`; the first arrow enters at the top left. */
function neighbour(key: string, from: Cell | null, rows: number, columns: number): Cell | null {
  const steps: Record<string, readonly [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    Home: [0, -columns],
    End: [0, columns],
    PageUp: [-rows, 0],
    PageDown: [rows, 0],
  };
  const step = steps[key];
  if (!step) return null;
  if (!from) return { row: 0, column: 0 };
  return {
    row: Math.max(0, Math.min(rows - 1, from.row + step[0])),
    column: Math.max(0, Math.min(columns - 1, from.column + step[1])),
  };
}
