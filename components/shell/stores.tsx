'use client';

import { createContext, type ReactNode, use } from 'react';
import { useStore } from 'zustand';
import {
  type ActiveFit,
  type AnalysisState,
  type AnalysisStore,
  activeFit,
  createAnalysisStore,
  type OptimumState,
  withoutAnswer,
} from '../../lib/analysis/analysis-store';
import { createDemandStore, type DemandStore } from '../../lib/analysis/demand-store';
import { createExploreClient, type ExploreClient } from '../../lib/analysis/explore-client';
import { createOnnxClient, type OnnxClient } from '../../lib/analysis/onnx-client';
import { createExploreWorkerClient, createOnnxWorkerClient } from '../../lib/browser/workers';
import {
  type ChallengeState,
  type ChallengeStore,
  createChallengeStore,
} from '../../lib/challenge/challenge-store';
import { newId } from '../../lib/model/labels';
import {
  createStudyStore,
  type Session,
  type StudyState,
  type StudyStore,
} from '../../lib/session/study-store';
import {
  createViewStore,
  firstEvaluation,
  type ViewState,
  type ViewStore,
} from '../../lib/session/view-store';
import { asNewStudy } from '../../lib/study/identity';
import {
  type CandidatesState,
  type CandidatesStore,
  createCandidatesStore,
} from '../../lib/verify/candidates-store';
import type { DocumentsSession } from '../library/use-documents';

export interface Stores {
  readonly study: StudyStore;
  readonly analysis: AnalysisStore;
  /** The computations that panels near the reader request. */
  readonly demand: DemandStore;
  readonly view: ViewStore;
  readonly challenge: ChallengeStore;
  /** Explorations beside the main analysis; the worker starts with the first request. */
  readonly explore: ExploreClient;
  /** ONNX files: written, read, and evaluated where a study has imported models. */
  readonly onnx: OnnxClient;
  /** Mixtures to verify beside the optimum, added from any stage. */
  readonly candidates: CandidatesStore;
  /** The studies saved in this browser. */
  readonly documents: DocumentsSession;
}

const StoresContext = createContext<Stores | null>(null);

export function StoresProvider({ stores, children }: { stores: Stores; children: ReactNode }) {
  return <StoresContext value={stores}>{children}</StoresContext>;
}

/** The stores, for actions. Throws outside a StoresProvider, which is a programming error. */
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

/** The results computed from the session, except the optimum: see {@link useOptimum}. */
export function useAnalysis<Value>(
  select: (state: Omit<AnalysisState, 'optimum'>) => Value,
): Value {
  return useStore(useStores().analysis, select);
}

/** The optimum that the reader may see: none while a lesson hides the answer. */
export function useOptimum<Value>(select: (optimum: OptimumState) => Value): Value {
  const isHidden = useHidesAnswer();
  return useStore(useStores().analysis, ({ optimum }) =>
    select(isHidden ? withoutAnswer(optimum) : optimum),
  );
}

/** Whether a lesson currently hides the answer. */
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

/** The fit shown: the selected regressor's for the selected target, or its fallback. */
export function useActiveFit(): ActiveFit {
  const session = useSession();
  const fits = useAnalysis((state) => state.fits);
  return activeFit(session, fits);
}

/**
 * The stores of a page. @param documents where its study is saved; nothing is saved until it is
 * made ready
 */
export function createStores(
  session: Session,
  analysis: AnalysisState,
  documents: DocumentsSession,
): Stores {
  // Each visit may save the built-in study as a document: a study of its own.
  const study = createStudyStore({ ...session, study: asNewStudy(session.study, newId) });
  const view = createViewStore(firstEvaluation(session.study));
  // Test sets of two studies may have one name.
  study.subscribe(({ session: { study: now } }, { session: { study: before } }) => {
    if (now.id !== before.id) view.setState({ evaluation: firstEvaluation(now) });
  });
  // Ranges drawn over some runs say nothing about others.
  study.subscribe(({ session: { study: now } }, { session: { study: before } }) => {
    if (now.training !== before.training && view.getState().brushes.size > 0) {
      view.setState({ brushes: new Map() });
    }
  });
  const onnx = createOnnxClient(
    createOnnxWorkerClient,
    () => new URL('wasm/', document.baseURI).href,
    (model) =>
      study.getState().session.study.imported?.find(({ id }) => id === model)?.source ?? null,
  );
  return {
    documents,
    study,
    onnx,
    analysis: createAnalysisStore(analysis),
    demand: createDemandStore(),
    view,
    candidates: createCandidatesStore(),
    challenge: createChallengeStore(),
    explore: createExploreClient(() => createExploreWorkerClient(onnx.predict)),
  };
}
