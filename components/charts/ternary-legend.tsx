import type { ReactNode } from 'react';
import { formatNumber } from '../../lib/format';
import { axisTitle } from './axis';
import { flowLegend, legendLine, legendText } from './legend-layout';
import { sequentialColor } from './sequential';

/** The better, the lighter. A thin line of the same colour closes the seams between triangles. */
export function bandFill(band: number, count: number, direction: 'lower' | 'higher') {
  const share = count < 2 ? 0.5 : band / (count - 1);
  const color = sequentialColor(direction === 'lower' ? 1 - share : share);
  return { fill: color, stroke: color, strokeWidth: 0.4 };
}

/** What the marks and the colours of a triangle mean: a drawing of its own, below it. */
export function TernaryLegend({
  levels,
  direction,
  quantity,
  unit,
  marks,
  width,
}: {
  /** Ends of the bands, ascending; fewer than two = nothing is predicted yet. */
  levels: readonly number[];
  direction: 'lower' | 'higher';
  quantity: string;
  unit: string;
  /** Further marks that are drawn. */
  marks: readonly ('prior' | 'optimum')[];
  /** Pixels. */
  width: number;
}) {
  const span = levels.length < 2 ? 0 : levels[levels.length - 1] - levels[0];
  const decimals = Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(Math.max(span, 1e-9)))));
  const bands = levels.slice(0, -1).map((level, band) => ({
    label: `${formatNumber(level, decimals)} to ${formatNumber(levels[band + 1], decimals)}`,
    sample: (
      <rect x={2} y={3} width={12} height={12} {...bandFill(band, levels.length - 1, direction)} />
    ),
  }));
  const all = [
    ...marks.map((name) => ({ label: name, sample: samples[name] })),
    { label: 'yours', sample: samples.yours },
    { label: 'a run', sample: samples.run },
  ];
  const first = flowLegend(
    all.map(({ label }) => label),
    width,
  );
  const second = flowLegend(
    bands.map(({ label }) => label),
    width,
  );
  const title = bands.length === 0 ? 0 : legendLine;
  return (
    <svg
      data-chart=""
      viewBox={`0 0 ${width} ${first.height + title + second.height}`}
      height={first.height + title + second.height}
      fontSize={12}
      fill="var(--ink-2)"
      aria-hidden="true"
    >
      <Items items={all} places={first.places} top={0} />
      {bands.length > 0 && <text y={first.height + 13}>predicted {axisTitle(quantity, unit)}</text>}
      <Items items={bands} places={second.places} top={first.height + title} />
    </svg>
  );
}

function Items({
  items,
  places,
  top,
}: {
  items: readonly { readonly label: string; readonly sample: ReactNode }[];
  places: readonly { readonly x: number; readonly y: number }[];
  top: number;
}) {
  return items.map(({ label, sample }, index) => (
    <g key={label} transform={`translate(${places[index].x} ${top + places[index].y})`}>
      {sample}
      <text x={legendText} y={13}>
        {label}
      </text>
    </g>
  ));
}

const samples = {
  optimum: <circle cx={8} cy={9} r={6} fill="var(--accent)" stroke="#ffffff" strokeWidth={2} />,
  prior: (
    <rect x={3} y={4} width={10} height={10} fill="var(--prior)" stroke="#ffffff" strokeWidth={2} />
  ),
  yours: <circle cx={8} cy={9} r={6} fill="var(--yours)" stroke="#ffffff" strokeWidth={2} />,
  run: <circle cx={8} cy={9} r={3} fill="var(--ink)" fillOpacity={0.7} />,
} as const;
