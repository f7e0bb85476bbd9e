'use client';

import { lazy, Suspense, useState } from 'react';
import { useOptimum } from '../explorer/stores';
import { useFormer } from '../optimum/use-former';
import { useOutdated } from '../optimum/use-outdated';

const Report = lazy(() => import('./report'));

/** One page to print, or to save as PDF by the browser's print dialog. */
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
      {isOpen && (
        <Suspense>
          <Report onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
