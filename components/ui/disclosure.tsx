import type { ReactNode } from 'react';

/** A line that unfolds what belongs to it. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="disclosure">
      <summary>{label}</summary>
      <div>{children}</div>
    </details>
  );
}
