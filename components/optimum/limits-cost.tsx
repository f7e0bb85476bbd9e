'use client';

import { formatNumber, formatPercent } from '../../lib/model/format';
import type { Constraints, OptimumReport } from '../../lib/model/limits';
import type { Study } from '../../lib/model/study';
import { bindingText, leadingWeights } from '../../lib/optimum/finding';
import { useOptimum, useSession } from '../shell/stores';
import '../ui/advice.css';

/** What all limits cost together, in one clause: by how much, how many bind, and what would be best without. */
export function LimitsCost() {
  const { study, settings } = useSession();
  const { report, status, advice } = useOptimum((state) => state);
  const isOfLimits = status !== 'infeasible' && advice?.verb !== 'none';
  if (!report || !isOfLimits || report.optimum.weights.length !== study.domains.length) return null;
  const clause = costClause(report, study, settings.constraints);
  if (!clause) return null;
  return (
    <section className="clause" aria-label="What the limits cost">
      <h3>
        {clause.title} {clause.figure && <span className="numeric">{clause.figure}</span>}
      </h3>
      <p>{clause.text}</p>
    </section>
  );
}

/** A cost below this rounds to nothing. */
const least = 0.0005;

/** The clause in words; null for the worst mixture, and for the notebook's, which knows no limits. */
export function costClause(
  { cost, optimum, prior }: Pick<OptimumReport, 'cost' | 'optimum' | 'prior'>,
  study: Pick<Study, 'domains'>,
  { beyondTried, locked }: Pick<Constraints, 'beyondTried' | 'locked'>,
): { readonly title: string; readonly figure: string; readonly text: string } | null {
  if (!cost) return null;
  const binds = `${bindingText(optimum.binding, locked)}.`;
  if (cost.score < least) {
    return { title: 'Limits cost nothing', figure: '', text: binds };
  }
  const mixture = leadingWeights(study.domains, cost.weights)
    .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
    .join(', ');
  const within = beyondTried ? 'Without limits' : 'Without limits but “largest tried”';
  // Of several targets the score has no unit and no direction but down.
  const isHigher = prior.length === 1 && optimum.predictions[0] < cost.predictions[0];
  const sign = isHigher ? '−' : '+';
  return {
    title: 'Limits cost',
    figure: `${sign}${formatNumber(cost.score, 3)}`,
    text: `${binds} ${within}: ${mixture}.`,
  };
}
