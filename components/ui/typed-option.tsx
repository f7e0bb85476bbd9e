'use client';

import { useState } from 'react';

/** A typed value that may be absent: empty means none. Text that cannot be read is refused and changes nothing. */
export function TypedOption({
  label,
  name,
  value,
  format,
  parse,
  expected,
  placeholder = 'none',
  onChange,
}: {
  label: string;
  /** What it belongs to, for the accessible name: a domain, say. */
  name: string;
  value: number | null;
  format: (value: number) => string;
  /** null = not readable. */
  parse: (text: string) => number | null;
  expected: string;
  /** Shown while there is no value. */
  placeholder?: string;
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
        placeholder={placeholder}
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
