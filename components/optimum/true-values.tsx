'use client';

import type { Truth } from '../../lib/analysis/truth';
import { betterText, formatNumber, unitBeside } from '../../lib/model/format';
import { boundsOf, violatedBy } from '../../lib/optimum/constraints';
import { regretText } from '../../lib/optimum/truth';
import { useOptimum, useSession } from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';

/**
 * The values of mixtures under the true law of simulated runs, and the regret of the optimum found.
 */
export default function TrueValues({ truth }: { truth: Truth }) {
  const { study, settings } = useSession();
  const report = useOptimum((state) => state.report);
  const isReady = useOptimum((state) => state.status === 'ready');
  if (!report) return null;
  const { objective } = truth;
  const found = report.optimum.weights;
  const mixtures = [
    { name: 'Found', values: truth.values(found) },
    { name: 'True best', values: truth.values(truth.weights) },
    { name: 'Prior', values: truth.values(study.prior.weights) },
    ...(settings.yours
      ? [{ name: 'Yours', values: truth.values(Float64Array.from(settings.yours)) }]
      : []),
  ];
  const targets = objective.terms.map(
    (term) => study.targets.find(({ id }) => id === term.target) ?? study.targets[0],
  );
  return (
    <>
      <ScrollX label="True values, scrolls sideways">
        <table className="figures" aria-label="True values">
          <thead>
            <tr>
              <th scope="col">By the true law</th>
              {mixtures.map(({ name }) => (
                <NumericHead key={name}>{name}</NumericHead>
              ))}
            </tr>
          </thead>
          <tbody>
            {targets.map(({ id, name, unit, direction }, place) => (
              <tr key={id}>
                <th scope="row">
                  {name}
                  <span className="quiet">
                    {' '}
                    {[unitBeside(name, unit), betterText(direction)].filter(Boolean).join(', ')}
                  </span>
                </th>
                {mixtures.map((mixture) => (
                  <td key={mixture.name} className="numeric">
                    {formatNumber(mixture.values[place], 4)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      <p className="quiet small true-regret">
        These runs were drawn from a known law, so the true optimum within the limits is known.{' '}
        {comparisonText()}
      </p>
    </>
  );

  function comparisonText(): string {
    const isWithin = violatedBy(found, boundsOf(settings.constraints, study)).length === 0;
    if (isWithin) return regretText(truth, objective, found, targets[0].unit);
    return isReady
      ? 'The mixture found breaks limits and the true best one does not, so the two are not compared.'
      : 'The limits have changed; searching again…';
  }
}
