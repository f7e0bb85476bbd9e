'use client';

import type { ReactNode } from 'react';
import { ErrorBoundary } from '../ui/error-boundary';

/** Keeps a defect of one stage from taking the others away. */
export function StageBoundary({
  study,
  title,
  children,
}: {
  /** What the stage shows; it is tried again when another study is opened. */
  study: string;
  title: string;
  children: ReactNode;
}) {
  return (
    <ErrorBoundary
      resetKey={study}
      show={(problem, retry) => (
        <section className="stage stage-below" aria-label={title}>
          <div className="notice notice-danger" role="alert">
            <p>
              {title} cannot be shown: {problem}
            </p>
            <p className="quiet">
              This is a defect of the page. Your study is unchanged, and the other stages go on;
              undo may lead back to where this one worked.
            </p>
            <button type="button" className="button" onClick={retry}>
              Try again
            </button>
          </div>
        </section>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}
