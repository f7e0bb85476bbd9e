'use client';

import { useEffect, useRef, useState } from 'react';
import type { Progress } from '../../lib/model/job';

/** The progress of a long computation, its rate, and the time left. */
export function ProgressLine({ progress }: { progress: Progress }) {
  const start = useRef<{ time: number; done: number } | null>(null);
  const [pace, setPace] = useState<Pace | null>(null);
  const { done, total } = progress;
  useEffect(() => {
    const now = performance.now();
    // A new computation starts where `done` decreases.
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

/** How far a computation is that does not know its pace. @param share done, 0..1 */
export function PercentLine({ words, share }: { words: string; share: number }) {
  const percent = Math.floor(Math.min(1, share) * 100);
  return (
    <div className="progress">
      <progress value={percent} max={100} aria-label={words} />
      <span>
        {words}: {percent}%
      </span>
    </div>
  );
}

/** The speed of a computation. */
interface Pace {
  /** Units per second. */
  readonly rate: number;
  /** Seconds left at that rate. */
  readonly secondsLeft: number;
}

/** Shorter measurements than this are ignored, in milliseconds. */
const shortest = 300;

/**
 * The pace after `done` units in `elapsed` milliseconds, with `left` units to go; null while there
 * is too little data.
 */
export function paceOf(done: number, left: number, elapsed: number): Pace | null {
  if (done <= 0 || elapsed < shortest) return null;
  const rate = done / (elapsed / 1000);
  return { rate, secondsLeft: left / rate };
}

/** `12,000 of 100,000 mixtures, 40,000 a second, 2 s left`. */
export function progressText({ done, total, unit }: Progress, pace: Pace | null): string {
  const parts = [`${whole(done)} of ${whole(total)} ${unit}`];
  if (pace) parts.push(`${whole(pace.rate)} a second`, `${duration(pace.secondsLeft)} left`);
  return parts.join(', ');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function duration(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
