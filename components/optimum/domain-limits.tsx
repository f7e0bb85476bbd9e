'use client';

import { formatPercent, formatTokensExactly } from '../../lib/format';
import type { Bounds } from '../../lib/optimum/types';
import { parseQuantity } from '../../lib/runs/quantity';
import { useOptimum, useSession, useStores, useView } from '../explorer/stores';
import { Slider } from '../ui/slider';
import { TypedOption } from '../ui/typed-option';
import { type DomainLimit, editConstraints, withDomainLimit } from './limits';
import { parseShare, parseTokensAtHand, tokensAtPoints } from './token-text';
import { useOutdated } from './use-outdated';

/** Bounds that are set as a share of the tokens. */
const shareBounds = [
  { label: 'At least', key: 'min' },
  { label: 'At most', key: 'max' },
  { label: 'Lock at', key: 'locked' },
] as const;

/** One domain's tokens at hand as a slider, in points of the requested tokens, with its cap beside it. */
export function DomainLimits({ index, bounds }: { index: number; bounds: Bounds }) {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const hovered = useView((state) => state.hoveredDomain === index);
  const isOutdated = useOutdated();
  const binding = useOptimum(
    ({ feasibility, report }) =>
      feasibility.feasible && !isOutdated && (report?.optimum.binding.includes(index) ?? false),
  );
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 1;
  const tokens = constraints.availableTokens[index];
  const share = tokens === null ? 1 : Math.min(1, tokens / requested);
  const cap = bounds.upper[index];
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
          <span className={binding ? 'cap cap-binding' : 'cap'}>{capText()}</span>
          <span className="quiet">more</span>
        </summary>
        <div className="direct-bounds">
          <TypedOption
            label="Epochs"
            name={name}
            value={constraints.epochs[index]}
            format={(epochs) => String(Number(epochs.toFixed(2)))}
            parse={(text) => positive(parseQuantity(text))}
            expected="a number above 0, such as 4"
            onChange={(epochs) => edit({ epochs: epochs ?? constraints.epochs[index] })}
          />
          {shareBounds.map(({ label, key }) => (
            <TypedOption
              key={key}
              label={label}
              name={name}
              value={constraints[key][index]}
              format={percentField}
              parse={parseShare}
              expected="a share from 0% to 100%"
              onChange={(value) => edit(key === 'min' ? { min: value ?? 0 } : { [key]: value })}
            />
          ))}
        </div>
      </details>
    </fieldset>
  );

  function capText(): string {
    if (bounds.source[index] === 'lock') return `locked at ${formatPercent(cap, 1)}`;
    if (cap >= 1) return 'no cap';
    const mark = binding ? ', binds' : '';
    return `cap ${formatPercent(cap, 1)}${mark}`;
  }
}

function percentField(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

function positive(value: number | null): number | null {
  return value === null || value <= 0 || value > 1000 ? null : value;
}

function written(tokens: number | null): string {
  return tokens === null ? 'no limit' : formatTokensExactly(tokens);
}
