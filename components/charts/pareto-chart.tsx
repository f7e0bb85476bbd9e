'use client';

/** The Pareto front of two targets as a chart with a mark that moves along the front. */
import { type KeyboardEvent, useMemo } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { OptimumMark, PriorMark } from './marks';
import { StaticPlot, useWidth } from './plot-box';
import {
  axisTitle,
  leftMargin,
  linearAxis,
  nearestPoint,
  type PlotFrame,
  paddedDomain,
  plotScales,
  subsample,
  tickCount,
} from './plot-geometry';

/** A target as an axis. */
export interface ParetoAxis {
  readonly name: string;
  readonly unit: string;
  readonly direction: 'lower' | 'higher';
}

/** Predictions of the two targets. */
export interface ParetoPlace {
  readonly first: number;
  readonly second: number;
}

const height = 340;
const initialWidth = 520;
const maxRuns = 600;

/**
 * Two targets against each other: the non-dominated mixtures, the measured runs, and a mark that
 * can be dragged along the front.
 */
export function ParetoChart({
  first,
  second,
  front,
  shares,
  chosen,
  onChoose,
  runs,
  prior,
}: {
  first: ParetoAxis;
  second: ParetoAxis;
  /** Along the front. */
  front: readonly ParetoPlace[];
  /** Per point the weight of the first target in its objective, 0..1. */
  shares: readonly number[];
  /** Index of the chosen point. */
  chosen: number;
  onChoose: (index: number) => void;
  /** Measured values; NaN is left out. */
  runs: readonly ParetoPlace[];
  prior: ParetoPlace | null;
}) {
  const [ref, width] = useWidth(initialWidth);
  const drawn = useMemo(() => {
    const known = runs.filter((run) => Number.isFinite(run.first) && Number.isFinite(run.second));
    return subsample(known.length, maxRuns, 1).map((place) => known[place]);
  }, [runs]);
  const frame = useMemo((): PlotFrame => {
    const near = [...front, ...(prior ? [prior] : [])];
    const range = (key: keyof ParetoPlace) =>
      paddedDomain(
        near.map((place) => place[key]),
        0.15,
      );
    const y = linearAxis(range('second'), 5, titleOf(second));
    const margin = { top: 10, right: 18, bottom: 44, left: leftMargin(y) };
    const count = Math.min(6, tickCount(width - margin.left, 44));
    const x = linearAxis(range('first'), count, titleOf(first));
    return { width, height, margin, x, y };
  }, [front, prior, first, second, width]);
  const scales = useMemo(() => plotScales(frame), [frame]);
  const place = (point: ParetoPlace) => [scales.x(point.first), scales.y(point.second)] as const;
  const now = front[Math.min(chosen, front.length - 1)];
  const share = shares[Math.min(chosen, shares.length - 1)];

  function chooseAt(element: HTMLElement, clientX: number, clientY: number): void {
    const box = element.getBoundingClientRect();
    const found = nearestPoint(front, place, clientX - box.left, clientY - box.top, 1e6);
    if (found !== null && found !== chosen) onChoose(found);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const ends = { Home: 0, End: front.length - 1 }[event.key];
    const next = ends ?? (step === undefined ? undefined : chosen + step);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(front.length - 1, next)));
  }

  return (
    <div
      ref={ref}
      className="chart pareto"
      style={{ height, touchAction: 'none' }}
      role="slider"
      tabIndex={0}
      aria-label={`Balance of ${first.name} and ${second.name}`}
      aria-valuemin={0}
      aria-valuemax={front.length - 1}
      aria-valuenow={chosen}
      aria-valuetext={`${formatPercent(share, 0)} to ${first.name}: ${formatNumber(now.first, 3)}, ${second.name} ${formatNumber(now.second, 3)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        chooseAt(event.currentTarget, event.clientX, event.clientY);
      }}
      onPointerMove={(event) => {
        if (event.buttons > 0) chooseAt(event.currentTarget, event.clientX, event.clientY);
      }}
    >
      <StaticPlot frame={frame}>
        <g fill="var(--ink-2)" fillOpacity={0.35}>
          {drawn
            .filter((run) => isWithin(run, frame))
            .map((run) => (
              <circle
                key={`${run.first} ${run.second}`}
                cx={scales.x(run.first)}
                cy={scales.y(run.second)}
                r={2.2}
              />
            ))}
        </g>
        <polyline
          points={front.map((point) => place(point).join()).join(' ')}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={1.8}
        />
        {front.map((point, index) => (
          <OptimumMark
            key={shares[index]}
            x={scales.x(point.first)}
            y={scales.y(point.second)}
            size={index === chosen ? 7 : 3}
            color="var(--accent)"
          />
        ))}
        {prior && (
          <>
            <PriorMark x={scales.x(prior.first)} y={scales.y(prior.second)} cross />
            <text
              x={scales.x(prior.first)}
              y={scales.y(prior.second) - 9}
              textAnchor="middle"
              fontSize={12}
              fill="var(--ink-2)"
            >
              prior
            </text>
          </>
        )}
      </StaticPlot>
    </div>
  );
}

function titleOf({ name, unit, direction }: ParetoAxis): string {
  return `${axisTitle(name, unit)}, ${direction} is better`;
}

function isWithin({ first, second }: ParetoPlace, { x, y }: PlotFrame): boolean {
  return (
    first >= x.domain[0] && first <= x.domain[1] && second >= y.domain[0] && second <= y.domain[1]
  );
}
