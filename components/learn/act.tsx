import type { ReactNode } from 'react';

/** What the reader is to do, set off from what there is to read. */
export function Act({ task, children }: { task: ReactNode; children: ReactNode }) {
  return (
    <section className="learn-act" aria-label="Your turn">
      <p className="learn-task">
        <strong>Your turn.</strong> {task}
      </p>
      {children}
    </section>
  );
}

/** Where a step's claims come from. */
export function Source({ children }: { children: ReactNode }) {
  return <p className="quiet small prose">{children}</p>;
}

/** A paper by its arXiv id. */
export function Arxiv({ id, children }: { id: string; children: ReactNode }) {
  return <a href={`https://arxiv.org/abs/${id}`}>{children}</a>;
}
