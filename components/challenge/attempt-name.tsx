'use client';

import { longestName } from '../../lib/challenge/attempts';
import { type Draft, settle } from '../ui/draft';
import { useStateAbout } from '../ui/use-state-about';

/** An attempt's name, taken over by Enter or on leaving the field; an empty one changes nothing. */
export function AttemptName({ name, onName }: { name: string; onName: (name: string) => void }) {
  const [draft, setDraft] = useStateAbout<Draft>([name]);

  function take(): void {
    const settled = settle(draft, name, (text) => text);
    setDraft(null);
    if (settled.kind === 'taken') onName(settled.value);
  }

  return (
    <input
      className="field attempt-field"
      aria-label={`Name of ${name}`}
      autoComplete="off"
      maxLength={longestName}
      value={draft?.text ?? name}
      data-in-force={name}
      onChange={(event) => setDraft({ text: event.currentTarget.value, refused: false })}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}
