import { createStore } from 'zustand/vanilla';
import type { TrainedMixture } from './trained';

/** What the leaderboard knows beside predictions. */
export interface ChallengeState {
  /** Mixtures that the verification in this tab has trained to the end. */
  readonly trained: readonly TrainedMixture[];
}

export type ChallengeStore = ReturnType<typeof createChallengeStore>;

export function createChallengeStore() {
  return createStore<ChallengeState>(() => ({ trained: [] }));
}
