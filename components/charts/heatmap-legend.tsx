import { memo } from 'react';
import { formatNumber } from '../../lib/format';
import { divergingColor, themed } from './colors';
import { type HeatmapGeometry, legendWidth } from './heatmap-geometry';

const steps = 41;
const barHeight = 8;

/** The ramp with its ends and zero in numbers. */
export const HeatmapLegend = memo(function HeatmapLegend({
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
  const length = legendWidth(room - left);
  const decimals = bound < 10 ? 1 : 0;
  const ends = [
    { value: -bound, anchor: 'start' as const },
    { value: 0, anchor: 'middle' as const },
    { value: bound, anchor: 'end' as const },
  ];
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {Array.from({ length: steps }, (_, step) => (2 * step) / (steps - 1) - 1).map((share) => (
        <rect
          key={share}
          x={left + ((share + 1) / 2) * (length - length / steps)}
          y={legendTop}
          width={length / steps + 0.5}
          height={barHeight}
          fill={themed(divergingColor(share))}
        />
      ))}
      <rect
        x={left}
        y={legendTop}
        width={length}
        height={barHeight}
        fill="none"
        stroke="var(--line)"
      />
      {ends.map(({ value, anchor }) => (
        <text
          key={value}
          x={left + ((value / bound + 1) / 2) * length}
          y={legendTop + barHeight + 13}
          textAnchor={anchor}
        >
          {value === 0 ? '0' : formatNumber(value, decimals)}
        </text>
      ))}
      <text x={left} y={legendTop + barHeight + 29}>
        {quantity}
      </text>
    </g>
  );
});
