'use client';

import { type KeyboardEvent, useId, useState } from 'react';

/**
 * A text field for a value that has a written form. Enter or leaving the field takes the text over;
 * a text that cannot be read is kept, explained, and changes nothing. Esc gives it up.
 */
export function TypedValue({
  label,
  text,
  unit,
  parse,
  expected,
  onValue,
  onKeyDown,
}: {
  label: string;
  /** The value in force, written out. */
  text: string;
  unit?: string;
  parse: (text: string) => number | null;
  /** Completes “Expected …”. */
  expected: string;
  onValue: (value: number) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const problemId = useId();

  function giveUp(): void {
    setTyped(null);
    setRefused(false);
  }

  function take(): void {
    if (typed === null) return;
    if (typed.trim() === text) {
      giveUp();
      return;
    }
    const value = parse(typed);
    setRefused(value === null);
    if (value === null) return;
    setTyped(null);
    onValue(value);
  }

  return (
    <span className="typed-value">
      <input
        className="field"
        aria-label={label}
        aria-invalid={refused}
        aria-describedby={refused ? problemId : undefined}
        autoComplete="off"
        spellCheck={false}
        value={typed ?? text}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          else if (event.key === 'Escape') giveUp();
          else {
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') giveUp();
            onKeyDown(event);
          }
        }}
      />
      {unit && <span className="quiet">{unit}</span>}
      {refused && (
        <span id={problemId} className="field-problem" role="alert">
          Expected {expected}.
        </span>
      )}
    </span>
  );
}
