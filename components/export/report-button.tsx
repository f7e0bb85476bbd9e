'use client';

import { useState } from 'react';
import { useFormer, useOutdated } from '../optimum/hooks';
import { useOptimum } from '../shell/stores';
import { lazyDialog } from '../ui/lazy-part';

const Report = lazyDialog('Report', () => import('./report'));

/** Opens the one-page report to print, or to save as PDF from the browser's print dialog. */
export function ReportButton() {
  const { report, status } = useOptimum((state) => state);
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={!report || status === 'infeasible' || isOutdated || isFormer || isOpen}
        onClick={() => setOpen(true)}
      >
        Report, one page to print
      </button>
      {isOpen && <Report onClose={() => setOpen(false)} />}
    </>
  );
}
