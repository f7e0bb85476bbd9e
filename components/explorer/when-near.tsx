'use client';

import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';

/**
 * Shows what is far down the page once the reader comes near it, so that the first load stays small
 * and no work is done for what nobody looks at. Until then it keeps about the same room.
 */
export function WhenNear({
  height,
  now = false,
  children,
}: {
  height: number;
  /** Whether it is wanted without anybody coming near. */
  now?: boolean;
  children: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setNear(true);
        observer.disconnect();
      },
      { rootMargin: '600px 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const room = <div ref={place} className="room" style={{ minHeight: height }} />;
  return isNear || now ? <Suspense fallback={room}>{children}</Suspense> : room;
}
