'use client';

import { type KeyboardEvent, useId, useState } from 'react';
import { type Draft, settle } from './draft';
import { useKeyedState } from './use-keyed-state';

/**
 * A text field for a value with a written form. Enter or blur commits the text; invalid text stays,
 * marked, and changes nothing; it is explained while the field has the focus. Esc discards it, and
 * so does any change of the current value.
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
  /** The current value, as text. */
  text: string;
  unit?: string;
  parse: (text: string) => number | null;
  /** Completes “Expected …”. */
  expected: string;
  onValue: (value: number) => void;
  /** Called with keys that the field does not handle. */
  onKeyDown?: (event: KeyboardEvent) => void;
}) {
  const [draft, setDraft] = useKeyedState<Draft>([text]);
  const [isFocused, setFocused] = useState(false);
  const problemId = useId();
  const refused = draft?.refused ?? false;
  const problem = `Expected ${expected}.`;
  const isExplained = refused && isFocused;

  function commit(): void {
    const settled = settle(draft, text, (typed) => parse(typed) ?? undefined);
    if (settled.kind === 'refused') setDraft(draft && { ...draft, refused: true });
    else setDraft(null);
    if (settled.kind === 'taken') onValue(settled.value);
  }

  return (
    <span className="typed-value">
      <input
        className="field"
        aria-label={label}
        aria-invalid={refused}
        aria-describedby={isExplained ? problemId : undefined}
        title={refused && !isFocused ? problem : undefined}
        autoComplete="off"
        spellCheck={false}
        value={draft?.text ?? text}
        data-in-force={text}
        onFocus={(event) => {
          setFocused(true);
          event.currentTarget.select();
        }}
        onChange={({ currentTarget: { value } }) =>
          setDraft({ text: value, refused: refused && parse(value.trim()) === null })
        }
        onBlur={() => {
          setFocused(false);
          commit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          else if (event.key === 'Escape') setDraft(null);
          else if (onKeyDown) {
            // Arrow keys step from the current value.
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') setDraft(null);
            onKeyDown(event);
          }
        }}
      />
      {unit && <span className="quiet">{unit}</span>}
      {isExplained && (
        <span id={problemId} className="field-problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

/**
 * A typed value that may be absent: empty means none. Invalid text is refused as by
 * {@link TypedValue}.
 */
export function TypedOption({
  label,
  name,
  ariaLabel = `${label}: ${name}`,
  value,
  format,
  parse,
  expected,
  placeholder = 'none',
  onChange,
}: {
  label: string;
  /** The owner of the value, for the accessible name: a domain, say. */
  name: string;
  /** The full accessible name, where it is another. */
  ariaLabel?: string;
  value: number | null;
  format: (value: number) => string;
  /** null = not valid. */
  parse: (text: string) => number | null;
  expected: string;
  /** Shown while there is no value. */
  placeholder?: string;
  onChange: (value: number | null) => void;
}) {
  const currentText = value === null ? '' : format(value);
  const [draft, setDraft] = useKeyedState<Draft>([value]);
  const [isFocused, setFocused] = useState(false);
  const problemId = useId();
  const refused = draft?.refused ?? false;
  const problem = `Expected ${expected}.`;
  const isExplained = refused && isFocused;

  function commit(): void {
    const settled = settle(draft, currentText, (typed) =>
      typed === '' ? null : (parse(typed) ?? undefined),
    );
    if (settled.kind === 'refused') setDraft(draft && { ...draft, refused: true });
    else setDraft(null);
    if (settled.kind === 'taken' && settled.value !== value) onChange(settled.value);
  }

  return (
    <label className="bound">
      <span>{label}</span>
      <input
        className="field"
        inputMode="decimal"
        autoComplete="off"
        value={draft?.text ?? currentText}
        data-in-force={currentText}
        placeholder={placeholder}
        aria-label={ariaLabel}
        aria-invalid={refused}
        aria-describedby={isExplained ? problemId : undefined}
        title={refused && !isFocused ? problem : undefined}
        onChange={({ currentTarget: { value } }) => {
          const isValid = value.trim() === '' || parse(value.trim()) !== null;
          setDraft({ text: value, refused: refused && !isValid });
        }}
        onFocus={() => setFocused(true)}
        onBlur={() => {
          setFocused(false);
          commit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      {isExplained && (
        <span id={problemId} className="refused" role="alert">
          {problem}
        </span>
      )}
    </label>
  );
}
