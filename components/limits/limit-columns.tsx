'use client';

/** The limits of each domain as columns beside its lane: tokens at hand, epochs, least, most and cap. */
import { formatPercent, formatTokensExactly } from '../../lib/model/format';
import type { Bounds } from '../../lib/model/limits';
import { heldBy } from '../../lib/optimum/constraints';
import type { LaneColumn } from '../charts/lanes-geometry';
import { useSession, useStores } from '../shell/stores';
import { TypedOption } from '../ui/typed-value';
import { useGesture } from '../ui/use-gesture';
import { capText, type DomainLimit, editConstraints, withDomainLimit } from './limits';
import {
  parseEpochs,
  parseShare,
  parseTokensAtHand,
  shareText,
  tokensAtPoints,
} from './token-text';

/** Width of the table from which limits stand in its rows, in pixels; below, they have a list of their own. */
const limitsFrom = 780;

/**
 * @param ordered the domains in the order of the rows
 * @param bounds with pins
 * @param free the same without pins
 * @param binding domains that a limit holds
 * @param weights D of the optimum; null = none
 */
export function useLimitColumns(
  ordered: readonly number[],
  bounds: Bounds,
  free: Bounds,
  binding: ReadonlySet<number>,
  weights: Float64Array | null,
): readonly LaneColumn[] {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 1;
  const edit = (domain: number, change: Partial<DomainLimit>) =>
    editConstraints(store, (limits) => withDomainLimit(limits, domain, change));
  const share = (
    key: 'min' | 'max',
    label: string,
    words: string,
    placeholder: string,
  ): LaneColumn => ({
    key,
    label,
    width: 56,
    numeric: true,
    from: limitsFrom,
    cell: (row) => {
      const domain = ordered[row];
      const value = constraints[key][domain];
      return (
        <TypedOption
          label={label}
          name={study.domains[domain].name}
          ariaLabel={`${words}: ${study.domains[domain].name}`}
          value={key === 'min' && value === 0 ? null : value}
          format={shareText}
          parse={parseShare}
          placeholder={placeholder}
          expected="a share from 0% to 100%"
          onChange={(weight) =>
            edit(domain, key === 'min' ? { min: weight ?? 0 } : { max: weight })
          }
        />
      );
    },
  });
  return [
    {
      key: 'tokens',
      label: 'At hand',
      width: 84,
      numeric: true,
      from: limitsFrom,
      cell: (row) => {
        const domain = ordered[row];
        const tokens = constraints.availableTokens[domain];
        const { name } = study.domains[domain];
        return (
          <div className="at-hand">
            <TypedOption
              label="At hand"
              name={name}
              ariaLabel={`Tokens at hand of ${name}, typed`}
              value={tokens}
              format={formatTokensExactly}
              parse={(text) => finite(parseTokensAtHand(text, requested))}
              placeholder="no limit"
              expected="tokens such as 0.75B, a share of the requested tokens such as 3%, or nothing for no limit"
              onChange={(typed) => edit(domain, { availableTokens: typed })}
            />
            <RowSlider
              name={name}
              points={(tokens === null ? 1 : Math.min(1, tokens / requested)) * 100}
              onChange={(points) =>
                edit(domain, { availableTokens: tokensAtPoints(points, requested) })
              }
            />
          </div>
        );
      },
    },
    {
      key: 'epochs',
      label: 'Epochs',
      width: 56,
      numeric: true,
      from: limitsFrom,
      cell: (row) => {
        const domain = ordered[row];
        return (
          <TypedOption
            label="Epochs"
            name={study.domains[domain].name}
            value={constraints.epochs[domain]}
            format={(epochs) => `${Number(epochs.toFixed(2))}×`}
            parse={parseEpochs}
            expected="a number above 0, such as 4"
            onChange={(epochs) => edit(domain, { epochs: epochs ?? constraints.epochs[domain] })}
          />
        );
      },
    },
    share('min', 'Least', 'At least', '0'),
    share('max', 'Most', 'At most', '–'),
    {
      key: 'cap',
      label: 'Cap',
      width: 60,
      numeric: true,
      from: limitsFrom,
      cell: (row) => {
        const domain = ordered[row];
        const cap = free.upper[domain];
        const held = binding.has(domain) ? heldBy(free, domain, weights?.[domain] ?? cap) : null;
        const text = capText(bounds, domain, held);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
          <span
            role="group"
            aria-label={`Limits of ${study.domains[domain].name}`}
            className={held ? 'cap cap-binding' : 'cap'}
            title={text}
          >
            <span aria-hidden="true">{cap >= 1 ? '–' : formatPercent(cap, 1)}</span>
            <span className="visually-hidden">{text}</span>
          </span>
        );
      },
    },
  ];
}

/** The slider of a row: shown while the row has the pointer or the focus. */
function RowSlider({
  name,
  points,
  onChange,
}: {
  name: string;
  /** Points of the requested tokens, 0..100. */
  points: number;
  onChange: (points: number) => void;
}) {
  const { study: store } = useStores();
  const gesture = useGesture({ onStart: store.beginGesture, onCommit: store.endGesture });
  return (
    <input
      type="range"
      className="row-slider"
      aria-label={`Tokens at hand of ${name}`}
      aria-valuetext={`${Number(points.toFixed(1))}% of the requested tokens`}
      min={0}
      max={100}
      step={0.1}
      value={points}
      onPointerDown={gesture.start}
      onPointerUp={gesture.commit}
      onPointerCancel={gesture.commit}
      onBlur={gesture.commit}
      onChange={(event) => {
        gesture.prolongIfIdle();
        onChange(event.currentTarget.valueAsNumber);
      }}
    />
  );
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
