'use client';

import { lazy, Suspense, useEffect, useState } from 'react';
import { createClient } from '../../lib/rpc/client';
import type { ExploreMethods, FitMethods, OptimumMethods } from '../../lib/rpc/methods';
import { type AnalysisState, createAnalysisStore } from '../../lib/store/analysis-store';
import { createCandidatesStore } from '../../lib/store/candidates-store';
import { createChallengeStore } from '../../lib/store/challenge-store';
import { createExploreClient } from '../../lib/store/explore-client';
import { startPipeline } from '../../lib/store/pipeline';
import { createStudyStore, type Session } from '../../lib/store/study-store';
import { createViewStore } from '../../lib/store/view-store';
import { createPendingDocuments, useDocuments } from '../documents/use-documents';
import { LessonBanner } from '../lesson/lesson-banner';
import { useLesson } from '../lesson/use-lesson';
import { OpenDialog } from '../runs/open-dialog';
import { LinkOpener } from '../share/link-opener';
import { BottomBar } from './bottom-bar';
import { Finding } from './finding';
import { KeysDialog } from './keys-dialog';
import { Rail } from './rail';
import { Stages } from './stages';
import { type Stores, StoresProvider } from './stores';
import { TopBar } from './top-bar';
import { useFileDrop } from './use-file-drop';
import { useShortcuts } from './use-shortcuts';

const StudiesDialog = lazy(() => import('../documents/studies-dialog'));

/** The whole page: makes the stores, starts the workers, and lays out the stages. */
export function Explorer({ session, analysis }: { session: Session; analysis: AnalysisState }) {
  const [documents] = useState(createPendingDocuments);
  const [stores] = useState<Stores>(() => ({
    documents,
    study: createStudyStore(session),
    analysis: createAnalysisStore(analysis),
    view: createViewStore(),
    candidates: createCandidatesStore(),
    challenge: createChallengeStore(),
    explore: createExploreClient(() =>
      createClient<ExploreMethods>(
        () =>
          new Worker(new URL('../../workers/explore.worker.ts', import.meta.url), {
            type: 'module',
          }),
      ),
    ),
  }));
  const [opening, setOpening] = useState<readonly File[] | null>(null);
  const [showingStudies, setShowingStudies] = useState(false);
  const [showingKeys, setShowingKeys] = useState(false);

  useEffect(() => {
    const fit = createClient<FitMethods>(
      () => new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module' }),
    );
    const optimum = createClient<OptimumMethods>(
      () =>
        new Worker(new URL('../../workers/optimum.worker.ts', import.meta.url), { type: 'module' }),
    );
    // Until here a click on the served page does nothing; tests and styles can tell.
    document.documentElement.dataset.live = 'true';
    const stop = startPipeline(stores.study, stores.analysis, fit, optimum);
    return () => {
      stop();
      fit.close();
      optimum.close();
      stores.explore.close();
    };
  }, [stores]);

  useLesson(stores.view);
  useDocuments(stores.study, documents);
  useShortcuts({ study: stores.study, onKeys: () => setShowingKeys(true) });
  const dropping = useFileDrop(setOpening);

  return (
    <StoresProvider stores={stores}>
      <TopBar
        onOpen={() => setOpening([])}
        onStudies={() => setShowingStudies(true)}
        onKeys={() => setShowingKeys(true)}
      />
      <div className="page">
        <LinkOpener />
        <LessonBanner />
        <Finding />
        <div className="grid">
          <Rail />
          <Stages onOpen={() => setOpening([])} />
        </div>
      </div>
      <BottomBar />
      {opening && <OpenDialog dropped={opening} onClose={() => setOpening(null)} />}
      {showingStudies && (
        <Suspense>
          <StudiesDialog onClose={() => setShowingStudies(false)} />
        </Suspense>
      )}
      {showingKeys && <KeysDialog onClose={() => setShowingKeys(false)} />}
      {dropping && (
        <div className="drop-target">
          Drop your CSV files or a study to read them here, in this tab
        </div>
      )}
    </StoresProvider>
  );
}
