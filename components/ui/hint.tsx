import type { ReactNode } from 'react';
import { Disclosure } from './disclosure';

/** How a number or picture is computed, one click away. */
export function Hint({ children }: { children: ReactNode }) {
  return (
    <Disclosure label="How this is computed">
      <p className="prose">{children}</p>
    </Disclosure>
  );
}
