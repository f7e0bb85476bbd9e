import { createStore } from 'zustand/vanilla';
import type { TrainingPurpose, TrainingSettings } from '../training/state';
import { type Candidate, planVerification } from './plan';
import { pointsOf, type VerifyPoint } from './results';

/** Maximum number of evaluations, including the last one. */
const evaluations = 8;

/** Inputs and results of a verification. */
export interface VerifyState {
  readonly candidates: readonly Candidate[];
  /** Number of seeds per candidate. */
  readonly seeds: number;
  /** Mixtures of the study's runs to train once, for the agreement of both sizes. */
  readonly ranked: readonly Candidate[];
  /** Losses of the current or latest verification. */
  readonly points: readonly VerifyPoint[];
}

export type VerifyStore = ReturnType<typeof createVerifyStore>;

export function createVerifyStore() {
  return createStore<VerifyState>(() => ({ candidates: [], seeds: 3, ranked: [], points: [] }));
}

/** The models of a verification: candidates with every seed, then ranked mixtures with the first. */
export function verifyProxies(
  { candidates, seeds, ranked }: Pick<VerifyState, 'candidates' | 'seeds' | 'ranked'>,
  { seed }: Pick<TrainingSettings, 'seed'>,
) {
  const planned = planVerification(candidates, seeds, seed);
  return ranked.length < 2 ? planned : [...planned, ...planVerification(ranked, 1, seed)];
}

/** Trains what the store plans, and shows the losses in it. */
export function verifyPurpose(store: VerifyStore): TrainingPurpose {
  /** A replaced trainer repeats the reports since its checkpoint. */
  function take(more: readonly VerifyPoint[]): void {
    const key = ({ candidate, seed, step }: VerifyPoint) => `${candidate}#${seed}#${step}`;
    const known = new Map(store.getState().points.map((point) => [key(point), point]));
    for (const point of more) known.set(key(point), point);
    store.setState({ points: [...known.values()] });
  }
  return {
    plan: (_mixtures, settings) => verifyProxies(store.getState(), settings),
    isOfForm: false,
    evaluations,
    begin() {
      store.setState({ points: [] });
      return {
        onEvaluation: (proxies, { step, losses }) => {
          const domains = losses.length / proxies.length;
          take(
            pointsOf(
              proxies.map(({ id }, place) => ({
                id,
                evaluations: [
                  {
                    step,
                    losses: Array.from(losses.subarray(place * domains, (place + 1) * domains)),
                  },
                ],
              })),
            ),
          );
        },
        onFinished: (_job, _finished, latest) => take(pointsOf(latest)),
      };
    },
  };
}
