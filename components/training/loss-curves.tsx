'use client';

/** The training losses of proxies as a chart, with the byte entropy of each mixture. */
import { useCallback, useMemo } from 'react';
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import type { FinishedRun, TrainingJob } from '../../lib/training/checkpoints';
import type { Curve } from '../../lib/training/state';
import { ChartFrame } from '../charts/chart-frame';
import { EndLabels, endLabelGap } from '../charts/end-labels';
import { PlotBox, usePlot } from '../charts/plot-box';
import {
  leftMargin,
  linearAxis,
  type PlotFrame,
  type PlotScales,
  paddedDomain,
} from '../charts/plot-geometry';
import { outlined, type PlotSeries } from '../charts/plot-series';
import { useSession } from '../shell/stores';
import { colorsOfJob } from './colors-of-job';
import { usePicked } from './picked';
import { useTraining } from './session';

const height = 280;
const initialWidth = 720;

/** Training loss of every proxy over its steps; the highlighted one is emphasised. */
export function LossCurves() {
  const curves = useTraining((state) => state.curves);
  const steps = useTraining((state) => state.job?.training.steps ?? 1);
  const tiles = useTraining((state) => state.tiles);
  const entropies = useTraining((state) => state.entropies);
  const picked = usePicked((state) => state.proxy);
  const job = useTraining((state) => state.job);
  const finished = useTraining((state) => state.finished);
  const { target } = useSession().settings;
  const best = useMemo(
    () => (job ? bestSoFar(job, finished, target) : null),
    [job, finished, target],
  );
  const largest = useMemo(() => (job ? largestOf(job) : new Map<string, Largest>()), [job]);
  const rows = () =>
    [...curves].flatMap(([id, { steps: at, losses }]) =>
      at.map((step, place) => [
        id,
        step,
        losses[place] / Math.LN2,
        losses[place],
        (entropies.get(id) ?? Number.NaN) / Math.LN2,
      ]),
    );
  const isDone = (id: string) => tiles.get(id)?.isDone === true;
  return (
    <ChartFrame
      title="Training loss"
      fileName="proxy-training-loss"
      how="One line per proxy: the loss of single batches, in bits per byte (a nat is 1.44 bits), about sixty points each; proxies in training have the colour of their largest domain, the one pointed at is black. Named among the finished is the one with the lowest validation loss so far, on the target if that is a domain trained on, else on average. The dashed line is the unigram entropy: the loss of a model that knows only how often each byte occurs in its mixture. It is the mean over mixtures, or that of the proxy pointed at. Proxies read different mixtures, so a lower line is not a better mixture."
      data={{
        columns: [
          { key: 'proxy', label: 'proxy' },
          { key: 'step', label: 'step', numeric: true },
          { key: 'loss', label: 'training loss', unit: 'bits per byte', numeric: true },
          { key: 'nats', label: 'training loss', unit: 'nats per byte', numeric: true },
          { key: 'entropy', label: 'unigram entropy', unit: 'bits per byte', numeric: true },
        ],
        rows,
      }}
    >
      <Lines
        curves={curves}
        steps={steps}
        picked={picked}
        isDone={isDone}
        entropies={entropies}
        largest={largest}
        best={best}
      />
      <p className="quiet small" role="status">
        {belowEntropy(curves, entropies)}
      </p>
    </ChartFrame>
  );
}

