'use client';

import { formatNumber, formatPercent, formatTokens, plural } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import { boundsOf, heldBy } from '../../lib/optimum/constraints';
import { leadingWeights } from '../../lib/optimum/finding';
import { editConstraints, withBeyondTried } from '../limits/limits';
import { useOptimum, useSession, useStores } from '../shell/stores';
import { Disclosure, NumericHead, ScrollX } from '../ui/layout';

/** Smaller gains round to nothing. */
const least = 0.00005;

/**
 * What the limits cost together, what a little more of each is worth, and which domain's tokens to collect
 * first; nothing while no mixture meets the limits, since those of the former mixture are not those set now.
 */
export default function Prices({ report, unit }: { report: OptimumReport; unit: string }) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const isInfeasible = useOptimum(({ status }) => status === 'infeasible');
  const { prices, tokenPrices, cost, optimum } = report;
  if (isInfeasible || optimum.weights.length !== study.domains.length) return null;
  const { constraints } = settings;
  const { requestedTokens } = constraints;
  const bounds = boundsOf(constraints, study);
  const { lower, upper, source } = bounds;
  const rows = study.domains
    .map(({ id, name }, domain) => ({
      id,
      name,
      limit: limitText(domain),
      isTried: source[domain] === 'tried',
      point: prices?.[domain] ?? 0,
      tokens: tokenPrices?.[domain] ?? 0,
    }))
    .filter(({ point, tokens }) => point >= least || tokens >= least)
    .sort((a, b) => b.tokens - a.tokens || b.point - a.point);
  const total = cost?.score ?? 0;
  if (rows.length === 0 && total < least) return null;
  const inUnit = unit === '' ? '' : ` ${unit}`;
  const [first] = rows;
  const bought = requestedTokens === null ? null : requestedTokens / 100;
  const tried = rows.filter(({ isTried, point }) => isTried && point >= least);
  return (
    <Disclosure
      label={
        total >= least
          ? `Limits cost ${formatNumber(total, 4)}${inUnit}`
          : `What ${plural(rows.length, 'limit')} ${rows.length === 1 ? 'costs' : 'cost'}`
      }
    >
      {cost && total >= least && (
        <p className="small">
          Without your limits, the best mixture
          {constraints.beyondTried ? '' : ' within what was tried'} is {mixtureText(cost.weights)},{' '}
          {formatNumber(total, 4)}
          {inUnit} better.
        </p>
      )}
      {rows.length > 0 && (
        <>
          <p className="small">
            {bought !== null && first.tokens >= least
              ? `Collect ${first.name} first: more tokens of it gain ${formatNumber(first.tokens, 4)}${inUnit} per ${formatTokens(bought)} (1% of those requested) at first. Each further token gains less.`
              : tried.length === rows.length
                ? 'Only the largest weights tried bind.'
                : 'No binding limit comes from tokens: raise the largest weights instead.'}
          </p>
          <ScrollX label="Prices of limits, scrolls sideways">
            <table className="figures" aria-label="What a little more of each limit would gain">
              <thead>
                <tr>
                  <th scope="col">Domain</th>
                  <th scope="col">Limit</th>
                  {bought !== null && (
                    <NumericHead title="Predicted gain per 1% of the requested tokens more of the domain, at first">
                      Per {formatTokens(bought)} tokens
                    </NumericHead>
                  )}
                  <NumericHead title="Predicted gain per point of weight in the cap, at first; where tokens set the cap, of the tokens for a point">
                    Per point of cap
                  </NumericHead>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ id, name, limit, point, tokens }) => (
                  <tr key={id}>
                    <th scope="row">{name}</th>
                    <td>{limit}</td>
                    {bought !== null && <td className="numeric">{gainText(tokens)}</td>}
                    <td className="numeric">{gainText(point)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollX>
        </>
      )}
      {tried.length > 0 && (
        <p className="small">
          Tokens do not lift “largest tried”. Only a run with a larger weight shows what more is
          worth.{' '}
          <button
            type="button"
            className="link"
            onClick={() => editConstraints(store, (limits) => withBeyondTried(limits, true))}
          >
            Lift “largest tried”
          </button>
        </p>
      )}
    </Disclosure>
  );

  function limitText(domain: number): string {
    const cap = formatPercent(upper[domain], 1);
    const isHeld = optimum.binding.includes(domain);
    if (source[domain] === 'lock') return `pinned at ${cap}`;
    if (isHeld && heldBy(bounds, domain, optimum.weights[domain]) === 'min') {
      return `at least ${formatPercent(lower[domain], 1)}`;
    }
    if (isHeld) return source[domain] === 'tried' ? `largest tried ${cap}` : `cap ${cap}`;
    const tokens = constraints.availableTokens[domain] ?? Number.POSITIVE_INFINITY;
    const times = (optimum.weights[domain] * (requestedTokens ?? 0)) / tokens;
    return `read ${formatNumber(times, 1)} ×`;
  }

  function mixtureText(weights: Float64Array): string {
    return leadingWeights(study.domains, weights)
      .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
      .join(', ');
  }
}

/** A gain; a dash where there is none. */
function gainText(gain: number): string {
  return gain < least ? '–' : formatNumber(gain, 4);
}
