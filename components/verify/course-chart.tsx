'use client';

/** The chart of losses over training tokens, a line with its band per candidate. */
import { useCallback, useMemo } from 'react';
import { formatNumber, formatTokens } from '../../lib/model/format';
import { type CourseStep, courseOf, type VerifyPoint } from '../../lib/verify/results';
import { ChartFrame } from '../charts/chart-frame';
import { EndLabels, endLabelGap, markRoom } from '../charts/end-labels';
import { FormerMark, HumanMark, OptimumMark, PriorMark, YoursMark } from '../charts/marks';
import { PlotBox, usePlot } from '../charts/plot-box';
import {
  leftMargin,
  linearAxis,
  type PlotFrame,
  type PlotScales,
  paddedDomain,
} from '../charts/plot-geometry';
import { textWidth } from '../charts/text-fit';
import type { CandidateKind } from './candidates';

const height = 300;
const initialWidth = 720;
const labelSize = 12;
/** Share of the width that names may take. */
const maxLabelShare = 0.38;
/** Lines are also distinguishable without colour. */
const dashes = ['', '6 3', '2 3', '8 3 2 3', '4 2'];
/** The colours of whole mixtures; blue is for what one can act on. */
const colors: Readonly<Record<CandidateKind, string>> = {
  optimum: 'var(--ink)',
  former: 'var(--ink-2)',
  prior: 'var(--prior)',
  human: 'var(--human)',
  yours: 'var(--yours)',
  other: 'var(--ink-2)',
};

interface Line {
  readonly candidate: string;
  readonly kind: CandidateKind;
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
  kindOf,
  target,
  targetName,
  steps,
  tokensOfStep,
}: {
  points: readonly VerifyPoint[];
  candidates: readonly string[];
  kindOf: (candidate: string) => CandidateKind;
  target: number;
  targetName: string;
  steps: number;
  tokensOfStep: number;
}) {
  const lines = useMemo(
    () =>
      candidates.map((candidate, place) => ({
        candidate,
        kind: kindOf(candidate),
        dash: dashes[place % dashes.length],
        course: courseOf(points, candidate, target),
      })),
    [points, candidates, kindOf, target],
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
      how="Loss on the domain’s validation text, measured at each point: eight times in a training that is long enough. The line is the mean over seeds; the band spans their range. A line ends with the mark of its mixture: dot optimum, dashed ring former optimum, tick prior, diamond human, triangle yours. A seed in training counts where it has been measured."
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
        <EndLabels
          ends={drawn.map(({ candidate, kind, course }) => {
            const last = course[course.length - 1];
            const x = scales.x(last.step * tokensOfStep);
            const y = scales.y(last.mean);
            return {
              key: candidate,
              x,
              y,
              text: kind === 'former' ? `${candidate}, before` : candidate,
              title: kind === 'former' ? `${candidate} as it was; it has moved since` : candidate,
              color: colors[kind],
              isStrong: kind === 'optimum',
              mark: (left: number, top: number) => <EndMark kind={kind} x={left} y={top} />,
            };
          })}
          scales={scales}
          room={plot.width - scales.right - endLabelGap}
        />
      </PlotBox>
    </ChartFrame>
  );
}

function CourseLine({
  line: { candidate, kind, course, dash },
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
  const color = colors[kind];
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
    </>
  );
}

/** The mark of a mixture at the end of its line; a square where it has none of its own. */
function EndMark({ kind, x, y }: { kind: CandidateKind; x: number; y: number }) {
  switch (kind) {
    case 'optimum':
      return <OptimumMark x={x} y={y} />;
    case 'former':
      return <FormerMark x={x} y={y} />;
    case 'prior':
      return <PriorMark x={x} y={y} />;
    case 'human':
      return <HumanMark x={x} y={y} />;
    case 'yours':
      return <YoursMark x={x} y={y} />;
    default:
      return (
        <rect
          data-mark="other"
          x={x - 3.5}
          y={y - 3.5}
          width={7}
          height={7}
          fill="var(--paper)"
          stroke={colors.other}
          strokeWidth={1.5}
        />
      );
  }
}

function frameOf(lines: readonly Line[], tokens: number, name: string, width: number): PlotFrame {
  const values = lines.flatMap(({ course }) => course.flatMap(({ least, most }) => [least, most]));
  const y = linearAxis(paddedDomain(values, 0.06), 5, `${name} loss (bits per byte)`);
  const longest = Math.max(40, ...lines.map(({ candidate }) => textWidth(candidate, labelSize)));
  const right = Math.min(Math.ceil(longest) + endLabelGap + markRoom + 4, maxLabelShare * width);
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
