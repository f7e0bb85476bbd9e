import { createStore } from 'zustand/vanilla';
import type { TrainedMixture } from './trained';

/** What the leaderboard shows besides predictions. */
export interface ChallengeState {
  /** Mixtures whose verification in this tab has finished. */
  readonly trained: readonly TrainedMixture[];
}

export type ChallengeStore = ReturnType<typeof createChallengeStore>;

export function createChallengeStore() {
  return createStore<ChallengeState>(() => ({ trained: [] }));
}
