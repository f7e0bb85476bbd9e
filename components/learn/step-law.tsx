'use client';

import { useMemo } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import { columnOf } from '../../lib/model/matrix';
import type { LawModel } from '../../lib/model/regressor';
import { quantile } from '../../lib/model/statistics';
import { alongDomain, partialDependence } from '../../lib/regression/effects';
import { predictRow } from '../../lib/regression/predict';
import { ChartFrame } from '../charts/chart-frame';
import { DependenceChart } from '../charts/dependence-chart';
import { useSession } from '../shell/stores';
import type { StepProps } from './learn-data';
import { Act, MixtureSliders, Source } from './parts';
import { useLaw, useTarget, useYourPrediction, useYours } from './use-target';

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** The law behind the predictions, and how it bends. */
export function LawStep({ onDone }: StepProps) {
  const law = useLaw();
  const predicted = useYourPrediction();
  const { target } = useTarget();
  return (
    <>
      <p className="prose">
        The law rests on one idea: every domain adds <em>effective data</em> for the target, some
        domains much and some little, with diminishing returns. The loss falls as a power of the
        sum:
      </p>
      <p className="learn-formula">
        loss = C + (D₀ + a₁ r₁<sup>b₁</sup> + … + a₈ r₈<sup>b₈</sup>)<sup>−g</sup>
      </p>
      <p className="prose">
        Here rᵢ is the weight of domain i, aᵢ its usefulness, and bᵢ, below 1, how fast its returns
        diminish. C is the loss that no amount of data removes; D₀ and g are constants of the
        target.
      </p>
      <Act task="Raise Spanish from near 0%, then its closest relative, Portuguese. Watch how much each step gains.">
        <div className="learn-pair">
          <MixtureSliders onMove={onDone} />
          <div className="controls">
            <p role="status" className="learn-large">
              Predicted {target.name}:{' '}
              <strong>{predicted === null ? '…' : formatNumber(predicted, 3)}</strong> {target.unit}
            </p>
            {law && <Worth model={law.model} />}
          </div>
        </div>
        {law ? <Curves model={law.model} /> : <p className="quiet">Fitting the law…</p>}
      </Act>
      <Source>
        The law is this page’s own, with one fit for each target. RegMix uses trees (LightGBM),
        which rank as well given enough proxies, but whose curves are steps.
      </Source>
    </>
  );
}

/** The gain from five more points of the target's own language, at two weights. */
function Worth({ model }: { model: LawModel }) {
  const { study, settings } = useSession();
  const yours = useYours();
  const { target } = useTarget();
  const domain = study.domains.findIndex(({ id }) => id === settings.target);
  if (domain < 0) return null;
  const lossAt = (weight: number) => predictRow(model, alongDomain(yours, domain, weight));
  const gain = (from: number) => formatNumber(lossAt(from) - lossAt(from + 0.05), 3);
  return (
    <dl className="learn-figures">
      <dt>{study.domains[domain].name} from 0% to 5% lowers the loss by</dt>
      <dd>{gain(0)}</dd>
      <dt>{study.domains[domain].name} from 60% to 65% lowers it by</dt>
      <dd>
        {gain(0.6)} {target.unit}
      </dd>
    </dl>
  );
}

function Curves({ model }: { model: LawModel }) {
  const { study } = useSession();
  const { target } = useTarget();
  const yours = useYours();
  const sampled = useMemo(
    () =>
      study.domains.map((_, domain) => {
        const sorted = columnOf(study.training.mixtures, domain).sort();
        return deciles.map((share) => quantile(sorted, share));
      }),
    [study],
  );
  const curves = runJob(partialDependence(model, yours, []));
  const panels = curves.map(({ weights, predicted }, domain) => ({
    label: study.domains[domain].name,
    weights,
    predicted,
    low: null,
    high: null,
    current: yours[domain],
    sampled: sampled[domain],
  }));
  return (
    <ChartFrame
      title="How each language saturates"
      note={`From your mixture, whose largest weight is ${formatPercent(Math.max(...yours), 0)}: one weight changes, the others scale in proportion.`}
      fileName="learn-saturation"
      how="The law’s prediction along the line from your mixture to the domain alone. Ticks at the foot are the deciles of the trained weights; beyond them a curve is extrapolation."
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          { key: 'weight', label: 'weight', numeric: true },
          { key: 'predicted', label: `predicted ${target.name}`, unit: target.unit, numeric: true },
        ],
        rows: () =>
          panels.flatMap(({ label, weights, predicted }) =>
            Array.from(weights, (weight, step) => [label, weight, predicted[step]]),
          ),
      }}
    >
      <DependenceChart panels={panels} name={target.name} unit={target.unit} />
    </ChartFrame>
  );
}
