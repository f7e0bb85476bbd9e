import { textWidth } from './text-fit';

const shapes = {
  run: <path d="M5 2v12" stroke="var(--ink)" strokeOpacity={0.4} />,
  half: <rect y={6} width={14} height={4} fill="var(--prior)" fillOpacity={0.55} />,
  prior: <path d="M5 3l5 5l-5 5l-5 -5z" fill="var(--prior)" />,
  human: <rect x={1.5} y={4.5} width={7} height={7} fill="var(--human)" />,
  optimum: <circle cx={5} cy={8} r={4.5} fill="var(--accent)" />,
};

/** The marks of a strip plot as they look in it. */
export function StripLegend({ human }: { human: boolean }) {
  const items: { shape: keyof typeof shapes; label: string }[] = [
    { shape: 'run', label: 'a run' },
    { shape: 'half', label: 'middle half' },
    { shape: 'prior', label: 'prior' },
    ...(human ? [{ shape: 'human' as const, label: 'human' }] : []),
    { shape: 'optimum', label: 'optimum' },
  ];
  let x = 0;
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {items.map(({ shape, label }) => {
        const left = x;
        x += 18 + textWidth(label, 12) + 12;
        return (
          <g key={shape} transform={`translate(${left} 0)`}>
            {shapes[shape]}
            <text x={18} y={12}>
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
}