function Lines({
  curves,
  steps,
  picked,
  isDone,
  entropies,
  largest,
  best,
}: {
  curves: ReadonlyMap<string, Curve>;
  steps: number;
  picked: string | null;
  isDone: (proxy: string) => boolean;
  entropies: ReadonlyMap<string, number>;
  largest: ReadonlyMap<string, Largest>;
  best: BestSoFar | null;
}) {
  const live = [...curves].filter(([id]) => !isDone(id) && id !== picked);
  const bestCurve = best ? curves.get(best.id) : undefined;
  const liveNamed = live.length <= maxNamed ? live : [];
  const isNamed = liveNamed.length > 0 || bestCurve !== undefined;
  const plot = usePlot(
    initialWidth,
    useCallback((width) => frameOf(curves, steps, width, isNamed), [curves, steps, isNamed]),
  );
  const { scales } = plot;
  const chosen = picked === null ? undefined : curves.get(picked);
  const entropy =
    (chosen ? entropies.get(picked ?? '') : mean([...entropies.values()])) ?? Number.NaN;
  const colorOf = (id: string) => largest.get(id)?.color ?? 'var(--ink-2)';
  const named = live.slice(0, maxNamed);
  const unnamed = live.slice(maxNamed);
  const done = [...curves]
    .filter(([id]) => isDone(id) && id !== best?.id)
    .map(([, curve]) => curve);
  const series = [
    ...named.map(([id, curve]) => seriesOf(id, curve, 1.5, colorOf(id))),
    ...(best && bestCurve && best.id !== picked
      ? [seriesOf(best.id, bestCurve, 2, colorOf(best.id))]
      : []),
    ...(picked !== null && chosen ? [seriesOf(picked, chosen, 2.5, 'var(--ink)')] : []),
  ];
  const bits = entropy / Math.LN2;
  return (
    <PlotBox
      plot={plot}
      label={summary(curves)}
      empty={curves.size === 0 ? 'Lines are drawn here as proxies learn.' : null}
      series={series}
      levels={
        Number.isFinite(bits)
          ? [{ name: `unigram entropy ${formatNumber(bits, 2)}`, y: bits, at: 'right' }]
          : []
      }
      under={
        <>
          <ManyLines name="finished" curves={done} color="var(--ink-2)" scales={scales} />
          <ManyLines
            name="training"
            curves={unnamed.map(([, curve]) => curve)}
            color="var(--ink)"
            scales={scales}
          />
        </>
      }
    >
      {live.map(([id, curve]) => (
        <circle
          key={id}
          cx={scales.x(curve.steps.at(-1) ?? 0)}
          cy={scales.y((curve.losses.at(-1) ?? 0) / Math.LN2)}
          r={2.5}
          fill={colorOf(id)}
        />
      ))}
      {isNamed && plot.frame.margin.right > endLabelGap * 2 && (
        <EndLabels
          ends={[
            ...liveNamed.map(([id, curve]) => ({
              ...endOf(curve, scales),
              key: id,
              text: `${id}: ${largest.get(id)?.text ?? ''}`,
              color: colorOf(id),
            })),
            ...(best && bestCurve
              ? [
                  {
                    ...endOf(bestCurve, scales),
                    key: best.id,
                    text: `best ${best.id}: ${largest.get(best.id)?.text ?? ''}`,
                    title: `proxy ${best.id}, ${largest.get(best.id)?.text ?? ''}: lowest ${best.of} so far, ${formatNumber(best.loss / Math.LN2, 3)} bits per byte`,
                    color: colorOf(best.id),
                    isStrong: true,
                  },
                ]
              : []),
          ]}
          scales={scales}
          room={plot.frame.margin.right - endLabelGap}
        />
      )}
      {chosen && <PickedLabel id={picked ?? ''} curve={chosen} scales={scales} />}
    </PlotBox>
  );
}

function endOf({ steps, losses }: Curve, scales: PlotScales): { x: number; y: number } {
  return { x: scales.x(steps.at(-1) ?? 0), y: scales.y((losses.at(-1) ?? 0) / Math.LN2) };
}

/** Proxies in training that have a line and a value in the tooltip of their own. */
const maxNamed = 12;

function seriesOf(id: string, curve: Curve, width: number, color: string): PlotSeries {
  return {
    kind: 'line',
    name: `proxy ${id}`,
    color,
    width,
    points: curve.steps.map((step, place) => {
      const bits = curve.losses[place] / Math.LN2;
      return { x: step, y: bits, text: `${formatNumber(bits, 2)} bits per byte` };
    }),
  };
}

/** Hundreds of lines as one path: as many of recharts' own would freeze the page. */
function ManyLines({
  name,
  curves,
  color,
  scales,
}: {
  name: string;
  curves: readonly Curve[];
  color: string;
  scales: PlotScales;
}) {
  return (
    <path
      data-series={name}
      d={curves.map((curve) => pathOf(curve, scales)).join('')}
      fill="none"
      stroke={color}
      strokeOpacity={curves.length > 40 ? 0.3 : 0.45}
    />
  );
}

