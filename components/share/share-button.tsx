'use client';

import { useState } from 'react';
import { lazyDialog } from '../ui/lazy-part';

const ShareDialog = lazyDialog('Share', () => import('./share-dialog'));
const LessonDialog = lazyDialog('Teach with this study', () => import('../lesson/lesson-dialog'));

/** Opens the dialog with a link to the current state, and from it the dialog for a class. */
export function ShareButton({ label, className }: { label: string; className?: string }) {
  const [open, setOpen] = useState<'share' | 'teach' | null>(null);
  // The first dialog reports its closing after the second one has replaced it.
  const close = (which: 'share' | 'teach') =>
    setOpen((current) => (current === which ? null : current));
  return (
    <>
      <button type="button" className={className} onClick={() => setOpen('share')}>
        {label}
      </button>
      {open === 'share' && (
        <ShareDialog onTeach={() => setOpen('teach')} onClose={() => close('share')} />
      )}
      {open === 'teach' && <LessonDialog onClose={() => close('teach')} />}
    </>
  );
}
