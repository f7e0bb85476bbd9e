import { createStore, type StoreApi } from 'zustand/vanilla';

/** Fits that a panel shows, in addition to those the optimum needs. */
export type Demand =
  /** Every regressor on the current target, for comparison. */
  | { readonly kind: 'rivals' }
  /** The chosen regressor on every target. */
  | { readonly kind: 'targets' }
  /** The chosen regressor's model of one target. */
  | { readonly kind: 'model'; readonly target: string }
  /** The law of every target, with its models. */
  | { readonly kind: 'laws' }
  /** How domains and targets move together, which is measured without a fit. */
  | { readonly kind: 'interactions' };

interface DemandState {
  /** Requests of every panel near the viewport; two may be alike. */
  readonly demands: readonly Demand[];
}

/** What to compute for the panels near the viewport. */
export interface DemandStore extends StoreApi<DemandState> {
  /** @returns a function that withdraws the request; work started for it alone is cancelled */
  request(demand: Demand): () => void;
}

export function createDemandStore(): DemandStore {
  const store = createStore<DemandState>(() => ({ demands: [] }));
  return {
    ...store,
    request(demand) {
      // A copy, so that each of two equal requests is withdrawn once.
      const own = { ...demand };
      store.setState(({ demands }) => ({ demands: [...demands, own] }));
      return () =>
        store.setState(({ demands }) => ({ demands: demands.filter((each) => each !== own) }));
    },
  };
}

/** All that any panel may request, for prerendering. */
export const everyDemand: readonly Demand[] = [
  { kind: 'rivals' },
  { kind: 'targets' },
  { kind: 'laws' },
  { kind: 'interactions' },
];
