'use client';

import { formatNumber } from '../../lib/model/format';
import type { RecordedVerification } from '../../lib/verify/results';
import { ChartFrame } from '../charts/chart-frame';
import { OptimumMark, PriorMark } from '../charts/marks';
import { PlotBox, usePlot } from '../charts/plot-box';
import { axisTitle, linearAxis, paddedDomain, tickCount } from '../charts/plot-geometry';

const height = 220;
const initialWidth = 400;
const rowTop = 48;
const rowBottom = 140;

/** Losses of larger models trained on the optimum and on the prior: a line is a seed. */
export function RecordedChart({
  recorded,
  target,
}: {
  recorded: RecordedVerification;
  /** Display name of the target. */
  target: string;
}) {
  const seedsOf = (candidate: string) =>
    new Map(Object.entries(recorded.candidates.find(({ id }) => id === candidate)?.losses ?? {}));
  const optimum = seedsOf('optimum');
  const prior = seedsOf('prior');
  const seeds = [...optimum.keys()].filter((seed) => prior.has(seed));
  const rows = seeds.map((seed) => [optimum.get(seed) ?? NaN, prior.get(seed) ?? NaN] as const);
  const against = recorded.comparisons.find(({ other }) => other === 'prior');
  const plot = usePlot(initialWidth, (width) => {
    const x = linearAxis(
      paddedDomain(rows.flat(), 0.1),
      tickCount(width, 60),
      axisTitle(target, recorded.unit, 'lower'),
    );
    return {
      width,
      height,
      margin: { top: 12, right: 16, bottom: 42, left: 72 },
      x,
      y: { domain: [0, 1], ticks: [], title: '', format: String },
    };
  });
  const { scales } = plot;
  const mean = (column: 0 | 1) =>
    rows.reduce((sum, row) => sum + row[column], 0) / Math.max(1, rows.length);
  const size = recorded.parameters.toLocaleString('en');
  const times = formatNumber(recorded.parameters / recorded.proxyParameters, 0);
  return (
    <ChartFrame
      title={`And it wins at ${times}× the size`}
      note={`Trained on optimum and prior: ${size} parameters, ${recorded.seeds} seeds.`}
      fileName="regmix-verified"
      how={recorded.verdict}
      data={{
        columns: [
          { key: 'seed', label: 'seed' },
          { key: 'optimum', label: 'optimum', unit: recorded.unit, numeric: true },
          { key: 'prior', label: 'prior', unit: recorded.unit, numeric: true },
        ],
        rows: () => seeds.map((seed, row) => [seed, ...rows[row]]),
      }}
    >
      <PlotBox plot={plot} label={recorded.verdict}>
        {rows.map(([best, usual], row) => (
          <g key={seeds[row]}>
            <line
              x1={scales.x(best)}
              y1={rowTop}
              x2={scales.x(usual)}
              y2={rowBottom}
              stroke="var(--line)"
            />
            <OptimumMark x={scales.x(best)} y={rowTop} />
            <PriorMark x={scales.x(usual)} y={rowBottom} size={8} />
          </g>
        ))}
        <text fill="var(--ink)" x={0} y={rowTop + 4} fontWeight={650}>
          optimum
        </text>
        <text fill="var(--ink)" x={0} y={rowBottom + 4}>
          prior
        </text>
        <text
          fill="var(--ink)"
          x={scales.x(mean(0))}
          y={rowTop - 12}
          textAnchor="middle"
          fontWeight={650}
        >
          {formatNumber(mean(0), 3)}
        </text>
        <text fill="var(--ink)" x={scales.x(mean(1))} y={rowBottom + 24} textAnchor="middle">
          {formatNumber(mean(1), 3)}
        </text>
        {against && (
          <text
            fill="var(--ink)"
            x={(scales.x(mean(0)) + scales.x(mean(1))) / 2}
            y={(rowTop + rowBottom) / 2 + 4}
            textAnchor="middle"
            fontWeight={650}
          >
            −{formatNumber(against.mean, 3)} ± {formatNumber(against.half, 3)}
          </text>
        )}
      </PlotBox>
    </ChartFrame>
  );
}
