'use client';

/** The chart of a schedule: stacked weights over training, with labels. */
import { useMemo } from 'react';
import { formatPercent } from '../../lib/model/format';
import type { ScheduleMoment } from '../../lib/schedule/optima';
import type { SchedulePhase } from '../../lib/schedule/schedule';
import { ChartFrame } from '../charts/chart-frame';
import { domainColors } from '../charts/domain-colors';
import { EndLabels, endLabelGap, markRoom } from '../charts/end-labels';
import { OptimumMark } from '../charts/marks';
import { PlotBox, usePlot } from '../charts/plot-box';
import { leftMargin, type PlotFrame, percentAxis } from '../charts/plot-geometry';
import type { SeriesPoint } from '../charts/plot-series';
import { textWidth } from '../charts/text-fit';
import { useHover, useOrderedDomains } from '../shell/hooks';
import { useSession } from '../shell/stores';

const height = 340;
const initialWidth = 720;
const labelSize = 12;
const lineHeight = 15;
/**
 * The weights of the optimum over training, stacked: constant up to a checkpoint, then changed at
 * once.
 */
export function ScheduleChart({
  schedule,
  moments,
  targetName,
}: {
  schedule: readonly SchedulePhase[];
  moments: readonly ScheduleMoment[];
  targetName: string;
}) {
  const { study } = useSession();
  const ordered = useOrderedDomains();
  const { hovered, onHover } = useHover(ordered);
  const layers = useMemo(() => layersOf(schedule, ordered), [schedule, ordered]);
  const names = ordered.map((domain) => study.domains[domain].name);
  const plot = usePlot(initialWidth, (width) => frameOf(names, width));
  const { scales } = plot;
  const colors = domainColors(study.prior.weights);
  const series = layers.map(({ domain, parts }, position) => ({
    kind: 'area' as const,
    name: names[position],
    color: colors[domain],
    opacity: hovered === null || hovered === position ? 1 : 0.6,
    isStepped: true,
    points: pointsOf(parts),
    // The tooltip has room for what weighs something.
    isQuiet: parts.every(({ low, high }) => high - low < leastRead),
    onHover: (isOver: boolean) => onHover(isOver ? position : null),
  }));
  const ends = layers.flatMap(({ domain, parts }, position) => {
    const { low, high } = parts[parts.length - 1];
    if (scales.y(low) - scales.y(high) < 2) return [];
    const y = scales.y((low + high) / 2);
    return [
      {
        key: study.domains[domain].id,
        x: scales.right,
        y,
        text: names[position],
        title: names[position],
        color: colors[domain],
        isStrong: position === hovered,
        // The last phase ends in the optimum of the whole training.
        mark: (left: number, top: number) => (
          <OptimumMark x={left} y={top} color={colors[domain]} />
        ),
        onHover: (isOver: boolean) => onHover(isOver ? position : null),
      },
    ];
  });
  const named = new Set(ends.map(({ key }) => key));
  return (
    <ChartFrame
      title={`The optimum for ${targetName} over training`}
      fileName="schedule"
      how="At every checkpoint the regression is fitted to the losses there, and the best mixture within the limits is found. Up to each checkpoint a model reads the mixture that was best there. Every phase meets the limits, so the whole training does."
      data={{
        columns: [
          { key: 'from', label: 'from', unit: 'share of the training', numeric: true },
          { key: 'to', label: 'to', unit: 'share of the training', numeric: true },
          { key: 'step', label: 'step of the proxies', numeric: true },
          { key: 'predicted', label: `predicted ${targetName}`, numeric: true },
          { key: 'rho', label: 'rho', numeric: true },
          ...study.domains.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
        ],
        rows: () =>
          schedule.map(({ from, to, weights }, place) => [
            from,
            to,
            moments[place].step,
            moments[place].predicted,
            moments[place].rho,
            ...weights,
          ]),
      }}
    >
      <PlotBox plot={plot} label={summary(schedule, ordered, names)} series={series}>
        <g fontSize={labelSize} fill="var(--ink)" textAnchor="middle" pointerEvents="none">
          {layers.flatMap(({ domain, parts }) =>
            parts.map(({ from, to, low, high }) => {
              const share = formatPercent(high - low, 0);
              const { id, name } = study.domains[domain];
              const width = scales.x(to) - scales.x(from);
              const fits = (text: string) => width >= textWidth(text, labelSize) + 6;
              // A domain that the last phase does without has no name beside it.
              const label = [...(named.has(id) ? [] : [`${name} ${share}`]), share].find(fits);
              const isTall = scales.y(low) - scales.y(high) >= lineHeight;
              return (
                isTall &&
                label !== undefined && (
                  <text
                    key={`${id} ${from}`}
                    x={scales.x((from + to) / 2)}
                    y={scales.y((low + high) / 2) + 4}
                    fill={colors[domain].replace(')', '-ink, #101217)')}
                  >
                    {label}
                  </text>
                )
              );
            }),
          )}
        </g>
        <EndLabels ends={ends} scales={scales} room={plot.frame.margin.right - endLabelGap} />
      </PlotBox>
    </ChartFrame>
  );
}

