'use client';

import { type KeyboardEvent, memo, type PointerEvent, useId, useMemo, useState } from 'react';
import { formatNumber, formatPercent } from '../../lib/format';
import { useGesture } from '../ui/use-gesture';
import { nearestPoint } from './nearest-point';
import { roundMark } from './rounds';
import {
  bandLevels,
  contourPaths,
  gridPoints,
  keyedTriple,
  placeOf,
  type TernaryFrame,
  type Triple,
  ternaryFrame,
  tripleAt,
} from './ternary-geometry';
import { bandFill, TernaryLegend } from './ternary-legend';
import { shorten, textWidth } from './text-fit';
import { useWidth } from './use-width';

/** A run with its weights of the three domains; they need not sum to 1. */
export interface TernaryRun {
  readonly id: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly round: number;
  /** Outside of a brush. */
  readonly dimmed: boolean;
}

const initialWidth = 480;
/** How far from a run the pointer may be, in pixels. */
const reach = 10;

/**
 * A prediction over three domains as filled contours, with runs, the optimum, the prior and a mixture
 * of the reader's own that can be dragged.
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
  prior,
  yours,
  allowed,
  picked,
  onPick,
  onStart,
  onYours,
  onCommit,
}: {
  /** Names of the left, right and top corner. */
  corners: readonly [string, string, string];
  /** Weight that the three domains share, 0..1. */
  scale: number;
  /** Steps of the grid that was predicted, as in `gridPoints`. */
  steps: number;
  /** One prediction per grid point; null while there is none. */
  values: Float64Array | null;
  quantity: string;
  unit: string;
  direction: 'lower' | 'higher';
  runs: readonly TernaryRun[];
  /** Weights of the three domains in other mixtures; null = not drawn. */
  optimum: Triple | null;
  prior: Triple | null;
  /** The reader's mixture; its mark starts in the middle when there is none. */
  yours: Triple | null;
  /** Whether a mixture meets the limits, given its weights of the three. */
  allowed: (weights: Triple) => boolean;
  /** Id of the selected run. */
  picked: string | null;
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
          <circle
            cx={myPlace[0]}
            cy={myPlace[1]}
            r={7}
            fill="var(--yours)"
            fillOpacity={yours ? 1 : 0.35}
            stroke="#ffffff"
            strokeWidth={2}
          />
        </g>
      </svg>
      <TernaryLegend
        levels={levels}
        direction={direction}
        quantity={quantity}
        unit={unit}
        marks={sharesOf(optimum) ? ['optimum', 'prior'] : ['prior']}
        width={width}
      />
      <p className="chart-note" aria-live="off">
        {hovered ? 'Here' : yours ? 'Yours' : 'Middle'}: {words(at)}
        {valueAt === null ? '' : `, predicted ${formatNumber(valueAt, 3)}`}.
      </p>
    </div>
  );
}

const Contours = memo(function Contours({
  frame,
  steps,
  values,
  levels,
  direction,
}: {
  frame: TernaryFrame;
  steps: number;
  values: Float64Array;
  levels: readonly number[];
  direction: 'lower' | 'higher';
}) {
  const { bands, lines } = contourPaths(frame, steps, values, levels);
  return (
    <g>
      {bands.map((path, band) => (
        <path key={levels[band]} d={path} {...bandFill(band, bands.length, direction)} />
      ))}
      {lines.map((path, line) => (
        <path
          key={levels[line + 1]}
          d={path}
          fill="none"
          stroke="#ffffff"
          strokeOpacity={0.55}
          strokeWidth={0.7}
        />
      ))}
    </g>
  );
});

/** Hatches what the limits do not allow, on a coarse grid. */
const Forbidden = memo(function Forbidden({
  frame,
  scale,
  allowed,
  hatch,
}: {
  frame: TernaryFrame;
  scale: number;
  allowed: (weights: Triple) => boolean;
  hatch: string;
}) {
  const cells = 40;
  const points = gridPoints(cells);
  const forbidden = points.filter(([a, b, c]) => !allowed([a * scale, b * scale, c * scale]));
  if (forbidden.length === 0 || forbidden.length === points.length) return null;
  const half = frame.side / cells / 2 + 0.5;
  const [left, right, top] = frame.corners;
  const clip = `${hatch}clip`;
  return (
    <>
      <clipPath id={clip}>
        <path d={`M${left.join(' ')}L${right.join(' ')}L${top.join(' ')}Z`} />
      </clipPath>
      <path
        clipPath={`url(#${clip})`}
        fill={`url(#${hatch})`}
        d={forbidden
          .map((shares) => {
            const [x, y] = placeOf(frame, shares);
            return `M${x - half} ${y - half}h${2 * half}v${2 * half}h${-2 * half}Z`;
          })
          .join('')}
      />
    </>
  );
});

