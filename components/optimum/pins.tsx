'use client';

/** Weights of the optimum that the reader has fixed, and what each of them costs. */
import { editConstraints, withDomainLimit } from '../limits/limits';
import { useOptimum, useSession, useStores } from '../shell/stores';
import { pinText } from './pin-text';

/** Pins named in the sentence. */
const maxNamed = 4;

/** The pins in a sentence each, with the button that takes it out; nothing without any. */
export default function Pins({ unit }: { unit: string }) {
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
