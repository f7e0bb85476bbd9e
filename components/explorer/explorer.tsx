'use client';

import { lazy, Suspense, useEffect, useState } from 'react';
import { createClient } from '../../lib/rpc/client';
import type { ExploreMethods, FitMethods, OptimumMethods } from '../../lib/rpc/methods';
import { type AnalysisState, createAnalysisStore } from '../../lib/store/analysis-store';
import { createCandidatesStore } from '../../lib/store/candidates-store';
import { createExploreClient } from '../../lib/store/explore-client';
import { startPipeline } from '../../lib/store/pipeline';
import { createStudyStore, type Session } from '../../lib/store/study-store';
import { createViewStore } from '../../lib/store/view-store';
import { createPendingDocuments, useDocuments } from '../documents/use-documents';
import { ExportPanel } from '../export/export-panel';
import { MixturesPanel } from '../mixture/mixtures-panel';
import { NextPanel } from '../next/next-panel';
import { LimitsPanel } from '../optimum/limits-panel';
import { OptimumPanel } from '../optimum/optimum-panel';
import { InteractionsPanel } from '../regression/interactions-panel';
import { RegressionPanel } from '../regression/regression-panel';
import { OpenDialog } from '../runs/open-dialog';
import { RunsPanel } from '../runs/runs-panel';
import { SchedulePanel } from '../schedule/schedule-panel';
import { LinkOpener } from '../share/link-opener';
import { SpacePanel } from '../space/space-panel';
import { TrainingPanel } from '../training/training-panel';
import { TrustPanel } from '../trust/trust-panel';
import { VerifyPanel } from '../verify/verify-panel';
import { BottomBar } from './bottom-bar';
import { Finding } from './finding';
import { KeysDialog } from './keys-dialog';
import { Rail } from './rail';
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
        <Finding />
        <div className="grid">
          <Rail />
          <main className="stages" aria-labelledby="finding">
            <RegressionPanel />
            <OptimumPanel />
            <LimitsPanel />
            <TrustPanel />
            <SpacePanel />
            <RunsPanel onOpen={() => setOpening([])} />
            <MixturesPanel />
            <InteractionsPanel />
            <NextPanel />
            <TrainingPanel />
            <SchedulePanel />
            <VerifyPanel />
            <ExportPanel />
          </main>
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
