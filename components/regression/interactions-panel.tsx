'use client';

import { formatNumber } from '../../lib/format';
import type { Matrix } from '../../lib/matrix';
import type { Interactions } from '../../lib/regression/interactions';
import { findRegressor } from '../../lib/regression/regressors';
import type { Study } from '../../lib/study/types';
import { ChartFrame } from '../charts/chart-frame';
import { Heatmap } from '../charts/heatmap';
import { ImportanceChart } from '../charts/importance-chart';
import { Stage } from '../explorer/stage';
import { useActiveFit, useAnalysis, useSession, useStores, useView } from '../explorer/stores';
import { useHover, useOrderedDomains } from '../explorer/use-ordered-domains';
import { ProgressLine } from '../ui/progress';
import { Segmented } from '../ui/segmented';

/** Which domains move which targets, which targets move together, and what the fit relies on. */
export function InteractionsPanel() {
  const { study } = useSession();
  const interactions = useAnalysis((state) => state.interactions);
  return (
    <Stage id="interactions" title="Interactions" below finding={finding()}>
      {interactions.status === 'pending' && (
        <div className="placeholder">
          {interactions.progress ? (
            <ProgressLine progress={interactions.progress} />
          ) : (
            'Measured when the fits above are done.'
          )}
        </div>
      )}
      {interactions.status === 'failed' && (
        <p className="notice notice-danger">
          {interactions.message} {interactions.advice}
        </p>
      )}
      {interactions.status === 'done' && (
        <>
          <DomainTargets study={study} value={interactions.value} />
          <div className="pair">
            <TargetTargets study={study} value={interactions.value} />
            <Importance />
          </div>
        </>
      )}
    </Stage>
  );

  function finding(): string {
    if (interactions.status !== 'done') return 'Which domains move which targets.';
    const strongest = strongestPair(interactions.value.domainTarget, study);
    return strongest ?? 'No domain moves any target by rank.';
  }
}

function DomainTargets({ study, value }: { study: Study; value: Interactions }) {
  const { view } = useStores();
  const mode = useView((state) => state.heatmap);
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const matrix = mode === 'spearman' ? value.domainTarget : value.coefficients;
  const cells = ordered.map((domain) =>
    study.targets.map((_, target) => matrix.values[domain * matrix.columns + target]),
  );
  const quantity = mode === 'spearman' ? 'Spearman’s rho' : 'standardised linear coefficient';
  return (
    <ChartFrame
      title="Domains and targets"
      fileName={`regmix-domain-target-${mode}`}
      how={
        mode === 'spearman'
          ? 'Spearman’s rho over the training runs between a domain’s weight and a target. Below zero: more of the domain goes with a lower value. Weights sum to 1, so more of one domain is always less of the others.'
          : 'Coefficient of the ordinary least squares model of each target on all weights, times sd(weight) / sd(target). Unlike rho it holds the other domains apart, as far as a linear model can.'
      }
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          ...study.targets.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
        ],
        rows: () =>
          ordered.map((domain, row) => [study.domains[domain].name, ...cells[row].map(finite)]),
      }}
    >
      <Segmented
        label="Cells show"
        value={mode}
        options={[
          { value: 'spearman', label: 'Spearman’s rho' },
          { value: 'coefficients', label: 'Linear coefficients' },
        ]}
        onChange={(next) =>
          view.setState({ heatmap: next === 'coefficients' ? 'coefficients' : 'spearman' })
        }
      />
      <Heatmap
        rows={ordered.map((domain) => study.domains[domain].name)}
        columns={study.targets.map(({ name }) => name)}
        values={cells}
        quantity={quantity}
        rowAxis="domain"
        columnAxis="target"
        hoveredRow={hover.hovered}
        onHoverRow={hover.onHover}
      />
    </ChartFrame>
  );
}

function TargetTargets({ study, value }: { study: Study; value: Interactions }) {
  const { targetTarget } = value;
  const names = study.targets.map(({ name }) => name);
  const cells = study.targets.map((_, row) =>
    study.targets.map((__, column) => targetTarget.values[row * targetTarget.columns + column]),
  );
  return (
    <ChartFrame
      title="Targets and targets"
      fileName="regmix-target-target"
      how="Spearman’s rho over the training runs between two targets: which validation loss tracks which downstream score. A loss and a score that improve together are near −1."
      data={{
        columns: [
          { key: 'target', label: 'target' },
          ...study.targets.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
        ],
        rows: () => names.map((name, row) => [name, ...cells[row].map(finite)]),
      }}
    >
      <Heatmap
        rows={names}
        columns={names}
        values={cells}
        quantity="Spearman’s rho"
        rowAxis="target"
        columnAxis="target"
      />
    </ChartFrame>
  );
}

function Importance() {
  const { study, settings } = useSession();
  const fit = useActiveFit();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const importance = fit?.status === 'done' ? fit.report.importance : null;
  const regressor = findRegressor(settings.regressor);
  const target = study.targets.find(({ id }) => id === settings.target);
  const rows = ordered.map((domain) => ({
    label: study.domains[domain].name,
    share: importance ? importance[domain] : 0,
  }));
  return (
    <ChartFrame
      title={`What the fit of ${target?.name ?? 'the target'} relies on`}
      fileName="regmix-importance"
      how={
        regressor.id === 'ols' || regressor.id === 'ridge'
          ? 'Share of |coefficient| × sd(weight) per domain. It says how much the fit uses a domain, not whether more of it helps.'
          : 'Share of the loss reduction by splits on each domain, summed over all trees. It says how much the fit uses a domain, not whether more of it helps.'
      }
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          { key: 'share', label: 'share of importance', numeric: true },
        ],
        rows: () => rows.map(({ label, share }) => [label, share]),
      }}
    >
      <ImportanceChart rows={rows} {...hover} />
    </ChartFrame>
  );
}

/** The pair that moves together most, in words. */
function strongestPair(matrix: Matrix, study: Study): string | null {
  let best = -1;
  for (let cell = 0; cell < matrix.values.length; cell++) {
    const strength = Math.abs(matrix.values[cell]);
    if (strength > (best < 0 ? 0 : Math.abs(matrix.values[best]))) best = cell;
  }
  if (best < 0) return null;
  const domain = study.domains[Math.floor(best / matrix.columns)];
  const target = study.targets[best % matrix.columns];
  const rho = matrix.values[best];
  const way = rho < 0 ? 'lower' : 'higher';
  return `Closest tie: more ${domain.name} goes with ${way} ${target.name} (rho ${formatNumber(rho, 2)}).`;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
