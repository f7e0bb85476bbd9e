'use client';

/**
 * The trust stage: learning curve, noise floor, distance of the optimum from the runs, and
 * agreement of scales.
 */
import { useMemo } from 'react';
import { fitKey, fitOptions } from '../../lib/analysis/keys';
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import { regressorInfo } from '../../lib/regression/catalogue';
import { targetSample } from '../../lib/regression/sample';
import { type NoiseFloor, noiseFloor } from '../../lib/regression/trust';
import { revisionOf } from '../../lib/study/identity';
import { ChartFrame } from '../charts/chart-frame';
import { CurveChart } from '../charts/curve-chart';
import { useNear, useTask } from '../shell/hooks';
import { useActiveFit, useOptimum, useSession } from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';
import { ProgressLine } from '../ui/progress';

/** Learning curve, noise floor and agreement of scales. */
export default function TrustBody() {
  const { study, settings } = useSession();
  const target = study.targets.findIndex(({ id }) => id === settings.target);
  const floor = useMemo(
    () => noiseFloor(targetSample(study.training, Math.max(0, target), false)),
    [study, target],
  );
  return (
    <div className="pair">
      <LearningCurvePanel floor={floor} />
      <div>
        <Noise floor={floor} />
        <Distance />
        <Agreement />
      </div>
    </div>
  );
}

function LearningCurvePanel({ floor }: { floor: NoiseFloor | null }) {
  const { study, settings } = useSession();
  const { regressor } = useActiveFit();
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const options = fitOptions(settings);
  const key = fitKey(study, target.id, regressor, settings);
  const [place, isNear] = useNear();
  const subject = JSON.stringify([study.id, target.id, regressor, options]);
  const task = useTask(
    'learningCurve',
    key,
    () => ({ revision: revisionOf(study), target: target.id, regressor, options }),
    subject,
    isNear,
  );
  const curve = task.value;
  return (
    <ChartFrame
      title="Do I need more proxies?"
      note={curve?.answer ?? task.problem}
      fileName={`regmix-learning-curve-${target.id}`}
      how={`${regressorInfo(regressor).name} fitted to random subsets of four fifths of the training runs and measured on the held-out fifth, over repeated splits. The line is the mean over splits; bars span the lowest to the highest. The finding uses the 90% interval of the last gain within splits, corrected for their overlap (Nadeau and Bengio 2003). Seed ${settings.seed}.`}
      data={{
        columns: [
          { key: 'n', label: 'proxies', numeric: true },
          { key: 'mean', label: 'mean rho', numeric: true },
          { key: 'low', label: 'lowest rho', numeric: true },
          { key: 'high', label: 'highest rho', numeric: true },
        ],
        rows: () =>
          (task.status === 'done' ? (task.value?.points ?? []) : []).map(
            ({ n, mean, low, high }) => [n, mean, low, high],
          ),
      }}
    >
      <div ref={place}>
        {task.progress && <ProgressLine progress={task.progress} />}
        <CurveChart
          points={curve?.points ?? []}
          quantity="Spearman’s rho"
          unit=""
          noiseCeiling={floor?.ceiling ?? null}
          empty={emptyText()}
        />
      </div>
    </ChartFrame>
  );

  function emptyText(): string | undefined {
    if (task.status === 'done') return 'No rho to draw.';
    return task.problem === '' ? undefined : task.problem;
  }
}

function Noise({ floor }: { floor: NoiseFloor | null }) {
  return (
    <section className="note">
      <h3>Noise</h3>
      <p>
        {floor
          ? `${plural(floor.runs, 'run')} repeat ${plural(floor.groups, 'mixture')} with other seeds. Seeds alone change a run by ±${formatNumber(floor.sd, 4)} (sd), so no regressor can exceed rho ${formatNumber(floor.ceiling, 3)} or so on single runs.`
          : 'No mixture was trained twice, so the noise of a run is unknown. Train a few mixtures again with another seed to measure it.'}
      </p>
    </section>
  );
}

function Distance() {
  const { report, advice } = useOptimum((state) => state);
  if (!report || advice?.verb === 'none') return null;
  const { distance, percentile, far } = report.coverage;
  return (
    <section className="note">
      <h3>Distance from what was trained</h3>
      <p>
        {formatPercent(distance, 0)} of the optimum’s weight differs from the nearest tested run;{' '}
        {formatPercent(percentile, 0)} of runs are at least as far from theirs.
        {far && (
          <strong className="refused">
            {' '}
            Its prediction is extrapolation: train proxies near it first (Next proxies, in Lab).
          </strong>
        )}
      </p>
    </section>
  );
}

function Agreement() {
  const { study, settings } = useSession();
  const key =
    study.testSets.length > 0
      ? JSON.stringify([revisionOf(study), settings.target, settings.seed])
      : null;
  const task = useTask('rankAgreement', key, () => ({
    revision: revisionOf(study),
    target: settings.target,
    seed: settings.seed,
  }));
  return (
    <section className="note">
      <h3>Do scales agree?</h3>
      {task.value && task.value.length > 0 ? (
        <ScrollX label="Agreement of scales, scrolls sideways">
          <table
            className="figures figures-narrow"
            aria-label="Rank agreement between tables of runs"
          >
            <thead>
              <tr>
                <th scope="col">Tables</th>
                <NumericHead>rho</NumericHead>
                <NumericHead>95% interval</NumericHead>
                <NumericHead>Shared mixtures</NumericHead>
              </tr>
            </thead>
            <tbody>
              {task.value.map(({ first, second, n, spearman, interval }) => (
                <tr key={`${first} ${second}`}>
                  <th scope="row">
                    {first} and {second}
                  </th>
                  <td className="numeric">{formatNumber(spearman, 3)}</td>
                  <td className="numeric">
                    {formatNumber(interval[0], 3)} to {formatNumber(interval[1], 3)}
                  </td>
                  <td className="numeric">{n}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      ) : (
        <p>
          {task.status === 'failed'
            ? task.problem
            : task.status === 'running'
              ? 'Comparing the tables…'
              : 'No two tables share mixtures. Add test sets of the same mixtures at another size to compare how small and large models rank mixtures.'}
        </p>
      )}
    </section>
  );
}
