'use client';

import type { Deviation } from '../../lib/session/deviations';
import { useStores } from './stores';

/** What is not as by default, each with a button that takes it back. */
export function DeviationChips({ found, label }: { found: readonly Deviation[]; label: string }) {
  const { study: store } = useStores();
  return (
    <ul className="chips" aria-label={label}>
      {found.map(({ id, text, without }) => (
        <li key={id} className="chip" title={text}>
          <span>{text}</span>
          <button
            type="button"
            aria-label={`Take back: ${text}`}
            onClick={() => store.edit(without)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
