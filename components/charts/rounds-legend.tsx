import { flowLegend, legendText } from './legend-layout';
import { roundMark } from './rounds';

/** More rounds than this are named together. */
const mostNamed = 8;

interface Item {
  readonly round: number;
  readonly label: string;
}

/** What a legend says of the rounds that occur; nothing when there is only one. */
export function roundItems(rounds: readonly number[]): Item[] {
  if (rounds.length < 2) return [];
  const named = rounds.slice(0, mostNamed).map((round) => ({ round, label: `round ${round}` }));
  const rest = rounds.length - mostNamed;
  if (rest > 0) {
    const last = named[named.length - 1];
    named[named.length - 1] = { ...last, label: `${last.label} and ${rest} later` };
  }
  return named;
}

/** Pixels that the legend of rounds takes above a chart `width` pixels wide. */
export function roundsLegendHeight(rounds: readonly number[], width: number): number {
  return flowLegend(labelsOf(rounds), width).height;
}

/** The marks of the rounds as they look in the chart. */
export function RoundsLegend({ rounds, width }: { rounds: readonly number[]; width: number }) {
  const items = roundItems(rounds);
  const { places } = flowLegend(labelsOf(rounds), width);
  return (
    <g fontSize={12} fill="var(--ink-2)">
      {items.map(({ round, label }, index) => (
        <g key={round} transform={`translate(${places[index].x} ${places[index].y})`}>
          <RoundSample round={round} />
          <text x={legendText} y={13}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

/** A round's mark in the place of a legend's sample. */
export function RoundSample({ round }: { round: number }) {
  const { color, shape } = roundMark(round);
  return <path d={shape(8, 9, 4)} fill={color} />;
}

function labelsOf(rounds: readonly number[]): string[] {
  return roundItems(rounds).map(({ label }) => label);
}
