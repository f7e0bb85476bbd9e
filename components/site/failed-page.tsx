'use client';

import { useEffect } from 'react';
import { unveil } from '../../lib/browser/first-paint';
import { ReloadButton } from '../ui/lazy-part';

/**
 * Shown when a page cannot be rendered at all. Next's own error page would reload by a form, which
 * our policy forbids.
 */
export function FailedPage({ problem, retry }: { problem: string; retry: () => void }) {
  useEffect(unveil, []);
  return (
    <main className="page">
      <h1>This page cannot be shown</h1>
      <div className="notice notice-danger" role="alert">
        <p>{problem}</p>
        <p className="quiet">
          This is a bug in the page. Your work is saved in this browser as far as possible, and
          opens again when you reload.
        </p>
        <div className="button-row">
          <ReloadButton />
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        </div>
      </div>
    </main>
  );
}
