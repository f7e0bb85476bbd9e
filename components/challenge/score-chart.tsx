'use client';

import { useCallback } from 'react';
import type { Standing } from '../../lib/challenge/standings';
import { trainingOf } from '../../lib/challenge/trained';
import { formatNumber } from '../../lib/model/format';
import { ChartFrame } from '../charts/chart-frame';
import { PlotBox, usePlot } from '../charts/plot-box';
import {
  type Axis,
  axisTitle,
  linearAxis,
  type PlotFrame,
  paddedDomain,
  tickCount,
} from '../charts/plot-geometry';
import { rowHeightFor } from '../charts/row-height';
import { firstThatFits, shorten, widestText } from '../charts/text-fit';
import { useChallenge, useSession, useView } from '../shell/stores';
import type { ScoredTarget } from './use-scoring';

const initialWidth = 720;
const fontSize = 12;
const margin = { top: 6, right: 16, bottom: 42 };
const colors: Readonly<Record<Standing['kind'], string>> = {
  attempt: 'var(--yours)',
  prior: 'var(--prior)',
  human: 'var(--human)',
  uniform: 'var(--ink)',
  run: 'var(--ink-2)',
  optimum: 'var(--accent)',
};

/**
 * Predictions for the leaderboard's mixtures on its first target: dots on their prediction
 * intervals.
 */
export function ScoreChart({
  standings,
  target,
}: {
  standings: readonly Standing[];
  target: ScoredTarget;
}) {
  const { study } = useSession();
  const band = useView((state) => state.band);
  const trained = useChallenge((state) => state.trained);
  const rowHeight = rowHeightFor(standings.length);
  const height = margin.top + standings.length * rowHeight + margin.bottom;
  const plot = usePlot(
    initialWidth,
    useCallback((width) => frameOf(standings, target, width, height), [standings, target, height]),
  );
  const { scales } = plot;
  const best = standings.find(({ kind }) => kind === 'optimum');
  return (
    <ChartFrame
      title={`Predicted ${target.name}, best first`}
      fileName={`regmix-leaderboard-${target.id}`}
      how={`Every mixture is predicted by the fits behind the optimum. Lines are the ${band}% band of unseen runs; mixtures far from every run may miss by more. Hollow dots break limits.`}
      data={{
        columns: [
          { key: 'rank', label: 'rank', numeric: true },
          { key: 'name', label: 'mixture' },
          { key: 'predicted', label: `predicted ${target.name}`, unit: target.unit, numeric: true },
          { key: 'half', label: `± ${band}%`, numeric: true },
          { key: 'trained', label: 'trained', unit: 'bits per byte', numeric: true },
          { key: 'limits', label: 'within limits' },
          ...study.domains.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
        ],
        rows: () =>
          standings.map(({ rank, name, predictions, weights, broken }) => [
            rank,
            name,
            predictions[0],
            target.halfAt(predictions[0]),
            trainingOf(weights, trained)?.losses.get(target.id) ?? null,
            broken.length === 0 ? 'yes' : 'no',
            ...weights,
          ]),
      }}
    >
      <PlotBox
        plot={plot}
        label={`Predicted ${target.name}: ${standings
          .slice(0, 5)
          .map(({ name, predictions }) => `${name} ${formatNumber(predictions[0], 3)}`)
          .join(', ')}.`}
      >
        {best && (
          <line
            x1={scales.x(best.predictions[0])}
            x2={scales.x(best.predictions[0])}
            y1={scales.top}
            y2={scales.bottom}
            stroke="var(--accent)"
            strokeDasharray="3 3"
          />
        )}
        {standings.map(({ key, kind, name, predictions, broken }, row) => {
          const y = scales.top + (row + 0.5) * rowHeight;
          const x = scales.x(predictions[0]);
          const color = colors[kind];
          const [low, high] = interval(target, predictions[0]);
          return (
            <g key={key} data-series={kind}>
              <text y={y} dominantBaseline="central" fontSize={fontSize} fill="var(--ink)">
                {shorten(name, fontSize, scales.left - 12)}
                <title>{name}</title>
              </text>
              <path
                d={`M${scales.x(low)} ${y}H${scales.x(high)}`}
                stroke={color}
                strokeWidth={2}
                strokeOpacity={0.6}
              />
              <circle
                cx={x}
                cy={y}
                r={kind === 'optimum' || kind === 'attempt' ? 5 : 4}
                fill={broken.length > 0 ? 'var(--paper)' : color}
                stroke={color}
                strokeWidth={2}
              />
            </g>
          );
        })}
      </PlotBox>
    </ChartFrame>
  );
}

/** The band round a prediction; without one, the prediction alone. */
function interval({ halfAt }: ScoredTarget, predicted: number): readonly [number, number] {
  const half = halfAt(predicted);
  return Number.isFinite(half) ? [predicted - half, predicted + half] : [predicted, predicted];
}

function frameOf(
  standings: readonly Standing[],
  target: ScoredTarget,
  width: number,
  height: number,
): PlotFrame {
  const names = standings.map(({ name }) => name);
  const left = Math.ceil(Math.min(widestText(names, fontSize), width * 0.4)) + 12;
  const ends = standings.flatMap(({ predictions: [first] }) => interval(target, first));
  const title = firstThatFits(
    [
      `predicted ${axisTitle(target.name, target.unit, target.direction)}`,
      axisTitle('predicted', target.unit, target.direction),
      axisTitle('predicted', target.unit),
    ],
    fontSize,
    width - left,
  );
  const x = linearAxis(paddedDomain(ends, 0.04), tickCount(width - left, 40), title);
  const y: Axis = { domain: [0, 1], ticks: [], title: '', format: String };
  return { width, height, margin: { ...margin, left }, x, y };
}
