import { createExploreWorkerClient, createOnnxWorkerClient } from '../../lib/browser/workers';
import { type AnalysisState, createAnalysisStore } from '../../lib/store/analysis-store';
import { createCandidatesStore } from '../../lib/store/candidates-store';
import { createChallengeStore } from '../../lib/store/challenge-store';
import { createDemandStore } from '../../lib/store/demand-store';
import { createExploreClient } from '../../lib/store/explore-client';
import { newId } from '../../lib/store/new-id';
import { createOnnxClient } from '../../lib/store/onnx-client';
import { createStudyStore, type Session } from '../../lib/store/study-store';
import { createViewStore } from '../../lib/store/view-store';
import { asNewStudy } from '../../lib/study/identity';
import type { DocumentsSession } from '../documents/use-documents';
import type { Stores } from './stores';

/** The stores of a page. @param documents where its study is kept; one that nothing readies keeps nothing */
export function createStores(
  session: Session,
  analysis: AnalysisState,
  documents: DocumentsSession,
): Stores {
  // Each visit may make a document of what came with the page: a study of its own.
  const study = createStudyStore({ ...session, study: asNewStudy(session.study, newId) });
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
    view: createViewStore(),
    candidates: createCandidatesStore(),
    challenge: createChallengeStore(),
    explore: createExploreClient(() => createExploreWorkerClient(onnx.predict)),
  };
}
