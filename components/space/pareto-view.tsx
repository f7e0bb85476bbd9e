'use client';

/**
 * The view of two targets: computes the front of the selected pair and shows the mixture at a point
 * of it.
 */
import { useMemo, useState } from 'react';
import { activeModels, type FitState } from '../../lib/analysis/analysis-store';
import { fitKey } from '../../lib/analysis/keys';
import { problemOf } from '../../lib/analysis/plan';
import { formatNumber, formatPercent } from '../../lib/model/format';
import type { Progress } from '../../lib/model/job';
import type { Objective } from '../../lib/model/limits';
import { columnOf } from '../../lib/model/matrix';
import type { Settings } from '../../lib/model/settings';
import { boundsOf, feasibilityOf } from '../../lib/optimum/constraints';
import { leadingWeights } from '../../lib/optimum/finding';
import { predictRow } from '../../lib/regression/predict';
import { revisionOf } from '../../lib/study/identity';
import { ChartFrame } from '../charts/chart-frame';
import { targetKey } from '../charts/chosen-runs';
import { type ParetoBox, ParetoChart } from '../charts/pareto-chart';
import { useModelDemand, useNear, useRunChoice, useTask } from '../shell/hooks';
import { useAnalysis, useSession, useStores, useView } from '../shell/stores';
import { Select } from '../ui/controls';
import { PercentLine } from '../ui/progress';

const points = 24;

