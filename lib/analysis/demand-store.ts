import { createStore, type StoreApi } from 'zustand/vanilla';

/** Fits that a panel shows, beside what the optimum on view needs. */
export type Demand =
  /** Every regressor on the target on view, for comparison. */
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
  /** Of every panel that is near; two may want the same. */
  readonly demands: readonly Demand[];
}

/** What is to be computed for the panels that the reader is near to. */
export interface DemandStore extends StoreApi<DemandState> {
  /** @returns takes the demand back: what was begun for it alone is cancelled */
  request(demand: Demand): () => void;
}

export function createDemandStore(): DemandStore {
  const store = createStore<DemandState>(() => ({ demands: [] }));
  return {
    ...store,
    request(demand) {
      // An object of its own, so that of two alike each is taken back once.
      const own = { ...demand };
      store.setState(({ demands }) => ({ demands: [...demands, own] }));
      return () =>
        store.setState(({ demands }) => ({ demands: demands.filter((each) => each !== own) }));
    },
  };
}

/** All that any panel may want of a study, for a page that is finished before any script runs. */
export const everyDemand: readonly Demand[] = [
  { kind: 'rivals' },
  { kind: 'targets' },
  { kind: 'laws' },
  { kind: 'interactions' },
];
