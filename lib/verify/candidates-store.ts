import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Domain } from '../model/study';
import type { SchedulePhase } from '../schedule/schedule';

/** A mixture, or a schedule of them, that is to be verified beside the optimum and the prior. */
export interface NewCandidate {
  /** For people, at most {@link longestName} characters: `the best run`. */
  readonly name: string;
  /** D weights >= 0 that sum to 1, in the order of the study's domains; of a schedule its first ones. */
  readonly mixture: Float64Array;
  /** The mixtures over a training, where they change; the first one is `mixture`. */
  readonly phases?: readonly SchedulePhase[];
}

/** A candidate with the domains that it is about. */
interface AddedCandidate extends NewCandidate {
  /** Ids of the study's domains, in its order. */
  readonly domains: readonly string[];
}

export interface CandidatesState {
  /** In the order in which they were added. */
  readonly added: readonly AddedCandidate[];
}

/** Mixtures that any stage hands to the verification; they stay for as long as the page is open. */
export interface CandidatesStore extends StoreApi<CandidatesState> {
  /** Adds a candidate about a study's domains; one of the same name gives way to it. */
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

/** The candidates that are about just these domains, in this order. */
export function candidatesFor(
  { added }: CandidatesState,
  { domains }: { readonly domains: readonly Domain[] },
): readonly NewCandidate[] {
  const ids = domains.map(({ id }) => id).join('\n');
  return added.filter((each) => each.domains.join('\n') === ids);
}

/** Ids of trained models end in `#` and a seed: names are without it. */
function cleanName(name: string): string {
  return name.replaceAll('#', '').replace(/\s+/g, ' ').trim().slice(0, longestName) || 'a mixture';
}