/** The trade-off between two targets, and the mixture at any point of the front. */
export default function ParetoView() {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const fits = useAnalysis((state) => state.fits);
  const [secondId, setSecondId] = useState<string | null>(null);
  const [chosen, setChosen] = useState(Math.floor(points / 2));
  const first = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const others = study.targets.filter(({ id }) => id !== first.id);
  const second = others.find(({ id }) => id === secondId) ?? others[0];
  const [place, isNear] = useNear();
  useModelDemand(first.id, isNear);
  useModelDemand(second.id, isNear);
  const pair = useMemo((): Settings => {
    const weights = { [first.id]: 1, [second.id]: 1 };
    const objective = { ...settings.objective, kind: 'weighted' as const, weights, families: {} };
    return { ...settings, objective: { ...objective, normalised: true, seek: 'best' } };
  }, [settings, first, second]);
  const session = { study, settings: pair };
  const { models, key } = activeModels(session, fits);
  const bounds = boundsOf(settings.constraints, study);
  const { feasible } = feasibilityOf(bounds, settings.constraints, study.domains);
  const states = [first, second].map(({ id }) => fits.get(fitKey(study, id, pair.regressor, pair)));
  const failed = states.find((state) => state?.status === 'failed');
  const isFitting = !models && !failed && feasible;
  const fitted = states.reduce((sum, state) => sum + fittedShare(state) / states.length, 0);
  const isSmooth = models?.every(({ kind }) => kind !== 'trees' && kind !== 'onnx') ?? false;
  const problem = models && isSmooth && feasible ? problemOf(session, key, models) : null;
  const { constraints, objective } = settings;
  const inputs = [
    first.id,
    second.id,
    key,
    constraints,
    objective,
    Array.from(study.prior.weights),
  ];
  const task = useTask(
    'pareto',
    problem ? JSON.stringify(inputs) : null,
    () => {
      if (!problem) throw new RangeError('a task without a key asks nothing');
      const { terms, kl, prior, unique } = problem.objective;
      const termOf = (id: string) => terms.find(({ target }) => target === id) ?? terms[0];
      return {
        revision: revisionOf(study),
        first: termOf(first.id),
        second: termOf(second.id),
        base: { kl, prior, unique },
        bounds,
        count: points,
      };
    },
    JSON.stringify([study.id, first.id, second.id]),
  );
  const front = task.value;
  const at = front ? Math.min(chosen, front.length - 1) : 0;
  const choice = useRunChoice();
  const brushes = useView((state) => state.brushes);
  const box = boxOf(brushes.get(targetKey(first.id)), brushes.get(targetKey(second.id)));
  const runs = useMemo(() => {
    const [a, b] = [first, second].map((target) =>
      columnOf(study.training.losses, study.targets.indexOf(target)),
    );
    return Array.from(a, (value, row) => ({
      first: value,
      second: b[row],
      dimmed: choice.rows !== null && choice.rows[row] === 0,
    }));
  }, [study, first, second, choice.rows]);
  const prior =
    problem && predictionsOf(problem.objective, study.prior.weights, [first.id, second.id]);
  return (
    <div ref={place} className="stage-body pareto-view">
      <ChartFrame
        title={`${first.name} against ${second.name}`}
        note={task.problem !== '' ? task.problem : sentence()}
        help={
          front?.[at]
            ? 'Drag along the front, or use the arrow keys; drag elsewhere to brush runs.'
            : undefined
        }
        fileName={`regmix-pareto-${first.id}-${second.id}`}
        how="Each point is the best mixture under your limits for one balance of the two targets, in units of their spread over the runs. No mixture is predicted to be better for both. Grey points are measured runs."
        data={{
          columns: [
            { key: 'share', label: `share of ${first.name}`, numeric: true },
            { key: 'first', label: `predicted ${first.name}`, unit: first.unit, numeric: true },
            { key: 'second', label: `predicted ${second.name}`, unit: second.unit, numeric: true },
            ...study.domains.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
          ],
          rows: () =>
            (task.status === 'done' ? (task.value ?? []) : []).map((point) => [
              point.share,
              point.first,
              point.second,
              ...point.weights,
            ]),
        }}
      >
        {problem && task.status === 'running' && (
          <PercentLine words="Looking for the front" share={shareOf(task.progress)} />
        )}
        {front && front.length > 0 ? (
          <ParetoChart
            first={first}
            second={second}
            front={front}
            shares={front.map(({ share }) => share)}
            chosen={at}
            onChoose={setChosen}
            runs={runs}
            box={box}
            onBox={(drawn) =>
              view.setState({
                brushes: new Map([
                  ...brushes,
                  [targetKey(first.id), drawn.first],
                  [targetKey(second.id), drawn.second],
                ]),
              })
            }
            prior={prior ? { first: prior[0], second: prior[1] } : null}
          />
        ) : (
          <div className="chart-wait">
            {isFitting && isNear && <PercentLine words="Fitting both targets" share={fitted} />}
            {waiting() !== '' && <p className="quiet">{waiting()}</p>}
          </div>
        )}
      </ChartFrame>
      <div className="stage-controls">
        <Select
          label={`${first.name} against`}
          value={second.id}
          options={others.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setSecondId}
        />
        {front && front.length > 0 && (
          <>
            <button
              type="button"
              className="button"
              onClick={() => store.editSettings({ yours: Array.from(front[at].weights) })}
            >
              Use as your mixture
            </button>
            <button
              type="button"
              className="button"
              onClick={() => {
                const { share } = front[at];
                const percent = Math.round(share * 1000) / 10;
                const weights = { [first.id]: percent, [second.id]: 100 - percent };
                store.editSettings({ objective: { ...pair.objective, weights } });
              }}
            >
              Optimise this balance
            </button>
          </>
        )}
      </div>
    </div>
  );

  function sentence(): string | undefined {
    const point = front?.[at];
    if (!point) return undefined;
    const mixture = leadingWeights(study.domains, point.weights, 3)
      .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
      .join(', ');
    return `At ${formatPercent(point.share, 0)} ${first.name}: ${formatNumber(point.first, 3)} and ${formatNumber(point.second, 3)}, with ${mixture}. The front keeps your limits; runs need not.`;
  }

  function waiting(): string {
    if (!feasible) return 'No mixture meets your limits.';
    if (models && !isSmooth)
      return 'Trees and imported models have no gradient. Choose the law or the mean in Evidence for a front.';
    return failed ? `${failed.message} ${failed.advice}`.trim() : '';
  }
}

/** How much of a fit is done, 0..1. */
function fittedShare(state: FitState | undefined): number {
  if (state?.status === 'fitting') return shareOf(state.progress);
  return state?.status === 'done' ? 1 : 0;
}

function shareOf(progress: Progress | null): number {
  return progress ? progress.done / Math.max(1, progress.total) : 0;
}

/** The rectangle of two brushed targets; null unless both are. */
function boxOf(
  first: readonly [number, number] | undefined,
  second: readonly [number, number] | undefined,
): ParetoBox | null {
  return first && second ? { first, second } : null;
}

/** Predictions for a mixture by the models of the named targets, in that order. */
function predictionsOf(
  { terms }: Objective,
  mixture: Float64Array,
  targets: readonly string[],
): number[] {
  return targets.map((target) => {
    const term = terms.find((each) => each.target === target);
    return term ? predictRow(term.model, mixture) : Number.NaN;
  });
}