function frameOf(names: readonly string[], width: number): PlotFrame {
  const nameRoom = Math.min(
    width < 500 ? 106 : 172,
    Math.ceil(Math.max(...names.map((name) => textWidth(name, labelSize)))) +
      endLabelGap +
      markRoom +
      4,
  );
  const y = percentAxis([0, 1], 5, 'Weight (% of tokens)');
  const x = percentAxis([0, 1], width < 500 ? 2 : 5, 'Share of the training (%)');
  return {
    width,
    height,
    margin: { top: 12, right: nameRoom, bottom: 42, left: leftMargin(y) },
    x,
    y,
  };
}

function summary(
  schedule: readonly SchedulePhase[],
  ordered: readonly number[],
  names: readonly string[],
): string {
  const phases = schedule.map(({ from, to, weights }) => {
    const largest = ordered
      .map((domain, position) => ({ name: names[position], weight: weights[domain] }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, 3)
      .map(({ name, weight }) => `${name} ${formatPercent(weight, 0)}`);
    return `from ${formatPercent(from, 0)} to ${formatPercent(to, 0)} of the training ${largest.join(', ')}`;
  });
  return `Weights over training: ${phases.join('; ')}.`;
}

/** A domain that never weighs this much is left out of the tooltip. */
const leastRead = 0.005;

/** A layer's phases as points, and the end of the last. */
function pointsOf(parts: readonly LayerPart[]): SeriesPoint[] {
  const points = parts.map(({ from, low, high }) => ({
    x: from,
    y: high,
    low,
    text: formatPercent(high - low, 1),
  }));
  const last = points.at(-1);
  return last ? [...points, { ...last, x: parts[parts.length - 1].to }] : [];
}

/** One phase of a domain's layer: a box over an interval of the training. */
interface LayerPart {
  readonly from: number;
  readonly to: number;
  /** Cumulative weights without and with the domain's own. */
  readonly low: number;
  readonly high: number;
}

/** A domain with its weights over the training, stacked on those before it. */
export interface Layer {
  /** Index in the study. */
  readonly domain: number;
  readonly parts: readonly LayerPart[];
}

/** Stacks the weights of every phase, the first of the order at the bottom. */
export function layersOf(
  schedule: readonly SchedulePhase[],
  order: readonly number[],
): readonly Layer[] {
  const tops = schedule.map(() => 0);
  return order.map((domain) => ({
    domain,
    parts: schedule.map(({ from, to, weights }, phase) => {
      const low = tops[phase];
      const high = low + weights[domain];
      tops[phase] = high;
      return { from, to, low, high };
    }),
  }));
}
