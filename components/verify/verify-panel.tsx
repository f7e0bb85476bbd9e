'use client';

import { Suspense, useEffect, useState } from 'react';
import { unfinishedVerificationFlag } from '../../lib/browser/flags';
import { Stage } from '../shell/stage';
import { useCandidates } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';

const VerifyBody = lazyPart(() => import('./verify-body'));

/**
 * Whether the optimum wins: loaded on request, or when there is something to verify or to resume.
 */
export function VerifyPanel() {
  const [isOpen, setOpen] = useState(false);
  const hasAdded = useCandidates((state) => state.added.length > 0);
  useEffect(() => setOpen(unfinishedVerificationFlag.get() === 'yes'), []);
  useEffect(() => {
    if (hasAdded) setOpen(true);
  }, [hasAdded]);
  return (
    <Stage
      id="verify"
      title="Verify"
      below
      finding="Train larger models on the optimum, the prior and others, with the same seeds and tokens. See whether it wins, and by how much."
    >
      {isOpen ? (
        <Suspense fallback={<p className="quiet">Loading…</p>}>
          <VerifyBody />
        </Suspense>
      ) : (
        <button type="button" className="button" onClick={() => setOpen(true)}>
          Set up a verification
        </button>
      )}
    </Stage>
  );
}
