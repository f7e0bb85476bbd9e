'use client';

import { useMemo } from 'react';
import { formatNumber, formatPercent, plural } from '../../lib/format';
import { boundsOf } from '../../lib/optimum/constraints';
import type { OptimumReport } from '../../lib/optimum/types';
import type { Target } from '../../lib/study/types';
import { ChartFrame } from '../charts/chart-frame';
import { WeightBars } from '../charts/weight-bars';
import { Stage } from '../explorer/stage';
import { useAnalysis, useSession } from '../explorer/stores';
import { useHover, useOrderedDomains } from '../explorer/use-ordered-domains';
import { EngineControls } from './engine-controls';

/** The mixture to train on, beside the prior and the human one, with the caps that hold it back. */
export function OptimumPanel() {
  const { study, settings } = useSession();
  const optimum = useAnalysis((state) => state.optimum);
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const bounds = useMemo(() => boundsOf(settings.constraints), [settings.constraints]);
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const { report } = optimum;
  const weights = report?.optimum.weights ?? null;
  // What bound the last mixture says nothing of limits that no mixture meets.
  const binding = new Set(optimum.feasibility.feasible ? report?.optimum.binding : []);
  const rows = ordered.map((index) => ({
    id: study.domains[index].id,
    label: study.domains[index].name,
    optimum: weights ? weights[index] : null,
    prior: study.prior.weights[index],
    human: study.human ? study.human.weights[index] : null,
    lower: bounds.lower[index],
    upper: bounds.upper[index],
    binding: binding.has(index),
  }));

  return (
    <Stage id="optimum" title="Optimum" finding={finding()}>
      <ChartFrame
        title="Domain weights"
        fileName="regmix-weights"
        how={how()}
        data={{
          columns: [
            { key: 'domain', label: 'domain' },
            { key: 'optimum', label: 'optimum', numeric: true },
            { key: 'prior', label: 'prior', numeric: true },
            ...(study.human ? [{ key: 'human', label: study.human.name, numeric: true }] : []),
            { key: 'floor', label: 'at least', numeric: true },
            { key: 'cap', label: 'cap', numeric: true },
            { key: 'binds', label: 'binds' },
          ],
          rows: () =>
            rows.map((row) => [
              row.label,
              row.optimum,
              row.prior,
              ...(study.human ? [row.human] : []),
              row.lower,
              row.upper,
              row.binding ? 'yes' : 'no',
            ]),
        }}
      >
        <WeightBars
          rows={rows}
          humanLabel={study.human?.name ?? null}
          dimmed={optimum.status === 'infeasible'}
          {...hover}
        />
      </ChartFrame>
      <Predicted report={report} target={target} human={study.human?.name ?? null} />
      <EngineControls />
    </Stage>
  );

  function finding(): string {
    if (optimum.status === 'infeasible')
      return 'No mixture meets the limits; the last one is shown.';
    if (!report) return 'Waiting for the fit.';
    if (report.optimum.engine === 'paper') {
      return `The published procedure takes no notice of your limits. ${report.optimum.notes.join(' ')}`;
    }
    if (binding.size === 0) return `Best predicted ${target.name}; no limit holds it back.`;
    const names = [...binding].slice(0, 3).map((index) => study.domains[index].name);
    const rest = binding.size - names.length;
    return `Best predicted ${target.name} under your limits. At their limit: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
  }

  function how(): string {
    if (!report) return 'Waiting for the fit.';
    return [
      describeEngine(report.optimum.engine, settings.topK, settings.samples, settings.seed),
      ...report.optimum.notes,
    ].join(' ');
  }
}

/** How the engine on view works, in a sentence. */
function describeEngine(engine: string, topK: number, samples: number, seed: number): string {
  switch (engine) {
    case 'exact':
      return 'The linear model’s best mixture under the limits, exactly: weight goes to the best coefficient first, up to its cap.';
    case 'search':
      return `Search by moving weight between pairs of domains, from the best of ${samples.toLocaleString('en')} simulated mixtures and of the runs, until no move improves the prediction (seed ${seed}).`;
    case 'paper':
      return 'The published notebook: numpy’s seed 42, 100,000 draws from Dirichlet(prior), no limits, the mean of the 128 best predicted.';
    default:
      return `RegMix’s simulation: ${samples.toLocaleString('en')} draws from Dirichlet(prior), seed ${seed}; the mean of the ${plural(topK, 'best draw')} that meet the limits.`;
  }
}

/** The predicted target of every mixture on view, and how far the optimum lies from what was trained. */
function Predicted({
  report,
  target,
  human,
}: {
  report: OptimumReport | null;
  target: Target;
  human: string | null;
}) {
  if (!report) return <p className="quiet">Waiting for the fit.</p>;
  const { optimum, coverage, predictedPrior, predictedHuman } = report;
  return (
    <dl className="facts">
      <div>
        <dt>Optimum, predicted</dt>
        <dd>
          {formatNumber(optimum.predicted, 3)} <span className="quiet">{target.unit}</span>
        </dd>
      </div>
      <div>
        <dt>Prior, predicted</dt>
        <dd>{formatNumber(predictedPrior, 3)}</dd>
      </div>
      {human !== null && predictedHuman !== null && (
        <div>
          <dt>{human}, predicted</dt>
          <dd>{formatNumber(predictedHuman, 3)}</dd>
        </div>
      )}
      <div>
        <dt>To the nearest run</dt>
        <dd>
          {formatPercent(coverage.distance, 0)}{' '}
          <span className={coverage.far ? 'refused' : 'quiet'}>
            of the weight moves; {formatPercent(coverage.percentile, 0)} of runs are as far from
            theirs{coverage.far ? ': outside of what was sampled' : ''}
          </span>
        </dd>
      </div>
    </dl>
  );
}
