'use client';

import { useMemo, useState } from 'react';
import { orderDomains } from '../../lib/store/view-store';
import { useOptimum, useSession, useStores, useStudyState, useView } from './stores';

/**
 * Indices of the study's domains in the order every chart shows them. It stands still during a
 * gesture, so that nothing moves under the pointer.
 */
export function useOrderedDomains(): number[] {
  const { study } = useSession();
  const order = useView((state) => state.order);
  const moving = useStudyState((state) => state.gesture !== null);
  const optimum = useOptimum((state) => state.report?.optimum.weights ?? null);
  const [held, setHeld] = useState<Float64Array | null>(null);
  const latest = optimum?.length === study.domains.length ? optimum : study.prior.weights;
  if (moving && held === null) setHeld(latest);
  if (!moving && held !== null) setHeld(null);
  const weights = held?.length === study.domains.length ? held : latest;
  return useMemo(() => {
    const names = study.domains.map(({ name }) => name);
    return orderDomains(order, names, weights);
  }, [study, order, weights]);
}

/** The hovered domain as a position in `ordered`, with its setter: what every chart takes. */
export function useHover(ordered: readonly number[]): {
  hovered: number | null;
  onHover: (position: number | null) => void;
} {
  const { view } = useStores();
  const domain = useView((state) => state.hoveredDomain);
  const position = domain === null ? -1 : ordered.indexOf(domain);
  return {
    hovered: position < 0 ? null : position,
    onHover: (next) =>
      view.setState({ hoveredDomain: next === null ? null : (ordered[next] ?? null) }),
  };
}
