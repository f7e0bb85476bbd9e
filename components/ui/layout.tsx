/** Layout elements: disclosures, hints and scrolling tables. */
import type { ReactNode } from 'react';

/** A line that expands its content. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="disclosure">
      <summary>{label}</summary>
      <div>{children}</div>
    </details>
  );
}

/** How a number or picture is computed, behind one click. */
export function Hint({ children }: { children: ReactNode }) {
  return (
    <Disclosure label="How this is computed">
      <p className="prose">{children}</p>
    </Disclosure>
  );
}

/** Says that a chart leaves out some of many; nothing where it draws all. */
export function DrawnNote({ drawn, total }: { drawn: number; total: number }) {
  if (drawn >= total) return null;
  return (
    <p className="quiet small">
      The first {drawn.toLocaleString('en')} of {total.toLocaleString('en')} domains in this order;
      the table and the CSV have all.
    </p>
  );
}

/** A container in which a table that is too wide scrolls sideways, by keyboard, too. */
export function ScrollX({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a stop, keys could not scroll it (WCAG 2.1.1)
    <section className="scroll-x" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** The heading of a numeric column, aligned with the last digits. */
export function NumericHead({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <th scope="col" className="numeric" title={title}>
      {children}
    </th>
  );
}
