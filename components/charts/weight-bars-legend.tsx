import { legendText } from './legend-layout';
import type { LegendItem } from './weight-bars-geometry';
import { diamond, seriesFill } from './weight-bars-row';

/** The legend row: every series and mark as it looks in the chart. */
export function WeightLegend({ items, hatch }: { items: readonly LegendItem[]; hatch: string }) {
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {items.map((item) => (
        <g key={item.mark} transform={`translate(${item.x} ${item.y})`}>
          <Sample mark={item.mark} hatch={hatch} />
          <text x={legendText} y={13}>
            {item.label}
          </text>
        </g>
      ))}
    </g>
  );
}

function Sample({ mark, hatch }: { mark: LegendItem['mark']; hatch: string }) {
  switch (mark) {
    case 'optimum':
      return <rect y={4} width={16} height={10} fill={seriesFill(mark)} />;
    case 'prior':
    case 'human':
    case 'yours':
      return <rect y={7.5} width={16} height={3} fill={seriesFill(mark)} />;
    case 'whisker':
      return <path d="M1 6v6M1 9h14M15 6v6" fill="none" stroke="var(--ink)" />;
    case 'truth':
      return <path d={diamond(8, 9)} fill="var(--ink)" />;
    case 'cap':
      return <line x1={8} x2={8} y1={2} y2={16} stroke="var(--ink-2)" />;
    case 'floor':
      return <path d="M11 3h-3v12h3" fill="none" stroke="var(--ink-2)" />;
    case 'binding':
      return (
        <>
          <line x1={5} x2={5} y1={2} y2={16} stroke="var(--binding)" strokeWidth={1.5} />
          <rect x={5} y={2} width={7} height={14} fill={`url(#${hatch})`} />
        </>
      );
  }
}
