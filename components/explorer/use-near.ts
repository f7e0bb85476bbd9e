'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Demand } from '../../lib/store/demand-store';
import { useStores } from './stores';

/** An element, and whether it is on view or within one window's height of it. */
export function useNear<Kind extends HTMLElement = HTMLDivElement>(): [
  RefObject<Kind | null>,
  boolean,
] {
  const place = useRef<Kind>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: '100% 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, isNear];
}

/** Wants fits for as long as they are on view or near. */
export function useDemand(kind: Exclude<Demand['kind'], 'model'>, isWanted = true): void {
  const { demand } = useStores();
  useEffect(() => (isWanted ? demand.want({ kind }) : undefined), [demand, kind, isWanted]);
}

/** Wants the chosen regressor's model of one target for as long as it is on view or near. */
export function useModelDemand(target: string, isWanted: boolean): void {
  const { demand } = useStores();
  useEffect(
    () => (isWanted ? demand.want({ kind: 'model', target }) : undefined),
    [demand, target, isWanted],
  );
}
