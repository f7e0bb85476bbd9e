'use client';

import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { unveil } from '../../lib/browser/first-paint';
import { isLink } from '../../lib/share/prefix';

const OpenedLink = lazy(() =>
  import('./opened-link').catch((error: unknown) => {
    unveil();
    throw error;
  }),
);

/**
 * Opens the link in the page's address, at the start and whenever another one is put there. The address
 * loses it at once: a reload shows the reader's own state, and anchors of stages work as ever.
 */
export function LinkOpener() {
  const [opened, setOpened] = useState<{ readonly hash: string; readonly count: number } | null>(
    null,
  );
  useEffect(() => {
    const look = () => {
      const { hash, pathname, search } = window.location;
      if (!isLink(hash)) return;
      history.replaceState(history.state, '', pathname + search);
      setOpened((before) => ({ hash, count: (before?.count ?? 0) + 1 }));
    };
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  const close = useCallback(() => setOpened(null), []);
  return (
    opened && (
      <Suspense>
        <OpenedLink key={opened.count} hash={opened.hash} onClose={close} />
      </Suspense>
    )
  );
}
