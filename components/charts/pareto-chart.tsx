'use client';

/** The Pareto front of two targets as a chart with a mark that moves along the front. */
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { OptimumMark, PriorMark } from './marks';
import { StaticPlot, useWidth } from './plot-box';
import {
  type Axis,
  axisTitle,
  linearFrame,
  nearestPoint,
  type PlotFrame,
  paddedDomain,
  plotScales,
  subsample,
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

/** How far from the front a pointer may be to drag the mark, in pixels; elsewhere it draws a rectangle. */
const frontReach = 24;
/** A shorter movement is a click. */
const slack = 4;

type Corner = readonly [x: number, y: number];

/** A measured run. */
export interface ParetoRun extends ParetoPlace {
  /** Whether it is outside of the chosen runs. */
  readonly dimmed: boolean;
}

/** Ranges of the two targets. */
export interface ParetoBox {
  readonly first: readonly [number, number];
  readonly second: readonly [number, number];
}

/**
 * Two targets against each other: the non-dominated mixtures, the measured runs, and a mark that
 * can be dragged along the front. Dragging elsewhere draws a rectangle round runs.
 */
export function ParetoChart({
  first,
  second,
  front,
  shares,
  chosen,
  onChoose,
  runs,
  box,
  onBox,
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
  runs: readonly ParetoRun[];
  /** The rectangle that is drawn; null = none. */
  box: ParetoBox | null;
  onBox: (box: ParetoBox) => void;
  prior: ParetoPlace | null;
}) {
  const [ref, width] = useWidth(initialWidth);
  const press = useRef<{ from: Corner; isOnFront: boolean } | null>(null);
  const [drag, setDrag] = useState<readonly [Corner, Corner] | null>(null);
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
    return linearFrame(
      { width, height },
      { range: range('first'), title: titleOf(first), labelWidth: 44 },
      { range: range('second'), title: titleOf(second) },
    );
  }, [front, prior, first, second, width]);
  const scales = useMemo(() => plotScales(frame), [frame]);
  const place = (point: ParetoPlace) => [scales.x(point.first), scales.y(point.second)] as const;
  const now = front[Math.min(chosen, front.length - 1)];
  const share = shares[Math.min(chosen, shares.length - 1)];

  function chooseAt([x, y]: Corner): void {
    const found = nearestPoint(front, place, x, y, 1e6);
    if (found !== null && found !== chosen) onChoose(found);
  }
  /** Within the plot, so that a rectangle has values. */
  function cornerAt(event: PointerEvent<HTMLElement>): Corner {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [
      Math.max(scales.left, Math.min(scales.right, event.clientX - left)),
      Math.max(scales.top, Math.min(scales.bottom, event.clientY - top)),
    ];
  }
  function onPointerDown(event: PointerEvent<HTMLElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = cornerAt(event);
    // A finger has no second gesture.
    const isOnFront =
      event.pointerType === 'touch' || nearestPoint(front, place, ...from, frontReach) !== null;
    press.current = { from, isOnFront };
    if (isOnFront) chooseAt(from);
  }
  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    const held = press.current;
    if (!held || event.buttons === 0) return;
    const to = cornerAt(event);
    if (held.isOnFront) chooseAt(to);
    else if (drag || distance(held.from, to) > slack) setDrag([held.from, to]);
  }
  function onPointerUp(event: PointerEvent<HTMLElement>): void {
    const held = press.current;
    press.current = null;
    setDrag(null);
    if (!held || held.isOnFront) return;
    if (drag) onBox(boxOf(drag[0], cornerAt(event)));
    else chooseAt(held.from);
  }
  function boxOf(a: Corner, b: Corner): ParetoBox {
    const x = [a[0], b[0]].sort((one, other) => one - other);
    const y = [a[1], b[1]].sort((one, other) => other - one);
    const { left, right, top, bottom } = scales;
    const [wide, high] = [right - left, bottom - top];
    return {
      first: [valueAt(frame.x, (x[0] - left) / wide), valueAt(frame.x, (x[1] - left) / wide)],
      second: [valueAt(frame.y, (bottom - y[0]) / high), valueAt(frame.y, (bottom - y[1]) / high)],
    };
  }
  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const ends = { Home: 0, End: front.length - 1 }[event.key];
    const next = ends ?? (step === undefined ? undefined : chosen + step);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(front.length - 1, next)));
  }

  const shownBox = drag ? boxOf(...drag) : box;
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
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        press.current = null;
        setDrag(null);
      }}
    >
      <StaticPlot frame={frame}>
        <g fill="var(--ink-2)">
          {drawn
            .filter((run) => isWithin(run, frame))
            .map((run) => (
              <circle
                key={`${run.first} ${run.second}`}
                data-run={run.dimmed ? 'dimmed' : 'chosen'}
                cx={scales.x(run.first)}
                cy={scales.y(run.second)}
                r={2.2}
                fillOpacity={run.dimmed ? 0.15 : 0.55}
              />
            ))}
        </g>
        {shownBox && (
          <rect
            data-mark="brush"
            x={Math.max(scales.left, scales.x(shownBox.first[0]))}
            y={Math.max(scales.top, scales.y(shownBox.second[1]))}
            width={Math.max(
              0,
              Math.min(scales.right, scales.x(shownBox.first[1])) -
                Math.max(scales.left, scales.x(shownBox.first[0])),
            )}
            height={Math.max(
              0,
              Math.min(scales.bottom, scales.y(shownBox.second[0])) -
                Math.max(scales.top, scales.y(shownBox.second[1])),
            )}
            fill="var(--accent)"
            fillOpacity={0.12}
            stroke="var(--accent)"
          />
        )}
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

/** The value at a share of an axis. */
function valueAt({ domain: [low, high] }: Axis, share: number): number {
  return low + share * (high - low);
}

function distance(a: Corner, b: Corner): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function titleOf({ name, unit, direction }: ParetoAxis): string {
  return `${axisTitle(name, unit)}, ${direction} is better`;
}

function isWithin({ first, second }: ParetoPlace, { x, y }: PlotFrame): boolean {
  return (
    first >= x.domain[0] && first <= x.domain[1] && second >= y.domain[0] && second <= y.domain[1]
  );
}
