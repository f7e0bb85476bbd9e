'use client';

import { useEffect, useRef } from 'react';

/** Keys pressed within this many milliseconds of one another belong to one gesture. */
const burst = 600;

interface GestureHandlers {
  readonly onStart: () => void;
  readonly onCommit: () => void;
}

/**
 * Groups changes that belong together, so that one undo reverts them all: a drag from press to
 * release, a burst of keys until a pause.
 */
export function useGesture(handlers: GestureHandlers) {
  const latest = useRef(handlers);
  const running = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    latest.current = handlers;
  });

  function start(): void {
    clearTimeout(timer.current);
    if (running.current) return;
    running.current = true;
    latest.current.onStart();
  }

  function commit(): void {
    clearTimeout(timer.current);
    if (!running.current) return;
    running.current = false;
    latest.current.onCommit();
  }

  const commitRef = useRef(commit);
  useEffect(() => () => commitRef.current(), []);

  /** Starts or extends a burst; it commits itself after a pause. */
  function prolong(): void {
    start();
    timer.current = setTimeout(commit, burst);
  }

  return {
    start,
    commit,
    prolong,
    /** Makes a change without press or key a gesture of its own. */
    prolongIfIdle(): void {
      if (!running.current) prolong();
    },
  };
}
