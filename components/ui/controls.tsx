'use client';

/** The form controls of the page: lists, segments, switches, files. */
import { useId } from 'react';

/** The name of a table row as a button that selects the row. */
export function Choice({
  label,
  title,
  chosen,
  onChoose,
}: {
  label: string;
  title?: string;
  chosen: boolean;
  onChoose: () => void;
}) {
  return (
    <button type="button" className="link" title={title} aria-pressed={chosen} onClick={onChoose}>
      {label}
    </button>
  );
}

/** A labelled selection of one of many options. */
export function Select({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  /** Those that cannot be chosen say why in their label. */
  options: readonly {
    readonly value: string;
    readonly label: string;
    readonly disabled?: boolean;
  }[];
  onChange: (value: string) => void;
}) {
  return (
    <label className="select">
      <span>{label}</span>
      <select
        className="field"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A labelled selection of one of few options, all visible. */
export function Segmented({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly label: string }[];
  onChange: (value: string) => void;
}) {
  const name = useId();
  return (
    <fieldset className="segmented">
      <legend>{label}</legend>
      <div className="segmented-options">
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A setting that is on or off and takes effect at once. */
export function Switch({
  label,
  hint,
  checked,
  disabled = false,
  onChange,
}: {
  label: string;
  /** One sentence on its effect, below the label. */
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

/** A button that opens the system's file dialog. The same file can be picked twice in a row. */
export function FilePicker({
  label,
  accept,
  multiple = false,
  primary = false,
  folder = false,
  onFiles,
}: {
  label: string;
  /** Extensions and types the dialog offers: `.csv,.tsv`. */
  accept: string;
  multiple?: boolean;
  /** Whether this is the primary action. */
  primary?: boolean;
  /** Whether a folder is selected, with all its files. */
  folder?: boolean;
  /** Called with at least one file. */
  onFiles: (files: File[]) => void;
}) {
  return (
    <label className="file-picker">
      <span className={primary ? 'button primary' : 'button'}>{label}</span>
      <input
        type="file"
        className="visually-hidden"
        accept={accept}
        multiple={multiple}
        ref={(input) => {
          input?.toggleAttribute('webkitdirectory', folder);
        }}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </label>
  );
}
