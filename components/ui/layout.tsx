/** What folds, hints and scrolls. */
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

/** How a number or picture is computed, one click away. */
export function Hint({ children }: { children: ReactNode }) {
  return (
    <Disclosure label="How this is computed">
      <p className="prose">{children}</p>
    </Disclosure>
  );
}

/** A table that scrolls sideways where it is wider than its place: by keyboard, too. */
export function ScrollX({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a stop, keys could not scroll it (WCAG 2.1.1)
    <section className="scroll-x" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** The heading of a column of numbers, above their last digits. */
export function NumericHead({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <th scope="col" className="numeric" title={title}>
      {children}
    </th>
  );
}
