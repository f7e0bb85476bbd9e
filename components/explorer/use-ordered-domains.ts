'use client';

import { useMemo } from 'react';
import { orderDomains } from '../../lib/store/view-store';
import { useAnalysis, useSession, useStores, useView } from './stores';

/** Indices of the study's domains in the order every chart shows them. */
export function useOrderedDomains(): number[] {
  const { study } = useSession();
  const order = useView((state) => state.order);
  const optimum = useAnalysis((state) => state.optimum.report?.optimum.weights ?? null);
  return useMemo(() => {
    const names = study.domains.map(({ name }) => name);
    const weights = optimum?.length === names.length ? optimum : study.prior.weights;
    return orderDomains(order, names, weights);
  }, [study, order, optimum]);
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
