import type { ReactNode } from 'react';
import { labelSize, type PlotFrame, plotScales } from './plot-geometry';

/** The axes of a plot as plain SVG: what a server can draw. */
export function StaticPlot({ frame, children }: { frame: PlotFrame; children: ReactNode }) {
  const { width, height, x, y } = frame;
  const area = plotScales(frame);
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
          {x.title}
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
            {y.title}
          </text>
        )}
      </g>
      {children}
    </svg>
  );
}
