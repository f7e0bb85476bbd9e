'use client';

import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/**
 * The width of an element in CSS pixels, followed as it changes. The server and the first client
 * render draw at `initial`, so that the served page already has its charts.
 */
export function useWidth(initial: number): [RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const follow = () => {
      const measured = Math.floor(element.clientWidth);
      // A hidden element has no width; keep the last drawing until it is shown.
      if (measured > 0) setWidth(measured);
    };
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