function PickedLabel({ id, curve, scales }: { id: string; curve: Curve; scales: PlotScales }) {
  const last = curve.losses.length - 1;
  return (
    <text
      x={Math.min(scales.x(curve.steps[last]), scales.right) - 4}
      y={scales.y(curve.losses[last] / Math.LN2) - 8}
      fontSize={12}
      fontWeight={650}
      textAnchor="end"
      fill="var(--ink)"
      {...outlined}
    >
      {`proxy ${id}: ${formatNumber(curve.losses[last] / Math.LN2, 2)} bits, ${formatNumber(curve.losses[last], 2)} nats`}
    </text>
  );
}

/** The finished proxy with the lowest validation loss. */
interface BestSoFar {
  readonly id: string;
  /** Nats per byte. */
  readonly loss: number;
  /** Which loss: `Spanish loss`. */
  readonly of: string;
}

/**
 * The finished proxy with the lowest loss at its end: on the target where that is a domain trained on, else on the
 * mean of all domains. Of equal ones the first to finish; null before any has.
 */
export function bestSoFar(
  { domains }: Pick<TrainingJob, 'domains'>,
  finished: readonly Pick<FinishedRun, 'id' | 'evaluations'>[],
  target: string,
): BestSoFar | null {
  const column = domains.findIndex(({ id }) => id === target);
  const of = column < 0 ? 'mean loss' : `${domains[column].name} loss`;
  let best: BestSoFar | null = null;
  for (const { id, evaluations } of finished) {
    const losses = evaluations.at(-1)?.losses ?? [];
    const loss = (column < 0 ? mean(losses) : losses[column]) ?? Number.NaN;
    if (Number.isFinite(loss) && (best === null || loss < best.loss)) best = { id, loss, of };
  }
  return best;
}

/** The domain of which a proxy reads most. */
interface Largest {
  readonly color: string;
  readonly text: string;
}

function largestOf(job: TrainingJob): Map<string, Largest> {
  const colors = colorsOfJob(job);
  return new Map(
    job.proxies.map(({ id, mixture }) => {
      const domain = mixture.indexOf(Math.max(...mixture));
      const text = `${formatPercent(mixture[domain], 0)} ${job.domains[domain].name}`;
      return [id, { color: colors[domain], text }];
    }),
  );
}

/** Width from which lines have names beside them, in pixels, and the room of those. */
const namesFrom = 480;
const nameRoom = 132;

function frameOf(
  curves: ReadonlyMap<string, Curve>,
  steps: number,
  width: number,
  isNamed: boolean,
): PlotFrame {
  const losses = [...curves.values()].flatMap((curve) => curve.losses.map((x) => x / Math.LN2));
  const y = linearAxis(paddedDomain(losses, 0.06), 5, 'Training loss (bits per byte)');
  const right = isNamed && width >= namesFrom ? nameRoom : 20;
  const margin = { top: 16, right, bottom: 42, left: leftMargin(y) };
  const x = linearAxis([0, steps], Math.max(2, Math.min(6, Math.floor(width / 120))), 'Steps');
  return { width, height, margin, x, y };
}

function pathOf({ steps, losses }: Curve, scales: PlotScales): string {
  return steps
    .map((step, place) => {
      const point = `${scales.x(step)} ${scales.y(losses[place] / Math.LN2)}`;
      return `${place === 0 ? 'M' : 'L'}${point}`;
    })
    .join('');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * How many proxies have learnt more than byte frequencies: their latest losses against the
 * mixtures' entropies.
 */
function belowEntropy(
  curves: ReadonlyMap<string, Curve>,
  entropies: ReadonlyMap<string, number>,
): string {
  const known = [...curves].filter(([id]) => entropies.has(id));
  if (known.length === 0) return '';
  const below = known.filter(
    ([id, { losses }]) => (losses.at(-1) ?? Number.NaN) < (entropies.get(id) ?? Number.NaN),
  ).length;
  return `${below} of ${plural(known.length, 'proxy', 'proxies')} begun: training loss below the unigram entropy of the mixture.`;
}

function summary(curves: ReadonlyMap<string, Curve>): string {
  const last = [...curves.values()].flatMap(({ losses }) => losses.slice(-1));
  const bits = last.map((loss) => loss / Math.LN2);
  return `Training loss of ${curves.size} proxies by steps; the latest are ${formatNumber(Math.min(...bits), 2)} to ${formatNumber(Math.max(...bits), 2)} bits per byte.`;
}
