'use client';

import { memo, useEffect, useId, useState } from 'react';
import { formatNumber } from '../../lib/format';
import { channels, divergingColor, inkOn, themed } from './colors';
import type { HeatmapGeometry } from './heatmap-geometry';

/** Above this many cells they are painted as one image: so many SVG elements would stall the page. */
const mostElements = 3000;

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

/** The cells; what is not available is hatched. */
export const HeatmapBody = memo(function HeatmapBody(props: BodyProps) {
  const { values, columns } = props;
  const hatch = useId();
  const Cells = values.length * columns > mostElements ? PaintedCells : DrawnCells;
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
    </>
  );
});

interface CellsProps extends BodyProps {
  /** Fill of what is not available. */
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
