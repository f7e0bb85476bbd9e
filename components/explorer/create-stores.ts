import { createExploreWorkerClient, createOnnxWorkerClient } from '../../lib/browser/workers';
import { type AnalysisState, createAnalysisStore } from '../../lib/store/analysis-store';
import { createCandidatesStore } from '../../lib/store/candidates-store';
import { createChallengeStore } from '../../lib/store/challenge-store';
import { createExploreClient } from '../../lib/store/explore-client';
import { createOnnxClient } from '../../lib/store/onnx-client';
import { createStudyStore, type Session } from '../../lib/store/study-store';
import { createViewStore } from '../../lib/store/view-store';
import type { DocumentsSession } from '../documents/use-documents';
import type { Stores } from './stores';

/** The stores of a page. @param documents where its study is kept; one that nothing readies keeps nothing */
export function createStores(
  session: Session,
  analysis: AnalysisState,
  documents: DocumentsSession,
): Stores {
  const study = createStudyStore(session);
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
    view: createViewStore(),
    candidates: createCandidatesStore(),
    challenge: createChallengeStore(),
    explore: createExploreClient(() => createExploreWorkerClient(onnx.predict)),
  };
}
