'use client';

/**
 * The limits of each domain in its row: columns beside its lane, or where there is no room for them, fields under
 * it once the row is unfolded.
 */
import { formatPercent, formatTokensExactly } from '../../lib/model/format';
import type { BoundSource, Bounds } from '../../lib/model/limits';
import { heldBy } from '../../lib/optimum/constraints';
import type { LaneColumn, LaneFold } from '../charts/lanes-geometry';
import { useSession, useStores } from '../shell/stores';
import { Slider } from '../ui/slider';
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

/** Width of the table from which limits stand beside the lanes, in pixels; below, rows unfold. */
const limitsFrom = 780;

/**
 * @param ordered the domains in the order of the rows
 * @param bounds with pins
 * @param free the same without pins
 * @param binding domains that a limit holds
 * @param weights D of the optimum; null = none
 */
export function useLimitCells(
  ordered: readonly number[],
  bounds: Bounds,
  free: Bounds,
  binding: ReadonlySet<number>,
  weights: Float64Array | null,
): { readonly columns: readonly LaneColumn[]; readonly fold: LaneFold } {
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
  const heldOf = (domain: number) =>
    binding.has(domain) ? heldBy(free, domain, weights?.[domain] ?? free.upper[domain]) : null;
  const columns: readonly LaneColumn[] = [
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
            format={epochsText}
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
        const held = heldOf(domain);
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
  const fold: LaneFold = {
    below: limitsFrom,
    hint: 'Choose a domain to set its limits.',
    cell: (row) => (
      <LimitFields domain={ordered[row]} bounds={bounds} held={heldOf(ordered[row])} />
    ),
  };
  return { columns, fold };
}

/** Bounds set as shares of the tokens. */
const shareBounds = [
  { label: 'Least', words: 'At least', key: 'min' },
  { label: 'Most', words: 'At most', key: 'max' },
  { label: 'Pin at', words: 'Pin at', key: 'locked' },
] as const;

/**
 * All limits of one domain under its lane.
 *
 * @param held what holds its weight in the optimum; null = nothing
 */
function LimitFields({
  domain,
  bounds,
  held,
}: {
  domain: number;
  bounds: Bounds;
  held: BoundSource | null;
}) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 1;
  const tokens = constraints.availableTokens[domain];
  const share = tokens === null ? 1 : Math.min(1, tokens / requested);
  const { name } = study.domains[domain];
  const edit = (change: Partial<DomainLimit>) =>
    editConstraints(store, (limits) => withDomainLimit(limits, domain, change));
  return (
    <fieldset className="limit-fields">
      <legend className="visually-hidden">Limits of {name}</legend>
      <Slider
        label="Tokens at hand"
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
        onStart={store.beginGesture}
        onChange={(points) => edit({ availableTokens: tokensAtPoints(points, requested) })}
        onTyped={(typed) => edit({ availableTokens: finite(typed) })}
        onCommit={store.endGesture}
      />
      <div className="direct-bounds">
        <TypedOption
          label="Epochs"
          name={name}
          value={constraints.epochs[domain]}
          format={epochsText}
          parse={parseEpochs}
          expected="a number above 0, such as 4"
          onChange={(epochs) => edit({ epochs: epochs ?? constraints.epochs[domain] })}
        />
        {shareBounds.map(({ label, words, key }) => (
          <TypedOption
            key={key}
            label={label}
            name={name}
            ariaLabel={`${words}: ${name}`}
            value={key === 'min' && constraints.min[domain] === 0 ? null : constraints[key][domain]}
            format={shareText}
            parse={parseShare}
            placeholder="–"
            expected="a share from 0% to 100%"
            onChange={(value) => edit(key === 'min' ? { min: value ?? 0 } : { [key]: value })}
          />
        ))}
      </div>
      <p className={held ? 'cap cap-binding' : 'cap'}>{capText(bounds, domain, held)}</p>
    </fieldset>
  );
}

function written(tokens: number | null): string {
  return tokens === null ? 'no limit' : formatTokensExactly(tokens);
}

function epochsText(epochs: number): string {
  return `${Number(epochs.toFixed(2))}×`;
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
