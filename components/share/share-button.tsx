'use client';

import { lazy, Suspense, useState } from 'react';

const ShareDialog = lazy(() => import('./share-dialog'));

/** Opens the dialog that gives a link to what is on the page. */
export function ShareButton({ label, className }: { label: string; className?: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={className} onClick={() => setOpen(true)}>
        {label}
      </button>
      {isOpen && (
        <Suspense>
          <ShareDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
