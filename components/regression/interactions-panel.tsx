'use client';

import { formatNumber } from '../../lib/model/format';
import type { Matrix } from '../../lib/model/matrix';
import { ownDomains } from '../../lib/model/own-domains';
import type { RegressorId } from '../../lib/model/regressor';
import type { Study } from '../../lib/model/study';
import { ChartFrame } from '../charts/chart-frame';
import { ImportanceChart } from '../charts/importance-chart';
import { RhoFrame } from '../charts/rho-frame';
import { mostDrawn, useHover, useNear, useOrderedDomains } from '../shell/hooks';
import { Stage } from '../shell/stage';
import { useActiveFit, useSession } from '../shell/stores';
import { DrawnNote } from '../ui/layout';
import { ProgressLine } from '../ui/progress';
import { DomainTargets } from './domain-targets';
import { useInteractions } from './use-interactions';

/** Which domains affect which targets. */
export function InteractionsPanel() {
  const { study } = useSession();
  const [place, isNear] = useNear();
  const shown = useInteractions(isNear);
  return (
    <Stage id="interactions" title="Interactions" finding="Which domains affect which targets.">
      <div ref={place}>
        <DomainTargets
          study={study}
          shown={shown}
          closest={
            shown.value &&
            (strongestPair(shown.value.domainTarget, study) ??
              'No domain correlates with any target but its own.')
          }
          isNear={isNear}
        />
      </div>
    </Stage>
  );
}

/** Which targets are correlated, and what the fit relies on. */
export function TargetsPanel() {
  const { study } = useSession();
  const [place, isNear] = useNear();
  const { value, progress, problem, over } = useInteractions(isNear);
  return (
    <div ref={place} className="pair">
      <RhoFrame
        title="Correlation of targets"
        note={over}
        fileName="regmix-target-target"
        how="Spearman’s rho between two targets, over the training runs: repeats of a mixture averaged, diverged runs left out. A loss and a score that improve together are near −1."
        axis="target"
        names={study.targets.map(({ name }) => name)}
        targets={study.targets}
        rho={value?.targetTarget ?? null}
        waiting={progress ? <ProgressLine progress={progress} /> : problem || 'Not measured yet.'}
      />
      <Importance />
    </div>
  );
}

function Importance() {
  const { study, settings } = useSession();
  const { state: fit, regressor } = useActiveFit();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered.slice(0, mostDrawn));
  const importance = fit?.status === 'done' ? fit.report.importance : null;
  const target = study.targets.find(({ id }) => id === settings.target);
  const rows = ordered.map((domain) => ({
    label: study.domains[domain].name,
    share: importance ? importance[domain] : 0,
  }));
  return (
    <ChartFrame
      title={`Importance of domains for ${target?.name ?? 'the target'}`}
      fileName="regmix-importance"
      how={`${importanceBy(regressor)} It shows how much the fit uses a domain, not whether more of it helps.`}
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          { key: 'share', label: 'share of importance', numeric: true },
        ],
        rows: () => rows.map(({ label, share }) => [label, share]),
      }}
    >
      <ImportanceChart rows={rows.slice(0, mostDrawn)} {...hover} />
      <DrawnNote drawn={mostDrawn} total={rows.length} />
    </ChartFrame>
  );
}

/** What the importance in a regressor's fit is a share of. */
function importanceBy(regressor: RegressorId): string {
  switch (regressor) {
    case 'ols':
    case 'ridge':
      return 'Share of |coefficient| × sd(weight) per domain.';
    case 'gbdt':
    case 'gbdt-paper':
      return 'Share of the loss reduction by splits on each domain, summed over all trees.';
    default:
      return 'How far the prediction moves when a domain’s weight is set to its mean, averaged over the runs, as a share of all domains.';
  }
}

/** The most correlated pair but a target and the domain that it is named after, in words. */
export function strongestPair(
  { values, columns }: Matrix,
  study: Pick<Study, 'domains' | 'targets'>,
): string | null {
  const own = ownDomains(study);
  let best = -1;
  values.forEach((rho, cell) => {
    // That more of a domain lowers the loss on its own text is no news.
    if (own[cell % columns] === Math.floor(cell / columns)) return;
    if (Math.abs(rho) > (best < 0 ? 0 : Math.abs(values[best]))) best = cell;
  });
  if (best < 0) return null;
  const domain = study.domains[Math.floor(best / columns)];
  const target = study.targets[best % columns];
  const rho = values[best];
  const way = rho < 0 ? 'lower' : 'higher';
  const beside = own.some((each) => each !== null) ? ' beyond targets’ own domains' : '';
  return `Strongest correlation${beside}: more ${domain.name} goes with ${way} ${target.name} (rho ${formatNumber(rho, 2)}).`;
}
