'use client';

import { useState } from 'react';
import { formatPercent, formatTokensExactly } from '../../lib/format';
import { boundsOf } from '../../lib/optimum/constraints';
import type { Constraints, Remedy } from '../../lib/optimum/types';
import { parseQuantity } from '../../lib/runs/quantity';
import { unlimited } from '../../lib/study/settings';
import { Stage } from '../explorer/stage';
import { useOptimum, useSession, useStores } from '../explorer/stores';
import { useOrderedDomains } from '../explorer/use-ordered-domains';
import { Slider } from '../ui/slider';
import { DomainLimits } from './domain-limits';
import { editConstraints, withRemedy, withRequestedTokens, withSharedEpochs } from './limits';
import { parseRequested, tokensAtExponent } from './token-text';

/** Requested tokens are set on a logarithmic slider from 100 K to 100 T. */
const requestedRange = { low: 5, high: 14 };
/** Above this many domains a name filter is shown. */
const filterFrom = 25;

/** What the user has: tokens requested and at hand, epochs, and direct bounds per domain. */
export function LimitsPanel() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const feasibility = useOptimum((state) => state.feasibility);
  const ordered = useOrderedDomains();
  const [filter, setFilter] = useState('');
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 0;
  const bounds = boundsOf(constraints);
  const edit = (change: (limits: Constraints) => Constraints) => editConstraints(store, change);
  const request = (tokens: number) => edit((limits) => withRequestedTokens(limits, tokens));
  const repeat = (epochs: number) => edit((limits) => withSharedEpochs(limits, epochs));
  const gesture = { onStart: store.beginGesture, onCommit: store.endGesture };
  const sharedEpochs = constraints.epochs.every((epochs) => epochs === constraints.epochs[0])
    ? constraints.epochs[0]
    : null;
  // While a field of the list has the focus its order stands still, so that Tab goes where it points.
  const [held, setHeld] = useState<readonly number[] | null>(null);
  const listed = held?.length === ordered.length ? held : ordered;
  const shown = listed.filter((index) =>
    study.domains[index].name.toLowerCase().includes(filter.toLowerCase()),
  );

  return (
    <Stage
      id="limits"
      title="Token limits"
      finding="What you have, and how often you will repeat it."
    >
      {/* A new study starts with fields that hold nothing typed for the old one. */}
      <div key={study.id} className="limits">
        {!feasibility.feasible && (
          <Infeasible message={feasibility.message} remedies={feasibility.remedies} />
        )}
        <Slider
          label="Requested tokens"
          value={Math.log10(Math.max(requested, 1))}
          min={requestedRange.low}
          max={requestedRange.high}
          step={0.01}
          bigStep={0.1}
          format={(exponent) => formatTokensExactly(tokensAtExponent(exponent))}
          display={formatTokensExactly(requested)}
          parse={parseRequested}
          expected="a number of tokens from 1M to 1000T, such as 25B"
          onChange={(exponent) => request(tokensAtExponent(exponent))}
          onTyped={request}
          {...gesture}
        />
        <Slider
          label="Epochs at most"
          value={sharedEpochs ?? constraints.epochs[0]}
          min={0.5}
          max={16}
          step={0.1}
          bigStep={1}
          format={(epochs) => `${Number(epochs.toFixed(2))} ×`}
          display={sharedEpochs === null ? 'varies' : undefined}
          parse={(text) => {
            const epochs = parseQuantity(text.replace(/[×x]\s*$/i, ''));
            return epochs === null || epochs <= 0 || epochs > 1000 ? null : epochs;
          }}
          expected="how often tokens may be repeated, such as 4"
          onChange={repeat}
          onTyped={repeat}
          {...gesture}
        />
        <div className="limits-head">
          <h3>Tokens at hand, by domain</h3>
          <button
            type="button"
            className="link"
            onClick={() =>
              edit(({ requestedTokens }) => ({
                ...unlimited(study.domains.length),
                requestedTokens,
              }))
            }
          >
            No limits
          </button>
        </div>
        {study.domains.length > filterFrom && (
          <input
            type="search"
            className="field"
            aria-label="Find a domain"
            placeholder="Find a domain"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        )}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notices focus that its fields bring */}
        <div
          className="limits-list"
          onFocus={() => setHeld((order) => order ?? ordered)}
          onBlur={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget)) setHeld(null);
          }}
        >
          {shown.map((index) => (
            <DomainLimits key={study.domains[index].id} index={index} bounds={bounds} />
          ))}
        </div>
        <p className="quiet small">
          A domain may weigh at most epochs × tokens at hand ÷ requested tokens. Caps now sum to{' '}
          {formatPercent(
            bounds.upper.reduce((sum, cap) => sum + cap, 0),
            0,
          )}
          .
        </p>
      </div>
    </Stage>
  );
}

function Infeasible({ message, remedies }: { message: string; remedies: readonly Remedy[] }) {
  const { study: store } = useStores();
  return (
    <div className="notice notice-danger" role="alert">
      <p>{message}</p>
      {remedies.length > 0 && (
        <ul>
          {remedies.map((remedy) => (
            <li key={remedy.text}>
              {remedy.text} <RemedyButton remedy={remedy} />
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="link" onClick={store.undo}>
        Undo the last change
      </button>
    </div>
  );
}

function RemedyButton({ remedy }: { remedy: Remedy }) {
  const { study: store } = useStores();
  const constraints = useSession().settings.constraints;
  if (withRemedy(constraints, remedy.change) === null) return null;
  const apply = () =>
    editConstraints(store, (limits) => withRemedy(limits, remedy.change) ?? limits);
  return (
    <button type="button" className="link" onClick={apply}>
      Do this
    </button>
  );
}
