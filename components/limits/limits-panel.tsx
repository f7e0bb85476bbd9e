'use client';

/**
 * The limits panel: requested tokens, and available tokens, epochs and bounds per domain, with
 * remedies for infeasible limits.
 */
import { useState } from 'react';
import { formatPercent, formatTokensExactly } from '../../lib/model/format';
import type { Bounds, Constraints, Remedy } from '../../lib/model/limits';
import { unlimited } from '../../lib/model/settings';
import { boundsOf, heldBy } from '../../lib/optimum/constraints';
import { useOutdated } from '../optimum/hooks';
import { Whose } from '../optimum/whose';
import { useOrderedDomains } from '../shell/hooks';
import { Stage } from '../shell/stage';
import { useOptimum, useSession, useStores, useView } from '../shell/stores';
import { Switch } from '../ui/controls';
import { LongList } from '../ui/long-list';
import { Slider } from '../ui/slider';
import { TypedOption } from '../ui/typed-value';
import {
  capText,
  type DomainLimit,
  editConstraints,
  withBeyondTried,
  withDomainLimit,
  withRemedy,
  withRequestedTokens,
  withSharedEpochs,
} from './limits';
import { TokenSources } from './token-sources';
import {
  parseEpochs,
  parseRequested,
  parseShare,
  parseTokensAtHand,
  shareText,
  tokensAtExponent,
  tokensAtPoints,
} from './token-text';

/** Requested tokens are set on a logarithmic slider from 100 K to 100 T. */
const requestedRange = { low: 5, high: 14 };
/** Above this many domains a filter by name is shown. */
const filterFrom = 25;

