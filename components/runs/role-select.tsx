'use client';

/** A choice of one among few inside a table or a row of fields, where the label stands elsewhere. */
export function RoleSelect<Value extends string>({
  label,
  caption,
  value,
  options,
  onChange,
}: {
  /** What assistive technology reads; begins with the caption where there is one. */
  label: string;
  /** Shown above; absent in tables, whose heads say it. */
  caption?: string;
  value: Value;
  options: readonly { readonly value: Value; readonly label: string }[];
  onChange: (value: Value) => void;
}) {
  const select = (
    <select
      className="field"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
  if (caption === undefined) return select;
  return (
    <div className="select">
      <span aria-hidden="true">{caption}</span>
      {select}
    </div>
  );
}
