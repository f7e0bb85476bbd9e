'use client';

/** The scatter of predicted against measured values, with its tooltip and marks. */
import { memo, type PointerEvent, useCallback, useId, useMemo, useState } from 'react';
import { formatNumber, formatPercent, plural, unitBeside } from '../../lib/model/format';
import { PlotBox, usePlot } from './plot-box';
import {
  axisTitle,
  labelSize,
  leftMargin,
  linearAxis,
  nearestPoint,
  type PlotFrame,
  type PlotScales,
  paddedDomain,
  subsample,
  tickCount,
} from './plot-geometry';
import { RoundsLegend, roundMark, roundsLegendHeight, roundsPresent, tenth } from './rounds';
import { firstThatFits, textWidth } from './text-fit';

/** One run: its predicted and its measured value, in the target's unit. */
interface ScatterPoint {
  /** Run id. */
  readonly id: string;
  /** Row of the run's table. */
  readonly index: number;
  readonly predicted: number;
  readonly measured: number;
  /** Round that the run belongs to; absent = the first. */
  readonly round?: number;
  /** Whether the run is outside the brushes. */
  readonly dimmed?: boolean;
  /** Whether no fit used the run as it is far from the rest: drawn as a cross. */
  readonly isOutlier?: boolean;
}

const height = 300;
const initialWidth = 480;
/** More marks than this hide one another and slow the page down. */
const maxPoints = 1500;
/** How far from a point the pointer may be, in pixels. */
const reach = 18;
/** Approximate size of the larger side of a point's tooltip, in pixels. */
const noteSize = 160;

/**
 * Predicted against measured values, with the identity line and the band that holds 90% of unseen
 * runs.
 */
export function ScatterChart({
  points,
  name,
  unit,
  direction,
  band,
  level,
  held = null,
  picked,
  onPick,
  describe: linesAbout,
  empty = 'Predictions are drawn here once the fit is ready.',
}: {
  points: readonly ScatterPoint[];
  /** The target: `Pile CC loss`. */
  name: string;
  /** The target's unit; empty when unknown. */
  unit: string;
  /** Which way the target is better; said where it is a score. */
  direction?: 'lower' | 'higher';
  /** Half-width of the band at a prediction, in the target's unit; null draws none. */
  band: ((predicted: number) => number) | null;
  /** Share of unseen runs like the fitted ones that the band holds, in percent. */
  level: number;
  /** Share of these runs that it holds, where they are a test set: of another size, it may hold none. */
  held?: number | null;
  /** Id of the selected run. */
  picked: string | null;
  onPick: (id: string | null) => void;
  /** Further lines about the run of a table row: its largest weights. */
  describe: (index: number) => readonly string[];
  /**
   * The sentence shown instead of the chart while there are no points: that they are pending, or
   * why there are none.
   */
  empty?: string;
}) {
  const [near, setNear] = useState<ScatterPoint | null>(null);
  const shown = useMemo(() => {
    const drawn = subsample(points.length, maxPoints, 1).map((place) => points[place]);
    // The picked run is always drawn, even if it is not in the sample.
    const chosen = points.find(({ id }) => id === picked);
    return chosen && !drawn.includes(chosen) ? [...drawn, chosen] : drawn;
  }, [points, picked]);
  const rounds = useMemo(() => roundsPresent(points.map(({ round }) => round ?? 0)), [points]);
  const plot = usePlot(
    initialWidth,
    useCallback(
      (width) =>
        frameOf(points, { name, unit, direction }, width, roundsLegendHeight(rounds, width)),
      [points, name, unit, direction, rounds],
    ),
  );
  const { width, frame, scales } = plot;
  const added = useAdded(shown, name);
  const active = near && shown.includes(near) ? near : null;

  const find = (event: PointerEvent<HTMLDivElement>): ScatterPoint | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = nearestPoint(
      shown,
      (point) => [scales.x(point.predicted), scales.y(point.measured)],
      event.clientX - box.left,
      event.clientY - box.top,
      reach,
    );
    return place === null ? null : shown[place];
  };

  const dimmed = points.filter((point) => point.dimmed).length;
  return (
    <>
      <PlotBox
        plot={plot}
        label={summarise(points, name, unit, band, level, held)}
        empty={points.length === 0 ? empty : null}
        over={
          active && (
            <Tooltip
              {...freeCorner(active, frame, scales)}
              title={`Run ${active.id}`}
              lines={[
                `predicted ${formatNumber(active.predicted, 4)}`,
                `measured ${formatNumber(active.measured, 4)}`,
                `difference ${formatNumber(active.measured - active.predicted, 4)}`,
                ...linesAbout(active.index),
              ]}
            />
          )
        }
        onPointerMove={(event) => setNear(find(event))}
        onPointerLeave={() => setNear(null)}
        onPointerUp={(event) => {
          const found = find(event);
          onPick(found && found.id !== picked ? found.id : null);
        }}
      >
        <RoundsLegend rounds={rounds} width={width} />
        <ScatterMarks
          points={shown}
          scales={scales}
          domain={frame.x.domain}
          band={band}
          bandText={band ? within(level, held, `±${bandWidths(band, points)}`) : ''}
          picked={picked}
          near={active?.id ?? null}
          added={added}
        />
      </PlotBox>
      {points.some(({ isOutlier }) => isOutlier) && (
        <p className="chart-note">Crosses are runs far from the rest, which are not fitted.</p>
      )}
      {dimmed > 0 && (
        <p className="chart-note">
          {(points.length - dimmed).toLocaleString('en')} of {plural(points.length, 'run')} are
          brushed in Explore; the others are faint.
        </p>
      )}
      {points.length > maxPoints && (
        <p className="chart-note">
          {maxPoints.toLocaleString('en')} of {points.length.toLocaleString('en')} runs are drawn,
          picked at random; statistics use all.
        </p>
      )}
    </>
  );
}

