'use client';

/**
 * The results of a verification: verdict, chart of losses, table of differences, and the rank
 * agreement of both sizes.
 */
import { useCallback, useMemo, useState } from 'react';
import { formatNumber } from '../../lib/model/format';
import type { TrainingJob } from '../../lib/training/checkpoints';
import { sizes } from '../../lib/training/shape';
import { partsOfId } from '../../lib/verify/plan';
import {
  adjustedPText,
  bySeed,
  intervalName,
  intervalText,
  judge,
  rankInvariance,
  type VerifyPoint,
} from '../../lib/verify/results';
import { PointsChart } from '../charts/points-chart';
import { useAdvisedOptimum } from '../shell/hooks';
import { useHidesAnswer, useSession } from '../shell/stores';
import { useTraining } from '../training/session';
import { Select } from '../ui/controls';
import { NumericHead, ScrollX } from '../ui/layout';
import { isRanked, kindOf, lossOfRanked, tellsAnswer } from './candidates';
import { CourseChart } from './course-chart';
import { useVerify } from './session';

/** The results of a verification so far: the verdict, losses over training, and every pair. */
export function VerifyResults() {
  const { study, settings } = useSession();
  const job = useTraining((state) => state.job);
  const isHidden = useHidesAnswer();
  const points = useVerify((state) => state.points);
  const [requestedTarget, setRequestedTarget] = useState<string | null>(null);
  const domains = job?.domains ?? [];
  const planned = domains.findIndex(({ id }) => id === settings.target);
  const requested = domains.findIndex(({ id }) => id === requestedTarget);
  const target = requested < 0 ? Math.max(0, planned) : requested;
  const candidates = useMemo(
    () =>
      [...new Set((job?.proxies ?? []).map(({ id }) => id.slice(0, id.lastIndexOf('#'))))].filter(
        (id) => !isRanked(id) && !(isHidden && tellsAnswer(id)),
      ),
    [job, isHidden],
  );
  const optimum = useAdvisedOptimum();
  const kind = useCallback(
    (candidate: string) => (job ? kindOf(candidate, study, job, optimum) : 'other'),
    [study, job, optimum],
  );
  if (!job || candidates.length === 0) return null;
  const { training, size } = job;
  const name = domains[target]?.name ?? '';
  const tokensOfStep = training.rows * sizes[size].context;
  const [first] = candidates;
  const seeds = job.proxies.filter(({ id }) => partsOfId(id)?.candidate === first).length;
  const judgeOn = (place: number) =>
    candidates.length < 2
      ? null
      : judge(
          points,
          candidates.map((id) => ({ id, name: id })),
          seeds,
          training.steps,
          { place, name: `${domains[place]?.name ?? ''} loss` },
        );
  // The verdict is on the loss that the study is about: whoever looks at every loss finds one by luck.
  const verdict = judgeOn(Math.max(0, planned))?.verdict;
  const judgement = judgeOn(target);
  return (
    <section className="training-block" aria-labelledby="verify-results">
      <h3 id="verify-results">Verdict</h3>
      <div className="row-controls">
        <Select
          label="Loss on"
          value={domains[target]?.id ?? ''}
          options={domains.map(({ id, name: label }) => ({ value: id, label }))}
          onChange={setRequestedTarget}
        />
      </div>
      {planned < 0 && (
        <p className="notice">
          These models are measured on the validation text of their domains, not on{' '}
          {study.targets.find(({ id }) => id === settings.target)?.name ?? 'the target'}: the losses
          here are those on {name}.
        </p>
      )}
      <div role="status">{verdict && <p className="verify-verdict">{verdict}</p>}</div>
      <div className="verify-charts">
        <CourseChart
          points={points}
          candidates={candidates}
          kindOf={kind}
          target={target}
          targetName={name}
          steps={training.steps}
          tokensOfStep={tokensOfStep}
        />
        <RankChart
          job={job}
          points={points}
          target={domains[target]?.id ?? ''}
          place={target}
          steps={training.steps}
          size={size}
        />
      </div>
      <ScrollX label="Results, scrolls sideways">
        <table className="figures" aria-label="Final losses and differences">
          <thead>
            <tr>
              <th scope="col">Mixture</th>
              <NumericHead title="Mean over seeds that are done, bits per byte">Loss</NumericHead>
              <NumericHead title="Models that are done">Seeds</NumericHead>
              <NumericHead title={`Mean of paired differences: how much lower ${first} is`}>
                {`Above ${first}`}
              </NumericHead>
              <NumericHead
                title={
                  judgement?.complete
                    ? 'Student’s intervals of paired differences: 95% sure that all hold'
                    : 'Confidence sequences: 99% sure that all hold, at every look'
                }
              >
                {intervalName(judgement?.complete ?? false)}
              </NumericHead>
              <NumericHead title="Student’s paired tests, corrected for their number (Holm), when all seeds are done">
                Holm p
              </NumericHead>
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate) => {
              const losses = [...bySeed(points, candidate, training.steps, target).values()];
              const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
              const found = judgement?.comparisons.find(({ other }) => other === candidate);
              return (
                <tr key={candidate}>
                  <th scope="row">{candidate}</th>
                  <td className="numeric">{formatNumber(mean, 3)}</td>
                  <td className="numeric">{losses.length}</td>
                  <td className="numeric">{found ? formatNumber(found.mean, 3) : ''}</td>
                  <td className="numeric">{found ? intervalText(found) : ''}</td>
                  <td className="numeric">{found ? adjustedPText(found) : ''}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}

/**
 * Losses of the study's own runs and of larger models on the same mixtures: whether both rank them
 * alike.
 */
function RankChart({
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
  /** Its index among the losses of a point. */
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
  const intervalText = Number.isFinite(interval[0])
    ? ` (95%: ${formatNumber(interval[0], 2)} to ${formatNumber(interval[1], 2)})`
    : '';
  return (
    <PointsChart
      title="Rank invariance"
      note={`Both sizes rank ${n} mixtures at rho ${formatNumber(rho, 3)}${intervalText}.`}
      fileName="rank-invariance"
      how="Each point is a mixture of the study’s runs, trained once more at the larger size. Spearman’s rho with Fisher’s z interval on Bonett and Wright’s variance: rough below ten mixtures."
      x={{ name: 'Loss of the study’s run', unit }}
      y={{ name: `Loss at ${size}`, unit: 'bits per byte' }}
      points={pairs}
    />
  );
}
