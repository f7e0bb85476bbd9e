'use client';

/**
 * Heatmaps: interaction by pointer and arrow keys first, then cells (as SVG or, for many, as an
 * image), labels and legend. The layout is in heatmap-geometry.ts.
 */
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatNumber } from '../../lib/model/format';
import { ColorBar } from './color-bar';
import { channels, divergingColor, inkOn, themed } from './colors';
import {
  cellAt,
  type HeatmapGeometry,
  heatmapGeometry,
  legendWidth,
  symmetricBound,
} from './heatmap-geometry';
import { useWidth } from './plot-box';
import { rowAt } from './row-height';
import { shorten } from './text-fit';

const initialWidth = 560;
/** Height of the line below the picture, in pixels. */
const readoutHeight = 22;

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A placeholder of the same height for a heatmap that has no values yet. */
export function HeatmapBlank({
  rows,
  columns,
  rowAxis,
  children,
}: {
  /** Labels that the heatmap will have. */
  rows: readonly string[];
  columns: readonly string[];
  rowAxis: string;
  children: ReactNode;
}) {
  const [ref, width] = useWidth(initialWidth);
  const { height } = heatmapGeometry(rows, columns, width, rowAxis);
  return (
    <div ref={ref} className="chart">
      <div className="chart-blank" style={{ height: height + readoutHeight }}>
        {children}
      </div>
    </div>
  );
}

/**
 * Signed values as a coloured table, blue below zero and orange above. The cell under the pointer
 * or the arrow keys is described below the picture. Screen readers get a grid with one cell at a
 * time, so that 40,000 cells cost no more than 40.
 */
