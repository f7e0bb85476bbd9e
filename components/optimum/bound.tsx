'use client';

import { useState } from 'react';

/** A typed bound of one domain; empty means none. An unreadable text is refused and changes nothing. */
export function Bound({
  label,
  name,
  value,
  format,
  parse,
  expected,
  onChange,
}: {
  label: string;
  /** The domain, for the accessible name. */
  name: string;
  value: number | null;
  format: (value: number) => string;
  /** null = not readable. */
  parse: (text: string) => number | null;
  expected: string;
  onChange: (value: number | null) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const shown = typed ?? (value === null ? '' : format(value));

  function take(): void {
    if (typed === null) return;
    const text = typed.trim();
    const parsed = text === '' ? null : parse(text);
    if (text !== '' && parsed === null) {
      setRefused(true);
      return;
    }
    setRefused(false);
    setTyped(null);
    if (parsed !== value) onChange(parsed);
  }

  return (
    <label className="bound">
      <span>{label}</span>
      <input
        className="field"
        inputMode="decimal"
        value={shown}
        placeholder="none"
        aria-label={`${label}: ${name}`}
        aria-invalid={refused}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape') {
            setTyped(null);
            setRefused(false);
          }
        }}
      />
      {refused && (
        <span className="refused" role="alert">
          Expected {expected}.
        </span>
      )}
    </label>
  );
}