/** The limits: tokens requested and available, epochs, and direct bounds per domain. */
export function LimitsPanel() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const feasibility = useOptimum((state) => state.feasibility);
  const ordered = useOrderedDomains();
  const [filter, setFilter] = useState('');
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 0;
  const bounds = boundsOf(constraints, study);
  const edit = (change: (limits: Constraints) => Constraints) => editConstraints(store, change);
  const request = (tokens: number) => edit((limits) => withRequestedTokens(limits, tokens));
  const repeat = (epochs: number) => edit((limits) => withSharedEpochs(limits, epochs));
  const gesture = { onStart: store.beginGesture, onCommit: store.endGesture };
  const sharedEpochs = constraints.epochs.every((epochs) => epochs === constraints.epochs[0])
    ? constraints.epochs[0]
    : null;
  // While a field of the list has the focus, its order does not change, so that Tab moves as
  // expected.
  const [held, setHeld] = useState<readonly number[] | null>(null);
  const listed = held?.length === ordered.length ? held : ordered;
  const shown = listed.filter((index) =>
    study.domains[index].name.toLowerCase().includes(filter.toLowerCase()),
  );

  return (
    <Stage
      id="limits"
      title="Token limits"
      finding="The tokens you have, and how often they may repeat."
    >
      {/* A new study starts with fields that hold nothing typed for the old one. */}
      <div key={study.id} className="limits">
        <Whose />
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
          parse={parseEpochs}
          expected="how often tokens may be repeated, such as 4"
          onChange={repeat}
          onTyped={repeat}
          {...gesture}
        />
        <Switch
          label="No domain beyond the largest weight tried"
          hint="No run went beyond it. A domain in no run gets no weight either way, unless you lock it or set a least weight."
          checked={!constraints.beyondTried}
          onChange={(isHeld) => edit((limits) => withBeyondTried(limits, !isHeld))}
        />
        <div className="limits-head">
          <h3>Tokens at hand, by domain</h3>
          <button
            type="button"
            className="link"
            onClick={() =>
              edit(({ requestedTokens, beyondTried }) => ({
                ...unlimited(study.domains.length),
                requestedTokens,
                beyondTried,
              }))
            }
          >
            No limits
          </button>
        </div>
        <p className="quiet small">
          A domain may weigh at most epochs × tokens at hand ÷ requested tokens
          {constraints.beyondTried ? '' : ', and at most the largest weight tried'}. Caps now sum to{' '}
          {formatPercent(
            bounds.upper.reduce((sum, cap) => sum + cap, 0),
            0,
          )}
          .
        </p>
        <TokenSources />
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
          <LongList rows={shown} keyOf={(index) => study.domains[index].id} rowHeight={80}>
            {(index) => <DomainLimits index={index} bounds={bounds} />}
          </LongList>
        </div>
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

/** Bounds set as shares of the tokens. */
const shareBounds = [
  { label: 'At least', key: 'min' },
  { label: 'At most', key: 'max' },
  { label: 'Lock at', key: 'locked' },
] as const;

/** One domain's available tokens as a slider, in points of the requested tokens, with its cap. */
function DomainLimits({ index, bounds }: { index: number; bounds: Bounds }) {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const hovered = useView((state) => state.hoveredDomain === index);
  const isOutdated = useOutdated();
  const held = useOptimum(({ feasibility, report, advice }) =>
    feasibility.feasible &&
    !isOutdated &&
    advice?.verb !== 'none' &&
    report?.optimum.binding.includes(index)
      ? heldBy(bounds, index, report.optimum.weights[index])
      : null,
  );
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 1;
  const tokens = constraints.availableTokens[index];
  const share = tokens === null ? 1 : Math.min(1, tokens / requested);
  const { name } = study.domains[index];
  const edit = (change: Partial<DomainLimit>) =>
    editConstraints(store, (limits) => withDomainLimit(limits, index, change));
  const gesture = { onStart: store.beginGesture, onCommit: store.endGesture };
  const light = (lit: boolean) => view.setState({ hoveredDomain: lit ? index : null });

  return (
    <fieldset
      className={hovered ? 'domain-limit lit' : 'domain-limit'}
      onPointerEnter={() => light(true)}
      onPointerLeave={() => light(false)}
      onFocus={() => light(true)}
      onBlur={() => light(false)}
    >
      <legend className="visually-hidden">Limits of {name}</legend>
      <Slider
        label={name}
        ariaLabel={`Tokens at hand of ${name}`}
        value={share * 100}
        min={0}
        max={100}
        step={0.1}
        bigStep={1}
        format={(points) => written(tokensAtPoints(points, requested))}
        display={written(tokens)}
        parse={(text) => parseTokensAtHand(text, requested)}
        expected="tokens such as 0.75B, a share of the requested tokens such as 3%, or “no limit”"
        onChange={(points) => edit({ availableTokens: tokensAtPoints(points, requested) })}
        onTyped={(typed) => edit({ availableTokens: Number.isFinite(typed) ? typed : null })}
        {...gesture}
      />
      <details>
        <summary>
          <span className={held ? 'cap cap-binding' : 'cap'}>{capText(bounds, index, held)}</span>
          <span className="quiet">more</span>
        </summary>
        <div className="direct-bounds">
          <TypedOption
            label="Epochs"
            name={name}
            value={constraints.epochs[index]}
            format={(epochs) => String(Number(epochs.toFixed(2)))}
            parse={parseEpochs}
            expected="a number above 0, such as 4"
            onChange={(epochs) => edit({ epochs: epochs ?? constraints.epochs[index] })}
          />
          {shareBounds.map(({ label, key }) => (
            <TypedOption
              key={key}
              label={label}
              name={name}
              value={constraints[key][index]}
              format={shareText}
              parse={parseShare}
              expected="a share from 0% to 100%"
              onChange={(value) => edit(key === 'min' ? { min: value ?? 0 } : { [key]: value })}
            />
          ))}
        </div>
      </details>
    </fieldset>
  );
}

function written(tokens: number | null): string {
  return tokens === null ? 'no limit' : formatTokensExactly(tokens);
}
