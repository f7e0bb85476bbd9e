'use client';

import type { ReactNode } from 'react';

/** One stage of the page: a heading, its finding in a sentence, and what shows it. */
export function Stage({
  id,
  title,
  finding,
  below = false,
  children,
}: {
  id: string;
  title: string;
  finding: ReactNode;
  /** Stages under the first screen span the page and are ruled off. */
  below?: boolean;
  children: ReactNode;
}) {
  return (
    <section
      id={id}
      className={`stage stage-${id}${below ? ' stage-below' : ''}`}
      aria-labelledby={`${id}-title`}
    >
      <div className="stage-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p>{finding}</p>
      </div>
      {children}
    </section>
  );
}