function Edges({
  frame,
  corners,
  scale,
  width,
}: {
  frame: TernaryFrame;
  corners: readonly [string, string, string];
  scale: number;
  width: number;
}) {
  const [left, right, top] = frame.corners;
  const ticks = [0.2, 0.4, 0.6, 0.8];
  const percent = (share: number) => formatPercent(share * scale, scale < 0.1 ? 1 : 0);
  return (
    <g>
      <path
        d={`M${left.join(' ')}L${right.join(' ')}L${top.join(' ')}Z`}
        fill="none"
        stroke="var(--ink)"
      />
      <g fill="var(--ink-2)">
        {ticks.map((share) => {
          const below = placeOf(frame, [1 - share, share, 0]);
          const beside = placeOf(frame, [0, 1 - share, share]);
          const other = placeOf(frame, [share, 0, 1 - share]);
          return (
            <g key={share}>
              <text x={below[0]} y={below[1] + 15} textAnchor="middle">
                {percent(share)}
              </text>
              <text x={beside[0] + 6} y={beside[1] + 4}>
                {percent(share)}
              </text>
              <text x={other[0] - 6} y={other[1] + 4} textAnchor="end">
                {percent(share)}
              </text>
            </g>
          );
        })}
      </g>
      <g fontWeight={600}>
        <text x={top[0]} y={top[1] - 20} textAnchor="middle">
          {shorten(corners[2], 12, width)}
        </text>
        <text x={Math.max(0, left[0] - 40)} y={left[1] + 34}>
          {shorten(corners[0], 12, width / 2.2)}
        </text>
        <text x={Math.min(width, right[0] + 40)} y={right[1] + 34} textAnchor="end">
          {shorten(corners[1], 12, width / 2.2)}
        </text>
      </g>
      <text x={(left[0] + right[0]) / 2} y={left[1] + 50} textAnchor="middle" fill="var(--ink-2)">
        {edgeNotes.find((note) => textWidth(note, 12) <= width) ?? edgeNotes[1]}
      </text>
    </g>
  );
}

/** How edges are read; the second where the chart is too narrow for the first. */
const edgeNotes = [
  'each edge: % of tokens, towards the corner it leads to',
  '% of tokens, towards each corner',
] as const;

/** The contours are the same in both themes, so marks on them must not turn light in the dark. */
const firstRoundInk = '#16181d';

const Runs = memo(function Runs({
  frame,
  runs,
  picked,
}: {
  frame: TernaryFrame;
  runs: readonly TernaryRun[];
  picked: string | null;
}) {
  return (
    <g stroke="#ffffff" strokeWidth={0.7}>
      {runs.map(({ id, a, b, c, round, dimmed }) => {
        const shares = sharesOf([a, b, c]);
        if (!shares) return null;
        const [x, y] = placeOf(frame, shares);
        const { color, shape } = roundMark(round);
        const weight = Math.min(1, a + b + c);
        const isPicked = id === picked;
        return (
          <path
            key={id}
            d={shape(x, y, isPicked ? 5 : 1.6 + 1.6 * weight)}
            fill={round === 0 ? firstRoundInk : color}
            fillOpacity={isPicked ? 1 : (0.25 + 0.6 * weight) * (dimmed ? 0.15 : 1)}
            strokeOpacity={dimmed ? 0.1 : 1}
          />
        );
      })}
    </g>
  );
});

function Mark({
  frame,
  weights,
  name,
}: {
  frame: TernaryFrame;
  weights: Triple | null;
  name: 'prior' | 'optimum';
}) {
  const shares = sharesOf(weights);
  if (!shares) return null;
  const [x, y] = placeOf(frame, shares);
  return name === 'optimum' ? (
    <circle cx={x} cy={y} r={7} fill="var(--accent)" stroke="#ffffff" strokeWidth={2}>
      <title>optimum</title>
    </circle>
  ) : (
    <rect
      x={x - 5}
      y={y - 5}
      width={10}
      height={10}
      fill="var(--prior)"
      stroke="#ffffff"
      strokeWidth={2}
    >
      <title>prior</title>
    </rect>
  );
}

/** What the contours show, in a sentence. */
function summarise(
  values: Float64Array | null,
  steps: number,
  corners: readonly string[],
  quantity: string,
): string {
  const what = `Predicted ${quantity} over ${corners.join(', ')}`;
  if (!values) return `${what}.`;
  const points = gridPoints(steps);
  const tell = (place: number) =>
    `${formatNumber(values[place], 3)} at ${points[place].map((share, corner) => `${formatPercent(share, 0)} ${corners[corner]}`).join(', ')}`;
  let [low, high] = [0, 0];
  for (let place = 1; place < values.length; place++) {
    if (values[place] < values[low]) low = place;
    if (values[place] > values[high]) high = place;
  }
  return `${what}, by their shares: from ${tell(low)} to ${tell(high)}.`;
}

/** Weights as shares of their sum; null when they weigh nothing together. */
function sharesOf(weights: Triple | null): Triple | null {
  if (!weights) return null;
  const total = weights[0] + weights[1] + weights[2];
  return total > 1e-6 ? [weights[0] / total, weights[1] / total, weights[2] / total] : null;
}

/** In steps of a tenth of a point. */
function rounded([a, b]: Triple): Triple {
  const left = Math.round(a * 1000) / 1000;
  const right = Math.min(1 - left, Math.round(b * 1000) / 1000);
  return [left, right, Math.max(0, Math.round((1 - left - right) * 1000) / 1000)];
}

/** The value of the grid point nearest to a mixture. */
function nearestValue(values: Float64Array, steps: number, [, b, c]: Triple): number {
  const top = Math.min(steps, Math.round(c * steps));
  const right = Math.min(steps - top, Math.round(b * steps));
  // Rows below hold steps + 1, steps, ... points.
  const start = top * (steps + 1) - (top * (top - 1)) / 2;
  return values[start + right];
}
