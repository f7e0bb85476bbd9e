'use client';

import { lazy, Suspense, useState } from 'react';

const ShareDialog = lazy(() => import('./share-dialog'));
const TeachDialog = lazy(() => import('../lesson/teach-dialog'));

/** Opens the dialog that gives a link to what is on the page, and from it the one for a class. */
export function ShareButton({ label, className }: { label: string; className?: string }) {
  const [open, setOpen] = useState<'share' | 'teach' | null>(null);
  // The first dialog tells of its closing after the second has taken its place.
  const close = (which: 'share' | 'teach') =>
    setOpen((current) => (current === which ? null : current));
  return (
    <>
      <button type="button" className={className} onClick={() => setOpen('share')}>
        {label}
      </button>
      {open && (
        <Suspense>
          {open === 'share' ? (
            <ShareDialog onTeach={() => setOpen('teach')} onClose={() => close('share')} />
          ) : (
            <TeachDialog onClose={() => close('teach')} />
          )}
        </Suspense>
      )}
    </>
  );
}
