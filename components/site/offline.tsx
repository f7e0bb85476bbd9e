'use client';

import { useEffect, useState } from 'react';
import { installOffline } from '../../lib/browser/offline';

/** Stores the page for offline visits, and says when a newer version is ready. */
export function Offline() {
  const [takeOver, setTakeOver] = useState<(() => void) | null>(null);
  useEffect(() => installOffline((accept) => setTakeOver(() => accept)), []);
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
