'use client';

/**
 * The ternary chart: contours of a prediction over three domains and a mixture moved by pointer or
 * keys. Its parts are in ternary-parts.tsx, its geometry in ternary-geometry.ts.
 */
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { useGesture } from '../ui/use-gesture';
import { YoursMark } from './marks';
import { useWidth } from './plot-box';
import { nearestPoint } from './plot-geometry';
import {
  bandLevels,
  keyedTriple,
  nearestValue,
  placeOf,
  rounded,
  sharesOf,
  summarise,
  type Triple,
  ternaryFrame,
  tripleAt,
} from './ternary-geometry';
import {
  Contours,
  Edges,
  Forbidden,
  Mark,
  markEdge,
  Runs,
  TernaryLegend,
  type TernaryRun,
} from './ternary-parts';

const initialWidth = 480;
/** How far from a run the pointer may be, in pixels. */
const reach = 10;

/**
 * A prediction over three domains as filled contours, with runs, the optimum, the prior and a
 * draggable mixture of the reader's own.
 */
export function TernaryChart({
  corners,
  scale,
  steps,
  values,
  quantity,
  unit,
  direction,
  runs,
  optimum,
  former = null,
  prior,
  human,
  yours,
  allowed,
  picked,
  waiting,
  onPick,
  onStart,
  onYours,
  onCommit,
}: {
  /** Names of the left, right and top corner. */
  corners: readonly [string, string, string];
  /** Total weight of the three domains, 0..1. */
  scale: number;
  /** Steps of the predicted grid, as in `gridPoints`. */
  steps: number;
  /** One prediction per grid point; null while there are none. */
  values: Float64Array | null;
  quantity: string;
  unit: string;
  direction: 'lower' | 'higher';
  runs: readonly TernaryRun[];
  /** Weights of the three domains in other mixtures; null = not drawn. */
  optimum: Triple | null;
  /** The optimum before the last edit; none by default. */
  former?: Triple | null;
  prior: Triple | null;
  human: Triple | null;
  /** The reader's mixture; its mark starts in the middle when there is none. */
  yours: Triple | null;
  /** Whether a mixture meets the limits, given its weights of the three. */
  allowed: (weights: Triple) => boolean;
  /** Id of the selected run. */
  picked: string | null;
  /** Why there are no predictions, and what to do; shown while `values` is null. */
  waiting: string;
  onPick: (id: string | null) => void;
  onStart: () => void;
  /** Weights of the three, summing to `scale`. */
  onYours: (weights: Triple) => void;
  onCommit: () => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const [hovered, setHovered] = useState<Triple | null>(null);
  const [dragging, setDragging] = useState(false);
  const hatch = useId();
  const gesture = useGesture({ onStart, onCommit });
  const frame = useMemo(() => ternaryFrame(width), [width]);
  const levels = useMemo(() => (values ? bandLevels(values) : []), [values]);
  const mine = sharesOf(yours) ?? [1 / 3, 1 / 3, 1 / 3];
  const myPlace = placeOf(frame, mine);
  const yoursPredicted = values ? nearestValue(values, steps, mine) : null;

  function sharesAt(event: PointerEvent<SVGSVGElement>): Triple {
    const box = event.currentTarget.getBoundingClientRect();
    return tripleAt(frame, event.clientX - box.left, event.clientY - box.top);
  }
  function setMine([a, b, c]: Triple): void {
    onYours([a * scale, b * scale, c * scale]);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyedTriple(event.key, event.shiftKey, mine);
    if (!next) return;
    event.preventDefault();
    gesture.prolong();
    setMine(next);
  }
  function pickAt(event: PointerEvent<SVGSVGElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const place = nearestPoint(
      runs,
      (run) => placeOf(frame, sharesOf([run.a, run.b, run.c]) ?? [0, 0, 0]),
      event.clientX - box.left,
      event.clientY - box.top,
      reach,
    );
    onPick(place === null || runs[place].id === picked ? null : runs[place].id);
  }
  const words = (shares: Triple) =>
    corners.map((name, at) => `${formatPercent(shares[at] * scale, 1)} ${name}`).join(', ');
  const at = hovered ?? mine;
  const valueAt = values ? nearestValue(values, steps, at) : null;

  return (
    <div ref={ref} className="chart">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing with a slider in it is no set of form fields */}
      <svg
        data-chart=""
        role="group"
        aria-label={summarise(values, steps, corners, quantity)}
        viewBox={`0 0 ${width} ${frame.height}`}
        height={frame.height}
        fontSize={12}
        fill="var(--ink)"
        style={{ touchAction: dragging ? 'none' : undefined }}
        onPointerDown={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const distance = Math.hypot(
            event.clientX - box.left - myPlace[0],
            event.clientY - box.top - myPlace[1],
          );
          if (distance > 18) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
          gesture.start();
        }}
        onPointerMove={(event) => {
          const shares = sharesAt(event);
          setHovered(shares);
          if (dragging) setMine(rounded(shares));
        }}
        onPointerUp={(event) => {
          if (dragging) gesture.commit();
          else pickAt(event);
          setDragging(false);
        }}
        onPointerCancel={() => {
          setDragging(false);
          gesture.commit();
        }}
        onPointerLeave={() => setHovered(null)}
      >
        <pattern
          id={hatch}
          width={6}
          height={6}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width={1.4} height={6} fill="#ffffff" fillOpacity={0.75} />
        </pattern>
        {values && (
          <Contours
            frame={frame}
            steps={steps}
            values={values}
            levels={levels}
            direction={direction}
          />
        )}
        <Forbidden frame={frame} scale={scale} allowed={allowed} hatch={hatch} />
        <Edges frame={frame} corners={corners} scale={scale} width={width} />
        <Runs frame={frame} runs={runs} picked={picked} />
        <Mark frame={frame} weights={prior} name="prior" />
        <Mark frame={frame} weights={human} name="human" />
        <Mark frame={frame} weights={former} name="former" />
        <Mark frame={frame} weights={optimum} name="optimum" />
        <g
          role="slider"
          tabIndex={0}
          aria-label="Your mixture of the three domains"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(mine[2] * 100)}
          aria-valuetext={`${words(mine)}${yoursPredicted === null ? '' : `: predicted ${formatNumber(yoursPredicted, 3)}`}`}
          className="ternary-yours"
          onKeyDown={onKeyDown}
          onBlur={gesture.commit}
        >
          <circle cx={myPlace[0]} cy={myPlace[1]} r={14} fill="transparent" />
          <g opacity={yours ? 1 : 0.5}>
            <YoursMark x={myPlace[0]} y={myPlace[1]} size={7} edge={markEdge} />
          </g>
        </g>
      </svg>
      <TernaryLegend
        levels={levels}
        direction={direction}
        quantity={quantity}
        unit={unit}
        width={width}
      />
      {values === null && (
        <p className="chart-note" role="status" data-in-picture="">
          {waiting}
        </p>
      )}
      <p className="chart-note" aria-live="off">
        {hovered ? 'Here' : yours ? 'Yours' : 'Middle'}: {words(at)}
        {valueAt === null ? '' : `, predicted ${formatNumber(valueAt, 3)}`}.
      </p>
    </div>
  );
}
