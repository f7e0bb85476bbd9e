'use client';

import { formatNumber } from '../../lib/format';
import type { TrainingJob } from '../../lib/proxy/job';
import { rankInvariance } from '../../lib/verify/rank-invariance';
import type { VerifyPoint } from '../../lib/verify/results';
import { linearAxis, paddedDomain } from '../charts/axis';
import { ChartFrame } from '../charts/chart-frame';
import { PlotBox, usePlot } from '../charts/plot-box';
import { leftMargin, type PlotFrame } from '../charts/plot-geometry';
import { useSession } from '../explorer/stores';
import { isRanked, lossOfRanked } from './candidates';

const height = 280;
const initialWidth = 480;

/** Losses of a mixture at both sizes. */
interface Pair {
  readonly id: string;
  readonly small: number;
  readonly large: number;
}

/** Losses of the study's own runs and of larger models on the same mixtures: whether both rank alike. */
export function RankChart({
  job,
  points,
  target,
  place,
  steps,
  size,
}: {
  job: TrainingJob;
  points: readonly VerifyPoint[];
  /** Its id in the study. */
  target: string;
  /** Its place among the losses of a point. */
  place: number;
  steps: number;
  size: string;
}) {
  const { study } = useSession();
  const pairs = points.flatMap(({ candidate, step, losses }) => {
    if (step !== steps || !isRanked(candidate)) return [];
    const small = lossOfRanked(study, job, candidate, target);
    return small === null ? [] : [{ id: candidate, small, large: losses[place] }];
  });
  const unit = study.targets.find(({ id }) => id === target)?.unit ?? '';
  // The width is followed from when a chart is first on the page: it comes and goes as a whole.
  return pairs.length < 2 ? null : <Ranks pairs={pairs} unit={unit} size={size} />;
}

function Ranks({
  pairs,
  unit,
  size,
}: {
  pairs: readonly Pair[];
  /** Of the study's losses; empty when unknown. */
  unit: string;
  size: string;
}) {
  const small = pairs.map((pair) => pair.small);
  const large = pairs.map((pair) => pair.large);
  const smallLabel = `Loss of the study’s run${unit === '' ? '' : ` (${unit})`}`;
  const plot = usePlot(initialWidth, (width) => frameOf(small, large, smallLabel, size, width));
  const { scales } = plot;
  const { rho, interval, n } = rankInvariance(small, large);
  const told = Number.isFinite(interval[0])
    ? ` (95%: ${formatNumber(interval[0], 2)} to ${formatNumber(interval[1], 2)})`
    : '';
  const note = `Both sizes rank ${n} mixtures at rho ${formatNumber(rho, 3)}${told}.`;
  return (
    <ChartFrame
      title="Rank invariance"
      note={note}
      fileName="rank-invariance"
      how="Each point is a mixture of the study’s runs, trained once more at the larger size. Spearman’s rho with Fisher’s z interval on Bonett and Wright’s variance: rough below ten mixtures."
      data={{
        columns: [
          { key: 'run', label: 'run' },
          { key: 'small', label: 'loss of the study’s run', unit, numeric: true },
          { key: 'large', label: `loss at ${size}`, unit: 'bits per byte', numeric: true },
        ],
        rows: () => pairs.map((pair) => [pair.id, pair.small, pair.large]),
      }}
    >
      <PlotBox plot={plot} label={note}>
        {pairs.map((pair) => (
          <circle
            key={pair.id}
            cx={scales.x(pair.small)}
            cy={scales.y(pair.large)}
            r={4}
            fill="var(--accent)"
            fillOpacity={0.75}
          >
            <title>{pair.id}</title>
          </circle>
        ))}
      </PlotBox>
    </ChartFrame>
  );
}

function frameOf(
  small: readonly number[],
  large: readonly number[],
  smallLabel: string,
  size: string,
  width: number,
): PlotFrame {
  const x = linearAxis(paddedDomain(small, 0.08), 5, smallLabel);
  const y = linearAxis(paddedDomain(large, 0.08), 5, `Loss at ${size} (bits per byte)`);
  const margin = { top: 16, right: 20, bottom: 42, left: leftMargin(y) };
  return { width, height, margin, x, y };
}
