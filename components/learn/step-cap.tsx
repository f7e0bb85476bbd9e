'use client';

import { formatNumber, formatPercent, formatTokens, formatTokensExactly } from '../../lib/format';
import { boundsOf } from '../../lib/optimum/constraints';
import { useAnalysis, useSession, useStores } from '../explorer/stores';
import { editConstraints, withDomainLimit } from '../optimum/limits';
import { parseTokensAtHand, tokensAtPoints } from '../optimum/token-text';
import { Slider } from '../ui/slider';
import { Act, Arxiv, Source } from './act';
import { ComparedWeights } from './compared-weights';
import type { StepProps } from './lesson';
import { useTarget } from './use-target';

/** Text runs out: a cap that binds, and what one more point of it is worth. */
export function CapStep({ onDone }: StepProps) {
  const { study: store } = useStores();
  const { study, settings } = useSession();
  const { target } = useTarget();
  const { report, feasibility, status } = useAnalysis((state) => state.optimum);
  const domain = Math.max(
    0,
    study.domains.findIndex(({ id }) => id === settings.target),
  );
  const { name } = study.domains[domain];
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 1;
  const tokens = constraints.availableTokens[domain];
  const epochs = constraints.epochs[domain];
  const cap = boundsOf(constraints).upper[domain];
  const binds = feasibility.feasible && (report?.optimum.binding.includes(domain) ?? false);
  const price = report?.prices?.[domain] ?? 0;
  const setTokens = (next: number | null) =>
    editConstraints(store, (limits) =>
      withDomainLimit(limits, domain, {
        availableTokens: next !== null && Number.isFinite(next) ? next : null,
      }),
    );
  return (
    <>
      <p className="prose">
        Nobody has text without end. Say that the large model reads {formatTokens(requested)} tokens
        and you have {name} text of a certain size. Reading it again helps almost as much as fresh
        text up to about four times, so a domain may weigh at most
      </p>
      <p className="learn-formula">cap = min(1, epochs × tokens at hand ÷ requested tokens)</p>
      <Act
        task={`Take ${name} text away until its cap binds: until the best mixture wants more of it than there is.`}
      >
        <div className="learn-pair">
          <Slider
            label={`Tokens at hand of ${name}`}
            value={tokens === null ? 100 : Math.min(100, (tokens / requested) * 100)}
            min={0}
            max={100}
            step={0.1}
            bigStep={2}
            format={(points) => written(tokensAtPoints(points, requested))}
            display={written(tokens)}
            parse={(text) => parseTokensAtHand(text, requested)}
            expected="tokens such as 150K, a share such as 5%, or “no limit”"
            onStart={store.beginGesture}
            onChange={(points) => {
              const next = tokensAtPoints(points, requested);
              setTokens(next);
              tell(next);
            }}
            onTyped={(typed) => {
              setTokens(typed);
              tell(typed);
            }}
            onCommit={store.endGesture}
          />
          <dl className="learn-figures" aria-live="polite" aria-busy={status !== 'ready'}>
            <dt>
              {tokens === null
                ? 'Cap'
                : `Cap: ${epochs} × ${written(tokens)} ÷ ${formatTokens(requested)}`}
            </dt>
            <dd>{cap >= 1 ? 'none' : formatPercent(cap, 1)}</dd>
            <dt>Weight of {name} in the best mixture</dt>
            <dd>
              {formatPercent(report?.optimum.weights[domain] ?? Number.NaN, 1)}
              {binds ? ', at its cap' : ''}
            </dd>
            <dt>Shadow price: what one more point of the cap would gain</dt>
            <dd>
              {binds ? `${formatNumber(price, 4)} ${target.unit}` : 'nothing: it does not bind'}
            </dd>
          </dl>
        </div>
        {!feasibility.feasible && <p className="refused">{feasibility.message}</p>}
        {report && <ComparedWeights report={report} isFeasible={feasibility.feasible} />}
      </Act>
      <p className="prose">
        The price rises as the cap falls: the less Spanish there is, the more another page of it is
        worth. Where several caps bind, the highest price says whose text to collect first. The
        weight that {name} cannot have goes to the languages that help most in its place.
      </p>
      <Source>
        RegMix’s rule for the cap: Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>.
        Why four epochs: Muennighoff et al. 2023, <Arxiv id="2305.16264">arXiv 2305.16264</Arxiv>,
        section 5.
      </Source>
    </>
  );

  /** The optimum at the last limit says from which cap on it binds. */
  function tell(next: number | null): void {
    const share = next === null ? 1 : (epochs * next) / requested;
    if (report && share <= report.optimum.weights[domain]) onDone();
  }
}

function written(tokens: number | null): string {
  return tokens === null ? 'no limit' : formatTokensExactly(tokens);
}
