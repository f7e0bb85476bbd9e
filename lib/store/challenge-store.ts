import { createStore } from 'zustand/vanilla';
import type { TrainedMixture } from '../challenge/trained';

/** What the leaderboard and the verification tell each other. */
export interface ChallengeState {
  /** Mixtures that the verification in this tab has trained to the end. */
  readonly trained: readonly TrainedMixture[];
  /** Ids of the candidates that the leaderboard hands to the verification; null = it chooses by itself. */
  readonly handedOver: readonly string[] | null;
}

export type ChallengeStore = ReturnType<typeof createChallengeStore>;

export function createChallengeStore() {
  return createStore<ChallengeState>(() => ({ trained: [], handedOver: null }));
}
