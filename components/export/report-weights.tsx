import { formatPercent } from '../../lib/format';
import type { Domain, NamedMixture } from '../../lib/study/types';

/** More domains than this do not fit on a page beside the rest: the smallest are added up. */
const mostRows = 24;

/** Weights as a table with bars, the largest first. */
export function ReportWeights({
  domains,
  weights,
  prior,
  human,
  lower,
  upper,
  binding,
}: {
  domains: readonly Domain[];
  weights: Float64Array;
  prior: Float64Array;
  human: NamedMixture | null;
  lower: ArrayLike<number>;
  upper: ArrayLike<number>;
  binding: readonly number[];
}) {
  const order = domains.map((_, domain) => domain).sort((a, b) => weights[b] - weights[a] || a - b);
  const shown = order.slice(0, order.length > mostRows ? mostRows - 1 : mostRows);
  const rest = order.slice(shown.length);
  const sumOf = (values: ArrayLike<number>) =>
    rest.reduce((sum, domain) => sum + values[domain], 0);
  const largest = Math.max(...weights);
  return (
    <table className="report-weights">
      <thead>
        <tr>
          <th scope="col">Domain</th>
          <th scope="col">Weight</th>
          <th scope="col" aria-label="Bar" />
          <th scope="col">Prior</th>
          {human && <th scope="col">{human.name}</th>}
          <th scope="col">At least</th>
          <th scope="col">At most</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((domain) => (
          <tr key={domains[domain].id}>
            <th scope="row">{domains[domain].name}</th>
            <td>{formatPercent(weights[domain], 2)}</td>
            <td className="report-bar">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * weights[domain]) / largest} height="8" fill="var(--accent)" />
              </svg>
            </td>
            <td>{formatPercent(prior[domain], 2)}</td>
            {human && <td>{formatPercent(human.weights[domain], 2)}</td>}
            <td>{lower[domain] > 0 ? formatPercent(lower[domain], 1) : '–'}</td>
            <td>
              {upper[domain] < 1 ? formatPercent(upper[domain], 1) : '–'}
              {binding.includes(domain) && ' binds'}
            </td>
          </tr>
        ))}
        {rest.length > 0 && (
          <tr>
            <th scope="row">{rest.length} others</th>
            <td>{formatPercent(sumOf(weights), 2)}</td>
            <td />
            <td>{formatPercent(sumOf(prior), 2)}</td>
            {human && <td>{formatPercent(sumOf(human.weights), 2)}</td>}
            <td />
            <td />
          </tr>
        )}
      </tbody>
    </table>
  );
}
