'use client';

import { useId } from 'react';

/** A setting that is on or off, with effect at once. */
export function Switch({
  label,
  hint,
  checked,
  disabled = false,
  onChange,
}: {
  label: string;
  /** One sentence on what it changes, below the label. */
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  const hintId = useId();
  return (
    <div className="switch-box">
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={checked}
        aria-describedby={hint ? hintId : undefined}
        disabled={disabled}
        onClick={() => onChange(!checked)}
      >
        <span className="switch-track" aria-hidden="true" />
        <span>{label}</span>
      </button>
      {hint && (
        <p id={hintId} className="switch-hint quiet small">
          {hint}
        </p>
      )}
    </div>
  );
}
