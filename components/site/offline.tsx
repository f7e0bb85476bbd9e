'use client';

import { useEffect, useState } from 'react';
import { keepOffline } from '../../lib/browser/offline';

/** Keeps the page for visits without a network, and says when a newer one is ready. */
export function Offline() {
  const [takeOver, setTakeOver] = useState<(() => void) | null>(null);
  useEffect(() => keepOffline((accept) => setTakeOver(() => accept)), []);
  if (!takeOver) return null;
  return (
    <div className="site-notice" role="status">
      <span>A new version of this page is ready.</span>
      <button type="button" className="button" onClick={takeOver}>
        Reload with it
      </button>
      <button type="button" className="button" onClick={() => setTakeOver(null)}>
        Later
      </button>
    </div>
  );
}
