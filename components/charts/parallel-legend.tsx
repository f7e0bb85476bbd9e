import { flowLegend, legendText } from './legend-layout';
import { mixtureShape, type ParallelMixture } from './parallel-overlay';
import { RoundSample, roundItems } from './rounds-legend';

/** Pixels that the legend takes above a chart `width` pixels wide. */
export function parallelLegendHeight(
  rounds: readonly number[],
  mixtures: readonly ParallelMixture[],
  width: number,
): number {
  return flowLegend(labelsOf(rounds, mixtures), width).height;
}

/** What a line is: a run, of which round, or a mixture. */
export function ParallelLegend({
  rounds,
  mixtures,
  width,
}: {
  rounds: readonly number[];
  mixtures: readonly ParallelMixture[];
  width: number;
}) {
  const items = roundItems(rounds);
  const labels = labelsOf(rounds, mixtures);
  const { places } = flowLegend(labels, width);
  const samples = [
    ...(items.length === 0
      ? [<path key="run" d="M0 13C5 13 9 5 16 5" fill="none" stroke="var(--ink)" />]
      : []),
    ...items.map(({ round }) => <RoundSample key={round} round={round} />),
    ...mixtures.map(({ name, color }, index) => (
      <g key={name}>
        <path d="M0 9h16" stroke={color} strokeWidth={2.5} />
        <path d={mixtureShape(index)(8, 9, 4)} fill={color} stroke="var(--paper)" />
      </g>
    )),
  ];
  return (
    <g fill="var(--ink-2)">
      {labels.map((label, index) => (
        <g key={label} transform={`translate(${places[index].x} ${places[index].y})`}>
          {samples[index]}
          <text x={legendText} y={13}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

function labelsOf(rounds: readonly number[], mixtures: readonly ParallelMixture[]): string[] {
  const named = roundItems(rounds).map(({ label }) => label);
  return [...(named.length > 0 ? named : ['a run']), ...mixtures.map(({ name }) => name)];
}
