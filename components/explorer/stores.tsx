'use client';

import { createContext, type ReactNode, use } from 'react';
import { useStore } from 'zustand';
import { type ActiveFit, activeFit } from '../../lib/store/active-fit';
import type { AnalysisState, AnalysisStore, OptimumState } from '../../lib/store/analysis-store';
import type { CandidatesState, CandidatesStore } from '../../lib/store/candidates-store';
import type { ChallengeState, ChallengeStore } from '../../lib/store/challenge-store';
import type { DemandStore } from '../../lib/store/demand-store';
import type { ExploreClient } from '../../lib/store/explore-client';
import { withoutAnswer } from '../../lib/store/hidden-answer';
import type { OnnxClient } from '../../lib/store/onnx-client';
import type { Session, StudyState, StudyStore } from '../../lib/store/study-store';
import type { ViewState, ViewStore } from '../../lib/store/view-store';
import type { DocumentsSession } from '../documents/use-documents';

export interface Stores {
  readonly study: StudyStore;
  readonly analysis: AnalysisStore;
  /** What panels want computed that the reader is near to. */
  readonly demand: DemandStore;
  readonly view: ViewStore;
  readonly challenge: ChallengeStore;
  /** What is looked into beside the main line; its worker starts when it is first asked. */
  readonly explore: ExploreClient;
  /** ONNX files: written, read, and run where a study has imported models. */
  readonly onnx: OnnxClient;
  /** Mixtures to verify beside the optimum, from whatever stage. */
  readonly candidates: CandidatesStore;
  /** The studies that are kept in this browser. */
  readonly documents: DocumentsSession;
}

const StoresContext = createContext<Stores | null>(null);

export function StoresProvider({ stores, children }: { stores: Stores; children: ReactNode }) {
  return <StoresContext value={stores}>{children}</StoresContext>;
}

/** The stores themselves, for actions. Throws outside of a StoresProvider: that is a defect. */
export function useStores(): Stores {
  const stores = use(StoresContext);
  if (!stores) throw new Error('useStores is used outside of StoresProvider');
  return stores;
}

export function useStudyState<Value>(select: (state: StudyState) => Value): Value {
  return useStore(useStores().study, select);
}

export function useSession(): Session {
  return useStudyState((state) => state.session);
}

/** What was computed from the session, but for the optimum: see {@link useOptimum}. */
export function useAnalysis<Value>(
  select: (state: Omit<AnalysisState, 'optimum'>) => Value,
): Value {
  return useStore(useStores().analysis, select);
}

/** The optimum as the reader may see it: while a lesson hides the answer, as if none had been found. */
export function useOptimum<Value>(select: (optimum: OptimumState) => Value): Value {
  const isHidden = useHidesAnswer();
  return useStore(useStores().analysis, ({ optimum }) =>
    select(isHidden ? withoutAnswer(optimum) : optimum),
  );
}

/** Whether a lesson keeps the answer from the reader now. */
export function useHidesAnswer(): boolean {
  return useView(({ lesson }) => lesson.hidesAnswer);
}

export function useView<Value>(select: (state: ViewState) => Value): Value {
  return useStore(useStores().view, select);
}

export function useCandidates<Value>(select: (state: CandidatesState) => Value): Value {
  return useStore(useStores().candidates, select);
}

export function useChallenge<Value>(select: (state: ChallengeState) => Value): Value {
  return useStore(useStores().challenge, select);
}

/** The fit on view: the chosen regressor's for the chosen target, or the one that stands in for it. */
export function useActiveFit(): ActiveFit {
  const session = useSession();
  const fits = useAnalysis((state) => state.fits);
  return activeFit(session, fits);
}
