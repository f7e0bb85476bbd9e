'use client';

/** The name of a table's row as a button: pressing it makes that row the chosen one. */
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