/**
 * Ids of the points that were added last, to those of the same name and rows that were drawn before: a study
 * that gains runs as they are trained. None where there is hardly a point in common, as in another study.
 */
function useAdded(points: readonly ScatterPoint[], name: string): ReadonlySet<string> {
  const [state, setState] = useState({ points, name, added: new Set<string>() });
  if (state.points === points && state.name === name) return state.added;
  const before = new Set(state.points.map(({ id }) => id));
  const added = points.filter(({ id }) => !before.has(id)).map(({ id }) => id);
  const isSame = state.name === name && before.size > 0;
  const gains = isSame && added.length > 0 && points.length - added.length === before.size;
  // A refit of the same runs keeps those that were added on show.
  const stays = isSame && added.length === 0 && points.length === before.size;
  const next = { points, name, added: new Set(gains ? added : stays ? state.added : []) };
  setState(next);
  return next.added;
}

/** The corner away from the diagonal in which the tooltip does not hide its own point. */
function freeCorner(point: ScatterPoint, { width, margin }: PlotFrame, scales: PlotScales) {
  const isLeft = scales.x(point.predicted) < scales.left + noteSize;
  const isHigh = scales.y(point.measured) < scales.top + noteSize;
  return isLeft && isHigh
    ? { corner: 'bottom-right' as const, inset: [width - scales.right, margin.bottom] as const }
    : { corner: 'top-left' as const, inset: [scales.left, scales.top] as const };
}

function frameOf(
  points: readonly ScatterPoint[],
  {
    name,
    unit,
    direction,
  }: { readonly name: string; readonly unit: string; readonly direction?: 'lower' | 'higher' },
  width: number,
  above: number,
): PlotFrame {
  const domain = paddedDomain(
    points.flatMap(({ predicted, measured }) => [predicted, measured]),
    0.04,
  );
  const y = linearAxis(domain, 5, axisTitle('measured', unit));
  const margin = { top: 8 + above, right: 14, bottom: 42, left: leftMargin(y) };
  const count = tickCount(width - margin.left, 40);
  const title = firstThatFits(
    [
      `predicted ${axisTitle(name, unit, direction)}`,
      axisTitle('predicted', unit, direction),
      axisTitle('predicted', unit),
    ],
    labelSize,
    width - margin.left,
  );
  const x = linearAxis(domain, Math.min(6, count), title);
  return { width, height: height + above, margin, x, y };
}

/** Predictions between the ends of the axis at which the edges of the band are drawn. */
const bandSteps = 40;

/** Half-widths of the band at the least and the largest prediction: one where both read the same. */
function bandWidths(band: (predicted: number) => number, points: readonly ScatterPoint[]): string {
  const predictions = points.map(({ predicted }) => predicted);
  const ends = [
    predictions.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    predictions.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  ];
  const widths = ends.map(band).sort((a, b) => a - b);
  return [...new Set(widths.map((width) => formatNumber(width, 3)))].join(' to ');
}

/** What the band says: of runs like those fitted, or what it holds of these. */
function within(level: number, held: number | null, width: string): string {
  if (held === null) return `${level}% of unseen runs lie within ${width}`;
  return `${formatPercent(held, 0)} of these runs lie within ${width}`;
}

function summarise(
  points: readonly ScatterPoint[],
  name: string,
  unit: string,
  band: ((predicted: number) => number) | null,
  level: number,
  held: number | null,
): string {
  const count = `${points.length.toLocaleString('en')} runs`;
  const banded = band
    ? ` ${within(level, held, `${bandWidths(band, points)} ${unitBeside(name, unit)} of it`)}${held === null ? '' : `, where ${level}% of runs like the fitted ones do`}.`
    : '';
  const dimmed = points.filter((point) => point.dimmed).length;
  const brushed =
    dimmed > 0 ? ` ${(points.length - dimmed).toLocaleString('en')} are brushed.` : '';
  return `Predicted against measured ${name} of ${count}, with the line of equality.${banded}${brushed}`;
}

