'use client';

/** Weights of the optimum that the reader has fixed, and what each of them costs. */
import { formatNumber, formatPercent } from '../../lib/model/format';
import { editConstraints, withDomainLimit } from '../limits/limits';
import { useOptimum, useSession, useStores } from '../shell/stores';

/** Smaller costs round to nothing. */
export const leastCost = 0.00005;
/** Pins named in the sentence. */
const maxNamed = 4;

/**
 * A pin and its cost: `Pinned at 3.0%: costs +0.0008 nats`.
 *
 * @param cost in units of the score, >= 0; undefined = not known
 * @param unit of the cost; may be empty
 */
export function pinText(weight: number, cost: number | undefined, unit: string): string {
  return `Pinned at ${formatPercent(weight, 1)}${costText(cost, unit)}`;
}

function costText(cost: number | undefined, unit: string): string {
  if (cost === undefined) return '';
  if (cost < leastCost) return ': costs nothing';
  return `: costs +${formatNumber(cost, 4)}${unit === '' ? '' : ` ${unit}`}`;
}

/** The pins in a sentence each, with the button that takes it out; nothing without any. */
export function Pins({ unit }: { unit: string }) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const costs = useOptimum(({ pinCosts }) => pinCosts);
  const pins = settings.constraints.locked.flatMap((weight, domain) =>
    weight === null ? [] : [{ domain, weight }],
  );
  if (pins.length === 0) return null;
  return (
    <ul className="pins" aria-label="Pinned weights">
      {pins.slice(0, maxNamed).map(({ domain, weight }) => {
        const { id, name } = study.domains[domain];
        return (
          <li key={id}>
            <span className="pins-name">{name}</span>{' '}
            {pinText(weight, costs.get(domain), unit).replace('Pinned', 'pinned')}.{' '}
            <button
              type="button"
              className="link"
              aria-label={`Unpin ${name}`}
              onClick={() =>
                editConstraints(store, (limits) =>
                  withDomainLimit(limits, domain, { locked: null }),
                )
              }
            >
              Unpin
            </button>
          </li>
        );
      })}
      {pins.length > 1 && (
        <li>
          {pins.length > maxNamed && `${pins.length - maxNamed} more. `}
          <button
            type="button"
            className="link"
            onClick={() =>
              editConstraints(store, (limits) => ({
                ...limits,
                locked: limits.locked.map(() => null),
              }))
            }
          >
            Unpin all
          </button>
        </li>
      )}
    </ul>
  );
}

/** Pins a domain where it is, or takes the pin out. */
export function PinButton({
  name,
  isPinned,
  onToggle,
}: {
  name: string;
  isPinned: boolean;
  onToggle: () => void;
}) {
  return (
    <button
      type="button"
      className="pin-button"
      aria-pressed={isPinned}
      aria-label={`${name} pinned`}
      title={isPinned ? 'Unpin' : 'Pin at this weight'}
      // Arrow keys on the mark pin, too: one stop per row is enough.
      tabIndex={isPinned ? 0 : -1}
      onClick={onToggle}
    >
      <svg aria-hidden="true" width={16} height={16} viewBox="0 0 16 16">
        <path
          d="M8 9v6M5 2h6M6 2v3.5l-2 3.5h8l-2 -3.5V2"
          fill={isPinned ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeLinejoin="round"
        />
      </svg>
    </button>
  );
}
