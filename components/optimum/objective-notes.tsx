'use client';

import { formatNumber } from '../../lib/model/format';
import type { ObjectiveSettings } from '../../lib/model/settings';
import { useSession, useStores } from '../shell/stores';

/** What else than the target decides the optimum, each with the button that switches it off. */
export function ObjectiveNotes() {
  const { objective } = useSession().settings;
  const { study: store } = useStores();
  const notes = notesOn(objective);
  if (notes.length === 0) return null;
  return (
    <ul className="objective-notes" aria-label="Beside the target">
      {notes.map(({ text, off }) => (
        <li key={text}>
          {text}
          <button
            type="button"
            className="link"
            aria-label={`Switch off: ${text}`}
            onClick={() =>
              store.edit((session) => ({
                ...session,
                settings: {
                  ...session.settings,
                  objective: { ...session.settings.objective, ...off },
                },
              }))
            }
          >
            Switch off
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ObjectiveNote {
  readonly text: string;
  /** The change that ends it. */
  readonly off: Partial<ObjectiveSettings>;
}

function notesOn({ kl, discountRepeats, seek }: ObjectiveSettings): ObjectiveNote[] {
  const isPulled = kl > 0 && seek === 'best';
  return [
    ...(isPulled ? [{ text: `Pull to the prior ${formatNumber(kl, 2)}`, off: { kl: 0 } }] : []),
    ...(discountRepeats
      ? [{ text: 'Repeated tokens count less', off: { discountRepeats: false } }]
      : []),
    ...(seek === 'worst' ? [{ text: 'The worst mixture', off: { seek: 'best' } as const }] : []),
  ];
}
