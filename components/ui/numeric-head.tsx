import type { ReactNode } from 'react';

/** The heading of a column of numbers, above their last digits. */
export function NumericHead({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <th scope="col" className="numeric" title={title}>
      {children}
    </th>
  );
}