export function Heatmap({
  rows,
  columns,
  values,
  quantity,
  rowAxis,
  columnAxis,
  isOutlined,
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
  /** What a row and a column represent, in the singular: `domain`, `target`. */
  rowAxis: string;
  columnAxis: string;
  /** Whether a cell is set off: a target's own domain. */
  isOutlined?: (row: number, column: number) => boolean;
  /** Index of the highlighted row, where rows are domains. */
  hoveredRow?: number | null;
  onHoverRow?: (row: number | null) => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const sticky = useRef<SVGGElement>(null);
  const id = useId();
  const [chosen, setChosen] = useState<Cell | null>(null);
  const geometry = useMemo(
    () => heatmapGeometry(rows, columns, width, rowAxis),
    [rows, columns, width, rowAxis],
  );
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
    // The pointer is over the row labels, under which cells may have scrolled.
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
          {isOutlined &&
            rows.flatMap((_, row) =>
              columns.map(
                (__, column) =>
                  isOutlined(row, column) && (
                    <rect
                      // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                      key={`${row} ${column}`}
                      data-mark="own"
                      x={left + column * cellWidth}
                      y={top + row * cellHeight}
                      width={cellWidth - 1}
                      height={cellHeight - 1}
                      fill="none"
                      stroke="var(--ink)"
                      strokeWidth={1.5}
                      pointerEvents="none"
                    />
                  ),
              ),
            )}
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
    const shown = Number.isFinite(value) ? formatNumber(value, 3) : 'no data';
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

/**
 * Above this many cells they are painted as one image: that many SVG elements would freeze the
 * page.
 */
const maxElements = 3000;

/** Colours on each side of zero in an image: more than a screen can tell apart. */
const tones = 256;

interface BodyProps {
  /** One list per row; NaN = not available. */
  readonly values: readonly (readonly number[])[];
  readonly columns: number;
  /** Magnitude of the ends of the ramp. */
  readonly bound: number;
  readonly geometry: HeatmapGeometry;
}

/** The cells; those without a value are hatched. */
const HeatmapBody = memo(function HeatmapBody(props: BodyProps) {
  const { values, columns, geometry } = props;
  const hatch = useId();
  const Cells = values.length * columns > maxElements ? PaintedCells : DrawnCells;
  return (
    <>
      <pattern
        id={hatch}
        width={5}
        height={5}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width={1} height={5} fill="var(--ink-2)" fillOpacity={0.5} />
      </pattern>
      <Cells {...props} hatch={`url(#${hatch})`} />
      {values.some((row) => row.some((value) => !Number.isFinite(value))) && (
        <g data-legend="no data">
          <rect
            x={geometry.left + geometry.noDataAt}
            y={3}
            width={16}
            height={10}
            fill={`url(#${hatch})`}
            stroke="var(--line)"
          />
          <text x={geometry.left + geometry.noDataAt + 22} y={12} fill="var(--ink-2)">
            no data
          </text>
        </g>
      )}
    </>
  );
});

interface CellsProps extends BodyProps {
  /** Fill of cells without a value. */
  readonly hatch: string;
}

function DrawnCells({ values, bound, geometry, hatch }: CellsProps) {
  const { left, top, cellWidth, cellHeight, numbers, fontSize } = geometry;
  const gap = cellWidth >= 16 ? 1 : 0;
  return values.map((row, rowIndex) =>
    row.map((value, column) => {
      const available = Number.isFinite(value);
      const color = divergingColor(available ? value / bound : 0);
      const x = left + column * cellWidth;
      const y = top + rowIndex * cellHeight;
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
        <g key={`${rowIndex} ${column}`}>
          <rect
            x={x}
            y={y}
            width={cellWidth - gap}
            height={cellHeight - gap}
            fill={available ? themed(color) : hatch}
          />
          {numbers && available && (
            <text
              x={x + cellWidth / 2}
              y={y + cellHeight / 2 + fontSize * 0.34}
              textAnchor="middle"
              fontSize={fontSize - 1}
              fill={themed(inkOn(color))}
            >
              {formatNumber(value, 2)}
            </text>
          )}
          {!available && cellWidth >= 52 && (
            <text
              x={x + cellWidth / 2}
              y={y + cellHeight / 2 + fontSize * 0.34}
              textAnchor="middle"
              fontSize={fontSize - 1}
              fill="var(--ink-2)"
              stroke="var(--paper)"
              strokeWidth={3}
              paintOrder="stroke"
            >
              no data
            </text>
          )}
        </g>
      );
    }),
  );
}

/** One pixel a cell, scaled up without smoothing; painted for both themes, of which one is shown. */
function PaintedCells({ values, columns, bound, geometry, hatch }: CellsProps) {
  const [images, setImages] = useState<{ light: string; dark: string } | null>(null);
  useEffect(() => {
    setImages({
      light: paint(values, columns, bound, 'light'),
      dark: paint(values, columns, bound, 'dark'),
    });
  }, [values, columns, bound]);
  const place = {
    x: geometry.left,
    y: geometry.top,
    width: columns * geometry.cellWidth,
    height: values.length * geometry.cellHeight,
  };
  const pixels = {
    preserveAspectRatio: 'none',
    style: { imageRendering: 'pixelated' as const },
  };
  return (
    <>
      <rect {...place} fill={hatch} />
      {images && (
        <>
          <image href={images.light} className="only-light" {...place} {...pixels} />
          <image href={images.dark} className="only-dark" {...place} {...pixels} />
        </>
      )}
    </>
  );
}

function paint(
  values: readonly (readonly number[])[],
  columns: number,
  bound: number,
  theme: 'light' | 'dark',
): string {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = values.length;
  const context = canvas.getContext('2d');
  if (!context) return '';
  const colors = Array.from({ length: 2 * tones + 1 }, (_, tone) =>
    channels(divergingColor(tone / tones - 1)[theme]),
  );
  const pixels = context.createImageData(columns, values.length);
  values.forEach((row, rowIndex) => {
    row.forEach((value, column) => {
      if (!Number.isFinite(value)) return;
      const share = Math.max(-1, Math.min(1, value / bound));
      const [red, green, blue] = colors[Math.round((share + 1) * tones)];
      pixels.data.set([red, green, blue, 255], (rowIndex * columns + column) * 4);
    });
  });
  context.putImageData(pixels, 0, 0);
  return canvas.toDataURL('image/png');
}

interface LabelProps {
  readonly labels: readonly string[];
  /** What the labels name: `domain`. */
  readonly axis: string;
  readonly geometry: HeatmapGeometry;
  /** Index of the highlighted label. */
  readonly lit: number | null;
}

/** Row labels on an opaque background, because cells may scroll below them. */
const RowLabels = memo(function RowLabels({ labels, axis, geometry, lit }: LabelProps) {
  const { left, top, cellHeight, fontSize } = geometry;
  return (
    <>
      <rect
        width={left - 2}
        y={top - 18}
        height={labels.length * cellHeight + 18}
        fill="var(--paper)"
      />
      <text y={top - 6} fill="var(--ink-2)">
        {axis}
      </text>
      {labels.map((label, row) => (
        <text
          key={label}
          y={top + (row + 0.5) * cellHeight + fontSize * 0.36}
          fontWeight={row === lit ? 650 : undefined}
        >
          {shorten(label, fontSize, left - 8)}
          <title>{label}</title>
        </text>
      ))}
    </>
  );
});

/** Column labels, vertical where a column is narrower than its label. */
const ColumnLabels = memo(function ColumnLabels({ labels, axis, geometry, lit }: LabelProps) {
  const { left, top, cellWidth, fontSize, upright, columnRoom } = geometry;
  return (
    <>
      <text x={left} y={12} fill="var(--ink-2)">
        {axis}
      </text>
      {labels.map((label, column) => {
        const center = left + (column + 0.5) * cellWidth;
        const place = upright
          ? { transform: `translate(${center + fontSize * 0.36} ${top - 5}) rotate(-90)` }
          : { x: center, y: top - 6, textAnchor: 'middle' as const };
        return (
          <text key={label} {...place} fontWeight={column === lit ? 650 : undefined}>
            {shorten(label, fontSize, columnRoom)}
            <title>{label}</title>
          </text>
        );
      })}
    </>
  );
});

const steps = 41;

/** The ramp with its ends and zero in numbers. */
const HeatmapLegend = memo(function HeatmapLegend({
  quantity,
  bound,
  geometry,
  room,
}: {
  quantity: string;
  bound: number;
  geometry: HeatmapGeometry;
  /** Width of the figure on screen. */
  room: number;
}) {
  const { left, legendTop } = geometry;
  const decimals = bound < 10 ? 1 : 0;
  const stretches = Array.from({ length: steps }, (_, step) => ({
    from: step / steps,
    to: (step + 1) / steps,
    color: themed(divergingColor((2 * step) / (steps - 1) - 1)),
  }));
  return (
    <ColorBar
      x={left}
      y={legendTop}
      length={legendWidth(room - left)}
      stretches={stretches}
      ticks={[
        { at: 0, label: formatNumber(-bound, decimals) },
        { at: 0.5, label: '0' },
        { at: 1, label: formatNumber(bound, decimals) },
      ]}
      title={quantity}
    />
  );
});
