'use client';

import { createContext, type ReactNode, use } from 'react';
import { useStore } from 'zustand';
import type { AnalysisState, AnalysisStore, FitState } from '../../lib/store/analysis-store';
import { fitKey } from '../../lib/store/keys';
import type { Session, StudyState, StudyStore } from '../../lib/store/study-store';
import type { ViewState, ViewStore } from '../../lib/store/view-store';

export interface Stores {
  readonly study: StudyStore;
  readonly analysis: AnalysisStore;
  readonly view: ViewStore;
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

/** The fit on view: the chosen regressor for the chosen target; undefined while it has not begun. */
export function useActiveFit(): FitState | undefined {
  const { study, settings } = useSession();
  const key = fitKey(study, settings.target, settings.regressor, settings);
  return useAnalysis((state) => state.fits.get(key));
}
