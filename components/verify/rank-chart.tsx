'use client';

import { formatNumber } from '../../lib/format';
import type { TrainingJob } from '../../lib/training/checkpoints';
import { rankInvariance } from '../../lib/verify/rank-invariance';
import type { VerifyPoint } from '../../lib/verify/results';
import { PointsChart } from '../charts/points-chart';
import { useSession } from '../explorer/stores';
import { isRanked, lossOfRanked } from './candidates';

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
    return small === null ? [] : [{ id: candidate, name: candidate, x: small, y: losses[place] }];
  });
  const unit = study.targets.find(({ id }) => id === target)?.unit ?? '';
  if (pairs.length < 2) return null;
  const { rho, interval, n } = rankInvariance(
    pairs.map(({ x }) => x),
    pairs.map(({ y }) => y),
  );
  const told = Number.isFinite(interval[0])
    ? ` (95%: ${formatNumber(interval[0], 2)} to ${formatNumber(interval[1], 2)})`
    : '';
  return (
    <PointsChart
      title="Rank invariance"
      note={`Both sizes rank ${n} mixtures at rho ${formatNumber(rho, 3)}${told}.`}
      fileName="rank-invariance"
      how="Each point is a mixture of the study’s runs, trained once more at the larger size. Spearman’s rho with Fisher’s z interval on Bonett and Wright’s variance: rough below ten mixtures."
      x={{ name: 'Loss of the study’s run', unit }}
      y={{ name: `Loss at ${size}`, unit: 'bits per byte' }}
      points={pairs}
    />
  );
}