/** Band and identity first, points over them, the ring of the picked run last. */
function ScatterMarks({
  points,
  scales,
  domain,
  band,
  bandText,
  picked,
  near,
  added,
}: {
  points: readonly ScatterPoint[];
  scales: PlotScales;
  domain: readonly [number, number];
  band: ((predicted: number) => number) | null;
  bandText: string;
  /** Ids of runs. */
  picked: string | null;
  near: string | null;
  /** Those that were added last: rings around them fade away. */
  added: ReadonlySet<string>;
}) {
  const clip = useId();
  const { x, y, left, right, top, bottom } = scales;
  const [low, high] = domain;
  const ringed = points.filter(({ id }) => id === picked || id === near);
  const along = Array.from(
    { length: bandSteps + 1 },
    (_, step) => low + ((high - low) * step) / bandSteps,
  );
  const edges = band
    ? [
        ...along.map((value) => [value, value - band(value)]),
        ...[...along].reverse().map((value) => [value, value + band(value)]),
      ]
    : [];
  return (
    <>
      <clipPath id={clip}>
        <rect x={left} y={top} width={right - left} height={bottom - top} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        {edges.length > 0 && (
          <polygon
            points={edges.map((edge) => `${tenth(x(edge[0]))},${tenth(y(edge[1]))}`).join(' ')}
            fill="var(--accent-soft)"
          />
        )}
        <line x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} stroke="var(--accent)" />
        <Points points={points} scales={scales} />
        {points
          .filter(({ id }) => added.has(id))
          .map((point) => (
            <circle
              key={point.id}
              className="point-added"
              cx={tenth(x(point.predicted))}
              cy={tenth(y(point.measured))}
              r={7}
              fill="none"
              stroke="var(--accent)"
              strokeWidth={2}
              opacity={0}
            />
          ))}
      </g>
      {bandText !== '' && textWidth(bandText, 12) < right - left - 8 && (
        <text x={right - 4} y={bottom - 8} textAnchor="end" fontSize={12} fill="var(--accent)">
          {bandText}
        </text>
      )}
      {ringed.map((point) => (
        <circle
          key={point.id}
          cx={x(point.predicted)}
          cy={y(point.measured)}
          r={point.id === picked ? 6 : 5}
          fill="var(--accent)"
          stroke={point.id === picked ? 'var(--ink)' : 'var(--paper)'}
          strokeWidth={2}
        />
      ))}
    </>
  );
}

/**
 * Points grouped by kind: runs outside the brush faint below all others, later rounds with their
 * own mark above the first. Memoised, so that following the pointer does not draw 1,500 points
 * again.
 */
const Points = memo(function Points({
  points,
  scales,
}: {
  points: readonly ScatterPoint[];
  scales: PlotScales;
}) {
  const many = points.length > 600;
  const radius = many ? 2.2 : 2.8;
  const dimmed = points.filter((point) => point.dimmed);
  const clear = points.filter((point) => !point.dimmed);
  return (
    <>
      <g data-points="dimmed" fill={roundMark(0).color} fillOpacity={0.13}>
        {dimmed.map((point) => (
          <Point key={point.id} point={point} scales={scales} radius={radius} />
        ))}
      </g>
      <g data-points="clear" fill={roundMark(0).color} fillOpacity={many ? 0.4 : 0.6}>
        {[...clear]
          .sort((a, b) => (a.round ?? 0) - (b.round ?? 0))
          .map((point) => (
            <Point key={point.id} point={point} scales={scales} radius={radius} />
          ))}
      </g>
    </>
  );
});

function Point({
  point,
  scales,
  radius,
}: {
  point: ScatterPoint;
  scales: PlotScales;
  radius: number;
}) {
  const x = tenth(scales.x(point.predicted));
  const y = tenth(scales.y(point.measured));
  const round = point.round ?? 0;
  const { color, shape } = roundMark(round);
  if (point.isOutlier) {
    const arm = radius + 1.5;
    return (
      <path
        d={`M${x - arm} ${y - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`}
        fill="none"
        stroke="var(--ink)"
        strokeWidth={1.5}
      >
        <title>{`run ${point.id}, not fitted`}</title>
      </path>
    );
  }
  return round === 0 ? (
    <circle cx={x} cy={y} r={radius} />
  ) : (
    <path d={shape(x, y, radius + 0.6)} fill={color} />
  );
}

/**
 * The tooltip of a mark, in the corner that points along a diagonal leave free, so that it neither
 * covers them nor moves with the pointer. The table behind the chart has the same content.
 */
function Tooltip({
  corner,
  inset,
  title,
  lines,
}: {
  corner: 'top-left' | 'bottom-right';
  /** Distance in pixels from the two edges of the chart to that corner of its plot area. */
  inset: readonly [horizontal: number, vertical: number];
  title: string;
  lines: readonly string[];
}) {
  const [horizontal, vertical] = inset;
  const place =
    corner === 'top-left'
      ? { left: horizontal + 8, top: vertical + 6 }
      : { right: horizontal + 8, bottom: vertical + 6 };
  return (
    <div className="chart-tooltip" aria-hidden="true" style={place}>
      <strong>{title}</strong>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
