'use client';

import { createContext, type ReactNode, use } from 'react';
import { useStore } from 'zustand';
import { type ActiveFit, activeFit } from '../../lib/store/active-fit';
import type { AnalysisState, AnalysisStore } from '../../lib/store/analysis-store';
import type { CandidatesState, CandidatesStore } from '../../lib/store/candidates-store';
import type { ExploreClient } from '../../lib/store/explore-client';
import type { Session, StudyState, StudyStore } from '../../lib/store/study-store';
import type { ViewState, ViewStore } from '../../lib/store/view-store';
import type { DocumentsSession } from '../documents/use-documents';

export interface Stores {
  readonly study: StudyStore;
  readonly analysis: AnalysisStore;
  readonly view: ViewStore;
  /** What is looked into beside the main line; its worker starts when it is first asked. */
  readonly explore: ExploreClient;
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

export function useAnalysis<Value>(select: (state: AnalysisState) => Value): Value {
  return useStore(useStores().analysis, select);
}

export function useView<Value>(select: (state: ViewState) => Value): Value {
  return useStore(useStores().view, select);
}

export function useCandidates<Value>(select: (state: CandidatesState) => Value): Value {
  return useStore(useStores().candidates, select);
}

/** The fit on view: the chosen regressor's for the chosen target, or the one that stands in for it. */
export function useActiveFit(): ActiveFit {
  const session = useSession();
  const fits = useAnalysis((state) => state.fits);
  return activeFit(session, fits);
}
