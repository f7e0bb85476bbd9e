'use client';

import { type PointerEventHandler, type ReactNode, type RefObject, useMemo } from 'react';
import { ChartBlank } from './chart-blank';
import { Plot } from './plot';
import { type PlotFrame, type PlotScales, plotScales } from './plot-geometry';
import { useWidth } from './use-width';

/** A plot as large as its place on the page allows. */
interface SizedPlot {
  readonly ref: RefObject<HTMLDivElement | null>;
  /** Pixels. */
  readonly width: number;
  readonly frame: PlotFrame;
  readonly scales: PlotScales;
}

/**
 * Follows the width that a plot has, and lays its axes out in it. The component that calls it draws a `PlotBox`
 * from its first render on.
 *
 * @param initialWidth drawn at until the width is known, on the server too
 * @param frameOf the axes in so many pixels; they are laid out anew when it is another function
 */
export function usePlot(initialWidth: number, frameOf: (width: number) => PlotFrame): SizedPlot {
  const [ref, width] = useWidth(initialWidth);
  const frame = useMemo(() => frameOf(width), [frameOf, width]);
  const scales = useMemo(() => plotScales(frame), [frame]);
  return { ref, width, frame, scales };
}

/** The place of a plot on the page: its axes with marks on them, or a sentence while there are none. */
export function PlotBox({
  plot: { ref, frame },
  label,
  empty = null,
  over,
  children,
  ...pointer
}: {
  plot: SizedPlot;
  /** The picture in words. */
  label: string;
  /** Stands for the drawing; null = there is something to draw. */
  empty?: string | null;
  /** What lies over the drawing. */
  over?: ReactNode;
  /** The marks, as SVG placed by the plot's scales. */
  children: ReactNode;
  onPointerMove?: PointerEventHandler<HTMLDivElement>;
  onPointerLeave?: PointerEventHandler<HTMLDivElement>;
  onPointerUp?: PointerEventHandler<HTMLDivElement>;
}) {
  const { height } = frame;
  if (empty !== null) {
    return (
      <div ref={ref} className="chart">
        <ChartBlank height={height}>{empty}</ChartBlank>
      </div>
    );
  }
  return (
    <div ref={ref} className="chart" role="img" aria-label={label} style={{ height }} {...pointer}>
      <Plot frame={frame}>{children}</Plot>
      {over}
    </div>
  );
}
