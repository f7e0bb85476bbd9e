'use client';

import { useEffect, useRef, useState } from 'react';
import type { Progress } from '../../lib/job';
import { type Pace, paceOf, progressText } from './pace';

/** How far a long computation is, how fast it goes, and how long it still takes. */
export function ProgressLine({ progress }: { progress: Progress }) {
  const start = useRef<{ time: number; done: number } | null>(null);
  const [pace, setPace] = useState<Pace | null>(null);
  const { done, total } = progress;
  useEffect(() => {
    const now = performance.now();
    // A new computation begins where done falls back.
    if (!start.current || done < start.current.done) start.current = { time: now, done };
    setPace(paceOf(done - start.current.done, total - done, now - start.current.time));
  }, [done, total]);
  return (
    <div className="progress">
      <progress value={done} max={Math.max(1, total)} aria-label={`${progress.unit} done`} />
      <span>{progressText(progress, pace)}</span>
    </div>
  );
}
