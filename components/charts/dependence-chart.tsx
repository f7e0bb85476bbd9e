'use client';

import { useState } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { OptimumMark } from './marks';
import { StaticPlot, useWidth } from './plot-box';
import {
  axisTitle,
  leftMargin,
  linearAxis,
  type PlotFrame,
  paddedDomain,
  percentAxis,
  plotScales,
} from './plot-geometry';

/** The prediction over one domain's weight. Arrays have one entry per step. */
export interface DependencePanel {
  readonly label: string;
  /** Ascending, 0..1. */
  readonly weights: Float64Array;
  readonly predicted: Float64Array;
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
  /** The domain's weight in the mixture that the curves are drawn at. */
  readonly current: number;
  /** Deciles of the weights that were trained. */
  readonly sampled: readonly number[];
  /** Weights in the chosen runs; absent where no run is. */
  readonly chosen?: readonly number[];
}

const height = 170;
const initialWidth = 240;
/** Number of panels drawn before the reader asks for all. */
const first = 12;

/**
 * One small chart per domain: the prediction as its weight changes and the others scale in
 * proportion.
 */
export function DependenceChart({
  panels,
  name,
  unit,
  direction,
}: {
  /** In the order to draw. */
  panels: readonly DependencePanel[];
  name: string;
  unit: string;
  direction?: 'lower' | 'higher';
}) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? panels : panels.slice(0, first);
  const domain = paddedDomain(
    shown.flatMap(({ predicted, low, high }) => [...predicted, ...(low ?? []), ...(high ?? [])]),
    0.05,
  );
  return (
    <>
      <p className="chart-note" data-in-picture="">
        Vertical: predicted {axisTitle(name, unit, direction)}, the same scale in all. Horizontal:
        the domain’s weight, % of tokens.
      </p>
      <ul className="dependence">
        {shown.map((panel) => (
          <li key={panel.label}>
            <h4 data-in-picture="">{panel.label}</h4>
            <Panel panel={panel} domain={domain} name={name} />
          </li>
        ))}
      </ul>
      {panels.length > first && (
        <button type="button" className="link" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show fewer' : `Show all ${panels.length} domains`}
        </button>
      )}
    </>
  );
}

function Panel({
  panel,
  domain,
  name,
}: {
  panel: DependencePanel;
  domain: readonly [number, number];
  name: string;
}) {
  const [ref, width] = useWidth(initialWidth);
  const y = linearAxis(domain, 4, '');
  const x = percentAxis([0, 1], 3, '');
  const margin = { top: 6, right: 18, bottom: 24, left: leftMargin(y) };
  const frame: PlotFrame = { width, height, margin, x, y };
  const scales = plotScales(frame);
  const { weights, predicted, low, high, current, sampled, chosen = [] } = panel;
  const line = (values: Float64Array) =>
    Array.from(values, (value, step) => `${scales.x(weights[step])},${scales.y(value)}`);
  const now = predictedAt(panel, current);
  const end = formatNumber(predicted[predicted.length - 1], 3);
  return (
    <div
      ref={ref}
      className="chart"
      role="img"
      style={{ height }}
      aria-label={`${panel.label}: predicted ${name} goes from ${formatNumber(predicted[0], 3)} at 0% to ${end} at 100%; ${formatNumber(now, 3)} at the current ${formatPercent(current, 1)}.`}
    >
      <StaticPlot frame={frame}>
        {low && high && (
          <polygon
            points={[...line(low), ...line(high).reverse()].join(' ')}
            fill="var(--accent-soft)"
          />
        )}
        <polyline
          points={line(predicted).join(' ')}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={1.8}
        />
        <path
          data-mark="chosen"
          d={rugPath(chosen, scales.x, scales.bottom - 8, 5)}
          stroke="var(--accent)"
          strokeOpacity={0.5}
        />
        {[...new Set(sampled)].map((weight) => (
          <line
            key={weight}
            x1={scales.x(weight)}
            x2={scales.x(weight)}
            y1={scales.bottom}
            y2={scales.bottom - 7}
            stroke="var(--ink-2)"
          />
        ))}
        <OptimumMark x={scales.x(current)} y={scales.y(now)} size={4} color="var(--accent)" />
      </StaticPlot>
    </div>
  );
}

/** Ticks drawn of a rug at most: more hide one another. */
const maxTicks = 300;

/**
 * A rug: a tick of `length` pixels upwards from `y` at every weight, or at some of many, evenly spread in order.
 */
export function rugPath(
  weights: readonly number[],
  x: (weight: number) => number,
  y: number,
  length: number,
): string {
  const sorted = [...weights].sort((a, b) => a - b);
  const step = Math.max(1, sorted.length / maxTicks);
  const count = Math.ceil(sorted.length / step);
  const shown = Array.from({ length: count }, (_, tick) => sorted[Math.floor(tick * step)]);
  const places = new Set(shown.map((weight) => Math.round(x(weight) * 10) / 10));
  return [...places].map((place) => `M${place} ${y}v${-length}`).join('');
}

/** A curve's prediction at a weight, linear between its steps. */
export function predictedAt(
  { weights, predicted }: Pick<DependencePanel, 'weights' | 'predicted'>,
  weight: number,
): number {
  const next = weights.findIndex((step) => step >= weight);
  if (next === -1) return predicted[predicted.length - 1];
  if (next === 0) return predicted[0];
  const share = (weight - weights[next - 1]) / (weights[next] - weights[next - 1]);
  return predicted[next - 1] + share * (predicted[next] - predicted[next - 1]);
}
