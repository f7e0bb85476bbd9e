import { memo, useId } from 'react';
import type { PlotScales } from './plot-geometry';
import { roundMark, tenth } from './rounds';
import type { ScatterPoint } from './scatter-chart';
import { textWidth } from './text-fit';

/** Band and identity first, points over them, the ring of the picked run last. */
export function ScatterMarks({
  points,
  scales,
  domain,
  band,
  bandText,
  picked,
  near,
}: {
  points: readonly ScatterPoint[];
  scales: PlotScales;
  domain: readonly [number, number];
  band: number;
  bandText: string;
  /** Ids of runs. */
  picked: string | null;
  near: string | null;
}) {
  const clip = useId();
  const { x, y, left, right, top, bottom } = scales;
  const [low, high] = domain;
  const ringed = points.filter(({ id }) => id === picked || id === near);
  const corners = [
    [low, low - band],
    [high, high - band],
    [high, high + band],
    [low, low + band],
  ];
  return (
    <>
      <clipPath id={clip}>
        <rect x={left} y={top} width={right - left} height={bottom - top} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        {band > 0 && (
          <polygon
            points={corners.map((corner) => `${x(corner[0])},${y(corner[1])}`).join(' ')}
            fill="var(--accent-soft)"
          />
        )}
        <line x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} stroke="var(--accent)" />
        <Points points={points} scales={scales} />
      </g>
      {bandText !== '' && textWidth(bandText, 12) < right - left - 8 && (
        <text x={right - 4} y={bottom - 8} textAnchor="end" fontSize={12} fill="var(--accent)">
          {bandText}
        </text>
      )}
      {ringed.map((point) => (
        <circle
          key={point.id}
          cx={x(point.predicted)}
          cy={y(point.measured)}
          r={point.id === picked ? 6 : 5}
          fill="var(--accent)"
          stroke={point.id === picked ? 'var(--ink)' : 'var(--paper)'}
          strokeWidth={2}
        />
      ))}
    </>
  );
}

/**
 * Points of one kind together: runs outside of the brush faint below all others, later rounds with
 * their own mark above the first. Kept apart, so that following the pointer does not draw 1,500
 * points again.
 */
const Points = memo(function Points({
  points,
  scales,
}: {
  points: readonly ScatterPoint[];
  scales: PlotScales;
}) {
  const many = points.length > 600;
  const radius = many ? 2.2 : 2.8;
  const dimmed = points.filter((point) => point.dimmed);
  const clear = points.filter((point) => !point.dimmed);
  return (
    <>
      <g data-points="dimmed" fill={roundMark(0).color} fillOpacity={0.13}>
        {dimmed.map((point) => (
          <Point key={point.id} point={point} scales={scales} radius={radius} />
        ))}
      </g>
      <g data-points="clear" fill={roundMark(0).color} fillOpacity={many ? 0.4 : 0.6}>
        {[...clear]
          .sort((a, b) => (a.round ?? 0) - (b.round ?? 0))
          .map((point) => (
            <Point key={point.id} point={point} scales={scales} radius={radius} />
          ))}
      </g>
    </>
  );
});

function Point({
  point,
  scales,
  radius,
}: {
  point: ScatterPoint;
  scales: PlotScales;
  radius: number;
}) {
  const x = tenth(scales.x(point.predicted));
  const y = tenth(scales.y(point.measured));
  const round = point.round ?? 0;
  const { color, shape } = roundMark(round);
  return round === 0 ? (
    <circle cx={x} cy={y} r={radius} />
  ) : (
    <path d={shape(x, y, radius + 0.6)} fill={color} />
  );
}
