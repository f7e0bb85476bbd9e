import { flowLegend, legendText } from './legend-layout';
import { RoundSample, roundItems } from './rounds-legend';

const shapes = {
  run: <path d="M8 3v12" stroke="var(--ink)" strokeOpacity={0.4} />,
  half: <rect y={7} width={16} height={4} fill="var(--prior)" fillOpacity={0.55} />,
  prior: <path d="M8 4l5 5l-5 5l-5 -5z" fill="var(--prior)" />,
  human: <rect x={4.5} y={5.5} width={7} height={7} fill="var(--human)" />,
  optimum: <circle cx={8} cy={9} r={4.5} fill="var(--accent)" />,
};

interface Item {
  /** A number is a round, as a mark. */
  readonly shape: keyof typeof shapes | number;
  readonly label: string;
}

/**
 * What the legend of a strip plot names.
 *
 * @param rounds those that occur, ascending
 */
export function stripItems(
  { human, optimum }: { readonly human: boolean; readonly optimum: boolean },
  rounds: readonly number[],
): Item[] {
  const [first, ...later] = roundItems(rounds);
  return [
    { shape: first?.round ? first.round : 'run', label: first?.label ?? 'a run' },
    ...later.map(({ round, label }) => ({ shape: round, label })),
    { shape: 'half', label: 'middle half' },
    { shape: 'prior', label: 'prior' },
    ...(human ? [{ shape: 'human' as const, label: 'human' }] : []),
    ...(optimum ? [{ shape: 'optimum' as const, label: 'optimum' }] : []),
  ];
}

/** The marks of a strip plot as they look in it. */
export function StripLegend({ items, width }: { items: readonly Item[]; width: number }) {
  const { places } = flowLegend(
    items.map(({ label }) => label),
    width,
  );
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {items.map(({ shape, label }, index) => (
        <g key={shape} transform={`translate(${places[index].x} ${places[index].y})`}>
          {typeof shape === 'number' ? <RoundSample round={shape} /> : shapes[shape]}
          <text x={legendText} y={13}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}
