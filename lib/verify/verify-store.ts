import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Domain } from '../model/study';
import type { SchedulePhase } from '../schedule/schedule';
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

/** A mixture, or a schedule of them, that is to be verified beside the optimum and the prior. */
export interface NewCandidate {
  /** Display name, at most {@link longestName} characters: `the best run`. */
  readonly name: string;
  /** D weights >= 0 that sum to 1, in the order of the study's domains; for a schedule the first ones. */
  readonly mixture: Float64Array;
  /** The mixtures over a training, where they change; the first one is `mixture`. */
  readonly phases?: readonly SchedulePhase[];
}

/** A candidate with its domains. */
interface AddedCandidate extends NewCandidate {
  /** Ids of the study's domains, in its order. */
  readonly domains: readonly string[];
}

export interface CandidatesState {
  /** In the order in which they were added. */
  readonly added: readonly AddedCandidate[];
}

/** Mixtures that other stages add to the verification; they last until the page is closed. */
export interface CandidatesStore extends StoreApi<CandidatesState> {
  /** Adds a candidate for a study's domains; it replaces one of the same name. */
  addCandidate(study: { readonly domains: readonly Domain[] }, candidate: NewCandidate): void;
  removeCandidate(name: string): void;
}

/** Characters of a candidate's name. */
export const longestName = 60;

export function createCandidatesStore(): CandidatesStore {
  const store = createStore<CandidatesState>(() => ({ added: [] }));
  const others = (name: string) => store.getState().added.filter((each) => each.name !== name);
  return {
    ...store,
    addCandidate: ({ domains }, candidate) => {
      const name = cleanName(candidate.name);
      const added = { ...candidate, name, domains: domains.map(({ id }) => id) };
      store.setState({ added: [...others(name), added] });
    },
    removeCandidate: (name) => store.setState({ added: others(name) }),
  };
}

/** The candidates for exactly these domains, in this order. */
export function candidatesFor(
  { added }: CandidatesState,
  { domains }: { readonly domains: readonly Domain[] },
): readonly NewCandidate[] {
  const ids = domains.map(({ id }) => id).join('\n');
  return added.filter((each) => each.domains.join('\n') === ids);
}

/** Removes `#` from names, since ids of trained models end in `#` and a seed. */
function cleanName(name: string): string {
  return name.replaceAll('#', '').replace(/\s+/g, ' ').trim().slice(0, longestName) || 'a mixture';
}
