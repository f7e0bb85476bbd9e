'use client';

/**
 * The base of charts with two axes: container, axes (plain SVG on the server, recharts in the
 * browser), and width observation.
 */
import {
  type PointerEventHandler,
  type ReactNode,
  type RefObject,
  Suspense,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { lazyPart } from '../ui/lazy-part';
import {
  fittedTitles,
  labelSize,
  type PlotFrame,
  type PlotScales,
  plotScales,
} from './plot-geometry';
import { type PlotLevel, type PlotParts, type PlotSeries, StaticSeries } from './plot-series';

/** A plot sized to its container. */
interface SizedPlot {
  readonly ref: RefObject<HTMLDivElement | null>;
  /** Pixels. */
  readonly width: number;
  readonly frame: PlotFrame;
  readonly scales: PlotScales;
}

/**
 * Observes the width of a plot and lays its axes out in it. The calling component must draw a
 * `PlotBox` from its first render on.
 *
 * @param initialWidth width used until the real one is known, on the server too
 * @param frameOf the axes for a width in pixels; they are laid out again when the function changes
 */
export function usePlot(initialWidth: number, frameOf: (width: number) => PlotFrame): SizedPlot {
  const [ref, width] = useWidth(initialWidth);
  const frame = useMemo(() => frameOf(width), [frameOf, width]);
  const scales = useMemo(() => plotScales(frame), [frame]);
  return { ref, width, frame, scales };
}

const noSeries: readonly PlotSeries[] = [];
const noLevels: readonly PlotLevel[] = [];

/**
 * The container of a plot: its axes with lines, areas and marks on them, or a sentence while there are none.
 * A plot with series has a tooltip, by pointer and by the arrow keys.
 */
export function PlotBox({
  plot: { ref, frame },
  label,
  empty = null,
  over,
  series = noSeries,
  levels = noLevels,
  legend = false,
  under,
  children,
  ...pointer
}: {
  plot: SizedPlot;
  /** A description of the picture. */
  label: string;
  /** Shown instead of the drawing; null = there is something to draw. */
  empty?: string | null;
  /** Content drawn over the plot. */
  over?: ReactNode;
  /** The lines and areas. */
  series?: readonly PlotSeries[];
  /** Values to compare with. */
  levels?: readonly PlotLevel[];
  /** Whether the series are named above the plot, in the frame's top margin. */
  legend?: boolean;
  /** Marks below the series, as SVG positioned by the plot's scales. */
  under?: ReactNode;
  /** Marks above the series, likewise. */
  children?: ReactNode;
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
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles can have a name
    <div
      ref={ref}
      className="chart"
      role={series.length > 0 ? 'group' : 'img'}
      aria-label={label}
      style={{ height }}
      {...pointer}
    >
      <Plot frame={frame} series={series} levels={levels} legend={legend} under={under}>
        {children}
      </Plot>
      {over}
    </div>
  );
}

/** A plot as plain SVG, which a server can render: without tooltip and legend. */
export function StaticPlot({
  frame,
  series = noSeries,
  levels = noLevels,
  under,
  children,
}: PlotParts) {
  const { width, height, x, y } = frame;
  const area = plotScales(frame);
  const titles = fittedTitles(frame);
  return (
    <svg
      data-chart=""
      viewBox={`0 0 ${width} ${height}`}
      height={height}
      fontSize={labelSize}
      fill="var(--ink)"
      aria-hidden="true"
    >
      <g stroke="var(--line)">
        {x.ticks.map((tick) => (
          <line key={tick} x1={area.x(tick)} x2={area.x(tick)} y1={area.top} y2={area.bottom} />
        ))}
        {y.ticks.map((tick) => (
          <line key={tick} x1={area.left} x2={area.right} y1={area.y(tick)} y2={area.y(tick)} />
        ))}
      </g>
      <g fill="var(--ink-2)">
        {x.ticks.map((tick) => (
          <text key={tick} x={area.x(tick)} y={area.bottom + 16} textAnchor="middle">
            {x.format(tick)}
          </text>
        ))}
        <text x={(area.left + area.right) / 2} y={height - 4} textAnchor="middle">
          {titles.x}
        </text>
        {y.ticks.map((tick) => (
          <text key={tick} x={area.left - 8} y={area.y(tick) + 4} textAnchor="end">
            {y.format(tick)}
          </text>
        ))}
        {y.title !== '' && (
          <text
            transform={`translate(12 ${(area.top + area.bottom) / 2}) rotate(-90)`}
            textAnchor="middle"
          >
            {titles.y}
          </text>
        )}
      </g>
      {under}
      <StaticSeries series={series} levels={levels} scales={area} />
      {children}
    </svg>
  );
}

// When its chunk cannot be loaded, the plain drawing stays.
const RechartsPlot = lazyPart(() => import('./recharts-plot'), StaticPlot);

/**
 * The served page and the first render draw a plot as plain SVG; then recharts, which draws nothing on a
 * server and is too heavy for the first load, takes over the same picture in the same position.
 */
export function Plot(parts: PlotParts) {
  const isClient = useSyncExternalStore(neverChanges, inBrowser, onServer);
  const still = <StaticPlot {...parts} />;
  if (!isClient) return still;
  return (
    <Suspense fallback={still}>
      <RechartsPlot {...parts} />
    </Suspense>
  );
}

const neverChanges = () => () => {};
const inBrowser = () => true;
const onServer = () => false;

/** A placeholder of the same height for a chart that has nothing to draw. */
export function ChartBlank({ height, children }: { height: number; children: string }) {
  return (
    <p className="chart-blank" style={{ height }}>
      {children}
    </p>
  );
}

/**
 * The width of an element in CSS pixels, observed as it changes. The server and the first client
 * render use `initial`, so that the served page already has its charts.
 */
export function useWidth(initial: number): [RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const follow = () => {
      const measured = Math.floor(element.clientWidth);
      // A hidden element has no width; keep the last drawing until it is shown.
      if (measured > 0) setWidth(measured);
    };
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
