'use client';

/**
 * The parallel coordinates chart: its state, legend and description, and the mixtures drawn over
 * the runs.
 */
import { type KeyboardEvent, useCallback, useId, useMemo, useRef, useState } from 'react';
import { plural } from '../../lib/model/format';
import {
  BrushBox,
  type End,
  ParallelAxes,
  ParallelHandles,
  ParallelLines,
  valueText,
  WeightGrid,
  WeightScale,
} from './parallel-axes';
import { brushedRows, brushedText, keyed, type Range, useParallelPointer } from './parallel-brush';
import {
  heightOf,
  linePath,
  maxLines,
  type ParallelAxis,
  type ParallelGeometry,
  parallelGeometry,
  rowValues,
  shownRows,
} from './parallel-geometry';
import { ChartBlank, useWidth } from './plot-box';
import { circlePath, RoundSample, roundItems, roundsPresent, tenth } from './rounds';
import { flowLegend, legendText } from './text-fit';

const initialWidth = 720;
const noMixtures: readonly ParallelMixture[] = [];

/**
 * Parallel coordinates: every run as a line over its weights and its target. Brushing an axis keeps
 * the runs inside it dark and makes the others faint; brushes on several axes combine.
 */
export function ParallelChart({
  axes,
  rounds,
  brushes,
  onBrush,
  hovered,
  onHover,
  picked,
  onPick,
  mixtures = noMixtures,
  chosen = null,
  ids,
}: {
  /** In the order to draw, each with one value per run. */
  axes: readonly ParallelAxis[];
  /** The round of every run; null when all are of the first. */
  rounds: Int32Array | null;
  /** Ranges by the key of an axis. */
  brushes: ReadonlyMap<string, Range>;
  /** null removes the brush of an axis. */
  onBrush: (key: string, range: Range | null) => void;
  /** Row of the highlighted run; when absent, the chart holds this state itself. */
  hovered?: number | null;
  onHover?: (row: number | null) => void;
  /** Row of the selected run. */
  picked: number | null;
  onPick: (row: number | null) => void;
  /** Drawn over the runs. */
  mixtures?: readonly ParallelMixture[];
  /** Runs that stand out, brushed ones among them; null = those inside the brushes of these axes. */
  chosen?: ChosenRuns | null;
  /** Names of the runs; without them rows are numbered. */
  ids?: readonly string[];
}) {
  const [ref, width] = useWidth(initialWidth);
  const sticky = useRef<SVGGElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const help = useId();
  const [focused, setFocused] = useState(0);
  const present = useMemo(() => roundsPresent(rounds), [rounds]);
  const legendHeight = parallelLegendHeight(present, mixtures, width);
  const geometry = useMemo(
    () => parallelGeometry(axes, weightsOf(mixtures, axes), legendHeight + 6, width),
    [axes, mixtures, legendHeight, width],
  );
  const brushed = axes.some(({ key }) => brushes.has(key));
  const inside = useMemo(() => chosen?.rows ?? brushedRows(axes, brushes), [axes, brushes, chosen]);
  const shown = useMemo(() => shownRows(inside, axes.length), [inside, axes.length]);
  const pointer = useParallelPointer({
    geometry,
    axes,
    brushes,
    rows: shown.inside,
    hovered,
    onHover,
    picked,
    onPick,
    onBrush,
  });

  const onKey = useCallback(
    (index: number, end: End, event: KeyboardEvent<SVGGElement>) => {
      const { key } = axes[index];
      const aside = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      const range = keyed(geometry.places[index], brushes.get(key), end, event.key);
      if (aside === 0 && range === undefined) return;
      event.preventDefault();
      if (range !== undefined) onBrush(key, range);
      else
        svg.current?.querySelector<SVGGElement>(`[data-handle="${index + aside} ${end}"]`)?.focus();
    },
    [axes, geometry, brushes, onBrush],
  );

  if (axes.length === 0 || inside.length === 0) {
    return (
      <div ref={ref} className="chart">
        <ChartBlank height={360}>Runs are drawn here once there are any.</ChartBlank>
      </div>
    );
  }
  const total = inside.length;
  const drawn = shown.inside.length + shown.outside.length;
  const { near } = pointer;
  const described = near ?? picked;
  return (
    <>
      <section
        ref={ref}
        className="chart chart-sideways"
        aria-label={`${plural(total, 'run')} as lines over ${plural(axes.length, 'axis', 'axes')}: ${axes[0].label} to ${axes[axes.length - 1].label}.`}
        aria-describedby={help}
        onScroll={(event) =>
          sticky.current?.setAttribute(
            'transform',
            `translate(${event.currentTarget.scrollLeft} 0)`,
          )
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a picture cannot be a fieldset */}
        <svg
          ref={svg}
          data-chart=""
          className="parallel"
          role="group"
          aria-label="Brushes of the axes"
          viewBox={`0 0 ${geometry.width} ${geometry.height}`}
          width={geometry.width}
          height={geometry.height}
          fontSize={12}
          fill="var(--ink)"
          {...pointer.handlers}
        >
          <WeightGrid axes={axes} geometry={geometry} />
          <ParallelLines
            geometry={geometry}
            axes={axes}
            inside={shown.inside}
            outside={shown.outside}
            rounds={rounds}
            isSelection={brushed || chosen !== null}
          />
          <ParallelAxes axes={axes} geometry={geometry} />
          <MixtureLines mixtures={mixtures} geometry={geometry} />
          {near !== null && near !== picked && (
            <StrongLine row={near} axes={axes} geometry={geometry} picked={false} />
          )}
          {picked !== null && picked < total && (
            <StrongLine row={picked} axes={axes} geometry={geometry} picked />
          )}
          {axes.map(({ key }, index) => {
            const range = brushes.get(key);
            return (
              range && (
                <BrushBox
                  key={key}
                  place={geometry.places[index]}
                  range={range}
                  geometry={geometry}
                />
              )
            );
          })}
          <ParallelHandles
            axes={axes}
            geometry={geometry}
            brushes={brushes}
            focused={Math.min(focused, axes.length - 1)}
            help={help}
            onFocus={setFocused}
            onKey={onKey}
          />
          <g ref={sticky} data-sticky="" pointerEvents="none">
            <ParallelLegend rounds={present} mixtures={mixtures} width={width} />
            <WeightScale axes={axes} geometry={geometry} />
          </g>
        </svg>
      </section>
      <p className="chart-readout">
        {described !== null && described < total
          ? describeRun(axes, described, ids)
          : brushed
            ? `${brushedText(inside)}.`
            : chosen
              ? `Blue: ${chosen.name}. Click a line to pick its run.`
              : 'Click a line to pick its run.'}
      </p>
      <p id={help} className="visually-hidden">
        The ends of each brush are sliders: up and down move them, left and right go to the next
        axis, delete clears.
      </p>
      <p className="visually-hidden" role="status">
        {brushed ? brushedText(inside) : ''}
      </p>
      {drawn < total && (
        <p className="chart-note">
          {drawn.toLocaleString('en')} of {plural(total, 'run')} are drawn, picked at random, at
          most {maxLines(axes.length).toLocaleString('en')} inside of the brushes; brushes act on
          all.
        </p>
      )}
    </>
  );
}

