'use client';

import { useMemo, useState } from 'react';
import { fitKey, fitOptions } from '../../lib/analysis/keys';
import { formatNumber, plural } from '../../lib/model/format';
import { columnOf, rowOf } from '../../lib/model/matrix';
import type { Model } from '../../lib/model/regressor';
import { fitStatistics } from '../../lib/model/statistics';
import { predictRow } from '../../lib/regression/predict';
import { revisionOf } from '../../lib/study/identity';
import { ChartFrame } from '../charts/chart-frame';
import { ScatterChart } from '../charts/scatter-chart';
import { useTask } from '../shell/hooks';
import { useSession } from '../shell/stores';
import { Segmented } from '../ui/controls';
import { NumericHead } from '../ui/layout';
import type { StepProps } from './learn-data';
import { Overfit } from './overfit';
import { Act, Arxiv, Source } from './parts';
import { useLaw, useTarget } from './use-target';

const kinds = [
  { value: 'ols', label: 'Linear model' },
  { value: 'law', label: 'Law' },
] as const;
type Kind = (typeof kinds)[number]['value'];

/** Two regressions, one after the other, on runs that neither was fitted to. */
export function FitStep({ onDone }: StepProps) {
  const { study, settings } = useSession();
  const { target, place } = useTarget();
  const law = useLaw();
  const linear = useTask('model', fitKey(study, target.id, 'ols', settings), () => ({
    revision: revisionOf(study),
    target: target.id,
    regressor: 'ols',
    options: fitOptions(settings),
  }));
  const [kind, setKind] = useState<Kind>('ols');
  const [seen, setSeen] = useState<ReadonlySet<Kind>>(new Set(['ols']));
  const [unseen] = study.testSets;
  const measured = useMemo(() => columnOf(unseen.losses, place), [unseen, place]);
  const models: Record<Kind, Model | null> = { ols: linear.value, law: law?.model ?? null };
  const predictionsBy = (model: Model | null) =>
    model && unseen.ids.map((_, row) => predictRow(model, rowOf(unseen.mixtures, row)));
  const predicted = predictionsBy(models[kind]);
  const points = (predicted ?? []).map((value, index) => ({
    id: unseen.ids[index],
    index,
    predicted: value,
    measured: measured[index],
  }));
  const hasBoth = seen.size === kinds.length;
  const name = kinds.find(({ value }) => value === kind)?.label ?? '';

  return (
    <>
      <p className="prose">
        Each proxy gives one row: eight weights and the resulting loss. A regression predicts the
        loss from the weights. What counts is how well it predicts mixtures that it has not seen, so{' '}
        {plural(unseen.ids.length, 'proxy', 'proxies')} were held out. The measure is Spearman’s
        rho: 1 if the predictions rank all mixtures right.
      </p>
      <Act task="Look at the linear model, then at the law. Where do the linear model’s points leave the diagonal?">
        <Segmented
          label="Fitted by"
          value={kind}
          options={kinds}
          onChange={(value) => {
            const next = value === 'law' ? 'law' : 'ols';
            setKind(next);
            setSeen(new Set([...seen, next]));
            if (next === 'law') onDone();
          }}
        />
        <ChartFrame
          title={`${name}: predicted against measured`}
          fileName={`learn-predicted-${kind}`}
          how={`Predictions for “${unseen.name}”, none of whose runs was fitted, by a fit to all ${study.training.ids.length} training runs.`}
          data={{
            columns: [
              { key: 'run', label: 'run' },
              { key: 'predicted', label: 'predicted', unit: target.unit, numeric: true },
              { key: 'measured', label: 'measured', unit: target.unit, numeric: true },
            ],
            rows: () => points.map((point) => [point.id, point.predicted, point.measured]),
          }}
        >
          <ScatterChart
            points={points}
            name={target.name}
            unit={target.unit}
            band={null}
            level={90}
            picked={null}
            onPick={() => {}}
            describe={() => []}
            empty={linear.problem || undefined}
          />
        </ChartFrame>
        {hasBoth && (
          <table className="figures" aria-label="Both regressions on unseen runs">
            <thead>
              <tr>
                <th scope="col">On {unseen.ids.length} unseen runs</th>
                <NumericHead>rho</NumericHead>
                <NumericHead>RMSE, {target.unit}</NumericHead>
              </tr>
            </thead>
            <tbody>
              {kinds.map(({ value, label }) => {
                const values = predictionsBy(models[value]);
                const found = values && fitStatistics(values, measured, settings.seed);
                return (
                  <tr key={value}>
                    <th scope="row">{label}</th>
                    <td className="numeric">{formatNumber(found?.spearman ?? Number.NaN, 3)}</td>
                    <td className="numeric">{formatNumber(found?.rmse ?? Number.NaN, 3)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </Act>
      <p className="prose">
        In a linear model, the hundredth point of Spanish lowers the loss as much as the first. In
        the runs, the first points are worth most. So the linear model’s points bend, and its
        optimum is always a corner: one domain alone, or as few as the limits allow.
      </p>
      <h2>Overfitting</h2>
      <p className="prose">
        A polynomial with enough terms can match every run that it is fitted to, noise included. On
        other runs it is then worse: it is <em>overfitted</em>. Only held-out runs show this; more
        runs cure it.
      </p>
      <Overfit />
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, section 4: on 256 unseen
        proxies of 1M parameters, linear regression reached rho 90.08% and LightGBM 98.45%.
      </Source>
    </>
  );
}
