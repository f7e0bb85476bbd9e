'use client';

/** The chart of losses over training tokens, a line with its band per candidate. */
import { useCallback, useMemo } from 'react';
import { formatNumber, formatTokens } from '../../lib/model/format';
import { type CourseStep, courseOf, type VerifyPoint } from '../../lib/verify/results';
import { ChartFrame } from '../charts/chart-frame';
import { PlotBox, usePlot } from '../charts/plot-box';
import {
  leftMargin,
  linearAxis,
  type PlotFrame,
  type PlotScales,
  paddedDomain,
} from '../charts/plot-geometry';
import { shorten, spreadLabels, textWidth } from '../charts/text-fit';
import { candidateColor } from './candidates';

const height = 300;
const initialWidth = 720;
const labelSize = 12;
const labelHeight = 15;
/** Pixels between a line and its name. */
const labelGap = 8;
/** Share of the width that names may take. */
const maxLabelShare = 0.38;
/** Lines are also distinguishable without colour. */
const dashes = ['', '6 3', '2 3', '8 3 2 3', '4 2'];

interface Line {
  readonly candidate: string;
  readonly dash: string;
  readonly course: readonly CourseStep[];
}

/**
 * Losses of every candidate on one target over the tokens read: means, and bands from minimum to
 * maximum.
 */
export function CourseChart({
  points,
  candidates,
  target,
  targetName,
  steps,
  tokensOfStep,
}: {
  points: readonly VerifyPoint[];
  candidates: readonly string[];
  target: number;
  targetName: string;
  steps: number;
  tokensOfStep: number;
}) {
  const lines = useMemo(
    () =>
      candidates.map((candidate, place) => ({
        candidate,
        dash: dashes[place % dashes.length],
        course: courseOf(points, candidate, target),
      })),
    [points, candidates, target],
  );
  const drawn = useMemo(() => lines.filter(({ course }) => course.length > 0), [lines]);
  const plot = usePlot(
    initialWidth,
    useCallback(
      (width) => frameOf(drawn, steps * tokensOfStep, targetName, width),
      [drawn, steps, tokensOfStep, targetName],
    ),
  );
  const { scales } = plot;
  return (
    <ChartFrame
      title={`${targetName} loss over tokens`}
      fileName="verification-losses"
      how="Loss on the domain’s validation text, measured at each point: eight times in a training that is long enough. The line is the mean over seeds; the band spans their range. A seed in training counts where it has been measured."
      data={{
        columns: [
          { key: 'mixture', label: 'mixture' },
          { key: 'seed', label: 'seed', numeric: true },
          { key: 'tokens', label: 'tokens', numeric: true },
          { key: 'loss', label: `${targetName} loss`, unit: 'bits per byte', numeric: true },
        ],
        rows: () =>
          points
            .filter(({ candidate }) => candidates.includes(candidate))
            .map(({ candidate, seed, step, losses }) => [
              candidate,
              seed,
              step * tokensOfStep,
              losses[target],
            ]),
      }}
    >
      <PlotBox
        plot={plot}
        label={summary(drawn)}
        empty={drawn.length === 0 ? 'Lines are drawn here as models learn.' : null}
      >
        {drawn.map((line) => (
          <CourseLine
            key={line.candidate}
            line={line}
            scales={scales}
            tokensOfStep={tokensOfStep}
          />
        ))}
        <EndLabels lines={drawn} scales={scales} room={plot.width - scales.right - labelGap} />
      </PlotBox>
    </ChartFrame>
  );
}

function CourseLine({
  line: { candidate, course, dash },
  scales,
  tokensOfStep,
}: {
  line: Line;
  scales: PlotScales;
  tokensOfStep: number;
}) {
  const x = ({ step }: CourseStep) => scales.x(step * tokensOfStep);
  const upper = course.map((at) => `${x(at)} ${scales.y(at.most)}`);
  const lower = [...course].reverse().map((at) => `${x(at)} ${scales.y(at.least)}`);
  const color = candidateColor(candidate);
  return (
    <>
      <path d={`M${[...upper, ...lower].join('L')}Z`} fill={color} fillOpacity={0.14} />
      <path
        data-series={candidate}
        d={`M${course.map((at) => `${x(at)} ${scales.y(at.mean)}`).join('L')}`}
        fill="none"
        stroke={color}
        strokeWidth={2}
        strokeDasharray={dash}
      />
      {course.map((at) => (
        <circle key={at.step} cx={x(at)} cy={scales.y(at.mean)} r={2.5} fill={color} />
      ))}
    </>
  );
}

/** Names beside the last points, moved apart. */
function EndLabels({
  lines,
  scales,
  room,
}: {
  lines: readonly Line[];
  scales: PlotScales;
  /** Pixels that a name may take. */
  room: number;
}) {
  const ends = lines
    .map(({ candidate, course }) => ({ candidate, y: scales.y(course[course.length - 1].mean) }))
    .sort((a, b) => a.y - b.y);
  const placed = spreadLabels(
    ends.map(({ y }) => y),
    ends.map(() => labelHeight),
    [scales.top, scales.bottom],
  );
  return ends.map(({ candidate }, place) => (
    <text
      key={candidate}
      x={scales.right + labelGap}
      y={placed[place]}
      dominantBaseline="central"
      fontSize={labelSize}
      fill="var(--ink)"
    >
      {shorten(candidate, labelSize, room)}
      <title>{candidate}</title>
    </text>
  ));
}

function frameOf(lines: readonly Line[], tokens: number, name: string, width: number): PlotFrame {
  const values = lines.flatMap(({ course }) => course.flatMap(({ least, most }) => [least, most]));
  const y = linearAxis(paddedDomain(values, 0.06), 5, `${name} loss (bits per byte)`);
  const longest = Math.max(40, ...lines.map(({ candidate }) => textWidth(candidate, labelSize)));
  const right = Math.min(Math.ceil(longest) + 2 * labelGap, maxLabelShare * width);
  const margin = { top: 16, right, bottom: 42, left: leftMargin(y) };
  const axis = linearAxis([0, tokens], Math.max(2, Math.min(6, Math.floor(width / 140))), 'Tokens');
  return { width, height, margin, x: { ...axis, format: formatTokens }, y };
}

function summary(lines: readonly Line[]): string {
  const ends = lines.map(
    ({ candidate, course }) =>
      `${candidate} ${formatNumber(course[course.length - 1].mean, 2)} after ${course[course.length - 1].n} seeds`,
  );
  return `Latest losses in bits per byte: ${ends.join(', ')}`;
}
