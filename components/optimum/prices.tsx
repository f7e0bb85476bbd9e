'use client';

import { formatNumber, formatPercent, formatTokens } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import { useOptimum, useSession } from '../shell/stores';
import { Disclosure, NumericHead, ScrollX } from '../ui/layout';

/**
 * The value of one more point of each binding cap, and which domain's tokens to collect first; nothing
 * while no mixture meets the limits, since the caps of the former mixture are not those set now.
 */
export function Prices({ report, unit }: { report: OptimumReport; unit: string }) {
  const { study, settings } = useSession();
  const isInfeasible = useOptimum(({ status }) => status === 'infeasible');
  const { prices } = report;
  if (!prices || isInfeasible) return null;
  const { requestedTokens, availableTokens, epochs } = settings.constraints;
  const rows = study.domains
    .map(({ id, name }, domain) => {
      const isByTokens = requestedTokens !== null && availableTokens[domain] !== null;
      const tokens = isByTokens ? (0.01 * requestedTokens) / epochs[domain] : null;
      return { id, name, weight: report.optimum.weights[domain], worth: prices[domain], tokens };
    })
    .filter(({ worth }) => worth > 0)
    .sort((a, b) => b.worth - a.worth);
  if (rows.length === 0) return null;
  const byTokens = rows
    .filter(({ tokens }) => tokens !== null)
    .sort((a, b) => b.worth / (b.tokens ?? 1) - a.worth / (a.tokens ?? 1));
  const [first] = byTokens;
  return (
    <Disclosure
      label={`What the ${rows.length === 1 ? 'binding cap costs' : `${rows.length} binding caps cost`}`}
    >
      <p className="small">
        {first?.tokens
          ? `Collect ${first.name} first: ${formatTokens(first.tokens)} more tokens raise its cap by one point, worth ${formatNumber(first.worth, 4)}${unit === '' ? '' : ` ${unit}`}.`
          : 'No cap comes from tokens: raising the largest weights is what would help.'}
      </p>
      <ScrollX label="Prices of caps, scrolls sideways">
        <table className="figures" aria-label="Worth of one more point of each binding cap">
          <thead>
            <tr>
              <th scope="col">Domain</th>
              <NumericHead>Cap</NumericHead>
              <NumericHead title="Predicted gain of one more point of weight, to first order">
                One more point
              </NumericHead>
              <NumericHead>Tokens for it</NumericHead>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, name, weight, worth, tokens }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td className="numeric">{formatPercent(weight, 1)}</td>
                <td className="numeric">{formatNumber(worth, 4)}</td>
                <td className="numeric">{tokens === null ? '–' : formatTokens(tokens)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Disclosure>
  );
}