/** Describes a run by its largest weights and its targets. */
function describeRun(
  axes: readonly ParallelAxis[],
  row: number,
  ids: readonly string[] | undefined,
): string {
  const weights = axes
    .filter(({ kind }) => kind === 'weight')
    .sort((a, b) => b.values[row] - a.values[row])
    .slice(0, 4);
  const targets = axes.filter(({ kind }) => kind === 'target');
  const told = [...targets, ...weights].map(
    (axis) => `${axis.label} ${valueText(axis, axis.values[row])}`,
  );
  return `Run ${ids?.[row] ?? row + 1}: ${told.join(', ')}`;
}

/** The weights of the mixtures, which the axes must cover. */
function weightsOf(mixtures: readonly ParallelMixture[], axes: readonly ParallelAxis[]): number[] {
  return mixtures.flatMap(({ values }) =>
    values.filter((value, index) => axes[index]?.kind === 'weight' && Number.isFinite(value)),
  );
}

/** Height of the legend above a chart `width` pixels wide, in pixels. */
function parallelLegendHeight(
  rounds: readonly number[],
  mixtures: readonly ParallelMixture[],
  width: number,
): number {
  return flowLegend(labelsOf(rounds, mixtures), width).height;
}

/** What the lines represent: runs by round, and mixtures. */
function ParallelLegend({
  rounds,
  mixtures,
  width,
}: {
  rounds: readonly number[];
  mixtures: readonly ParallelMixture[];
  width: number;
}) {
  const items = roundItems(rounds);
  const labels = labelsOf(rounds, mixtures);
  const { places } = flowLegend(labels, width);
  const samples = [
    ...(items.length === 0
      ? [<path key="run" d="M0 13C5 13 9 5 16 5" fill="none" stroke="var(--ink)" />]
      : []),
    ...items.map(({ round }) => <RoundSample key={round} round={round} />),
    ...mixtures.map(({ name, color }, index) => (
      <g key={name}>
        <path d="M0 9h16" stroke={color} strokeWidth={2.5} />
        <path d={mixtureShape(index)(8, 9, 4)} fill={color} stroke="var(--paper)" />
      </g>
    )),
  ];
  return (
    <g fill="var(--ink-2)">
      {labels.map((label, index) => (
        <g key={label} transform={`translate(${places[index].x} ${places[index].y})`}>
          {samples[index]}
          <text x={legendText} y={13}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

function labelsOf(rounds: readonly number[], mixtures: readonly ParallelMixture[]): string[] {
  const named = roundItems(rounds).map(({ label }) => label);
  return [...(named.length > 0 ? named : ['a run']), ...mixtures.map(({ name }) => name)];
}

/** Runs that stand out. */
export interface ChosenRuns {
  /** In words: `The best tenth, 51 of 512 runs`. */
  readonly name: string;
  /** One per run, 1 = stands out. */
  readonly rows: Uint8Array;
}

/** A mixture drawn over the runs. */
export interface ParallelMixture {
  readonly name: string;
  /** A colour that follows the theme: `var(--accent)`. */
  readonly color: string;
  /** Colours of its marks, in the order of the axes; `color` by default. */
  readonly marks?: readonly string[];
  /** In the order of the axes; NaN or absent where it has no value. */
  readonly values: readonly number[];
}

type Shape = (x: number, y: number, radius: number) => string;
const shapes: readonly Shape[] = [circlePath, square, diamond];

/** The shape that distinguishes the mixture at an index from the others. */
function mixtureShape(index: number): Shape {
  return shapes[index % shapes.length];
}

/** Mixtures as strong outlined lines, with a mark at every axis. */
function MixtureLines({
  mixtures,
  geometry,
}: {
  mixtures: readonly ParallelMixture[];
  geometry: ParallelGeometry;
}) {
  return mixtures.map(({ name, color, marks, values }, index) => {
    const line = linePath(geometry, values);
    return (
      <g key={name} data-mixture={name} pointerEvents="none">
        <path d={line} fill="none" stroke="var(--paper)" strokeWidth={5} strokeOpacity={0.8} />
        <path d={line} fill="none" stroke={color} strokeWidth={2} />
        {geometry.places.map((place, at) => {
          const value = values[at] ?? Number.NaN;
          return (
            Number.isFinite(value) && (
              <path
                key={place.x}
                d={mixtureShape(index)(place.x, heightOf(geometry, place, value), 5)}
                fill={marks?.[at] ?? color}
                stroke="var(--paper)"
              />
            )
          );
        })}
      </g>
    );
  });
}

/** One run above all others. */
function StrongLine({
  row,
  axes,
  geometry,
  picked,
}: {
  row: number;
  axes: readonly ParallelAxis[];
  geometry: ParallelGeometry;
  /** Whether it was picked; else the pointer is near it. */
  picked: boolean;
}) {
  const line = linePath(geometry, rowValues(axes, row));
  return (
    <g data-mark={picked ? 'picked' : 'near'} fill="none" pointerEvents="none">
      <path d={line} stroke="var(--paper)" strokeWidth={picked ? 6 : 4} />
      <path
        d={line}
        stroke="var(--ink)"
        strokeWidth={picked ? 2.5 : 1.5}
        strokeDasharray={picked ? '7 3' : undefined}
      />
    </g>
  );
}

function square(x: number, y: number, radius: number): string {
  const side = tenth(1.8 * radius);
  return `M${tenth(x - 0.9 * radius)} ${tenth(y - 0.9 * radius)}h${side}v${side}h${-side}Z`;
}

function diamond(x: number, y: number, radius: number): string {
  const half = tenth(1.3 * radius);
  return `M${tenth(x)} ${tenth(y - 1.3 * radius)}l${half} ${half}l${-half} ${half}l${-half} ${-half}Z`;
}
