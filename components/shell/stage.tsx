'use client';

import { usePathname } from 'next/navigation';
import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { ErrorBoundary } from '../ui/lazy-part';
import { useStores, useView } from './stores';

/** One stage of the page: a heading, its finding in a sentence, and its content. */
export function Stage({
  id,
  title,
  finding,
  below = false,
  children,
}: {
  id: StageId;
  title: string;
  finding: ReactNode;
  /** Stages below the first screen span the page and have a rule above them. */
  below?: boolean;
  children: ReactNode;
}) {
  const { view } = useStores();
  const place = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isArriving = useView((state) => state.arriving === id);
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: its room may be shown only once the path has changed
  useEffect(() => {
    if (!isArriving || !place.current?.checkVisibility()) return;
    place.current.scrollIntoView();
    heading.current?.focus({ preventScroll: true });
    view.setState({ arriving: null });
  }, [view, isArriving, path]);
  return (
    <section
      ref={place}
      id={id}
      className={`stage stage-${id}${below ? ' stage-below' : ''}`}
      aria-labelledby={`${id}-title`}
    >
      <div className="stage-head">
        <h2 ref={heading} id={`${id}-title`} tabIndex={-1}>
          {title}
        </h2>
        <p>{finding}</p>
      </div>
      {children}
    </section>
  );
}

/** Isolates an error in one stage from the others. */
export function StageBoundary({
  study,
  title,
  children,
}: {
  /** The study shown; the stage is retried when it changes. */
  study: string;
  title: string;
  children: ReactNode;
}) {
  return (
    <ErrorBoundary
      resetKey={study}
      show={(problem, retry) => (
        <section className="stage stage-below" aria-label={title}>
          <div className="notice notice-danger" role="alert">
            <p>
              {title} cannot be shown: {problem}
            </p>
            <p className="quiet">
              This is a defect of the page. Your study is unchanged and the other parts work. Undo may return to a state in which this one works.
            </p>
            <button type="button" className="button" onClick={retry}>
              Try again
            </button>
          </div>
        </section>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

/** The stages, with the ids and names that links and lessons use. */
export const stageList = [
  { id: 'regression', name: 'Regression' },
  { id: 'optimum', name: 'Optimum' },
  { id: 'limits', name: 'Token limits' },
  { id: 'challenge', name: 'Your turn' },
  { id: 'trust', name: 'Trust' },
  { id: 'space', name: 'Mixture space' },
  { id: 'runs', name: 'Runs' },
  { id: 'mixtures', name: 'Mixtures' },
  { id: 'interactions', name: 'Interactions' },
  { id: 'next', name: 'Next proxies' },
  { id: 'proxies', name: 'Train proxies' },
  { id: 'schedule', name: 'Schedule' },
  { id: 'verify', name: 'Verify' },
  { id: 'export', name: 'Export' },
] as const;

export type StageId = (typeof stageList)[number]['id'];

export function isStage(id: string): id is StageId {
  return stageList.some((stage) => stage.id === id);
}

/**
 * Renders its children once the reader is near, so that the first load stays small and nothing is
 * computed that nobody sees. Until then it reserves about the same height.
 */
export function WhenNear({
  height,
  now = false,
  children,
}: {
  height: number;
  /** Renders the children at once, wherever the reader is. */
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
