'use client';

import { lazy, Suspense, useState } from 'react';
import type { AnalysisState } from '../../lib/store/analysis-store';
import type { Session } from '../../lib/store/study-store';
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
import { LinkOpener } from '../share/link-opener';
import { SiteFoot } from '../site/site-foot';
import { SpacePanel } from '../space/space-panel';
import { TrainingPanel } from '../training/training-panel';
import { TrustPanel } from '../trust/trust-panel';
import { VerifyPanel } from '../verify/verify-panel';
import { BottomBar } from './bottom-bar';
import { createStores } from './create-stores';
import { Finding } from './finding';
import { KeysDialog } from './keys-dialog';
import { Rail } from './rail';
import { StoresProvider } from './stores';
import { TopBar } from './top-bar';
import { useFileDrop } from './use-file-drop';
import { usePipeline } from './use-pipeline';
import { useShortcuts } from './use-shortcuts';

const StudiesDialog = lazy(() => import('../documents/studies-dialog'));

/** The whole page: makes the stores, starts the workers, and lays out the stages. */
export function Explorer({ session, analysis }: { session: Session; analysis: AnalysisState }) {
  const [documents] = useState(createPendingDocuments);
  const [stores] = useState(() => createStores(session, analysis, documents));
  const [opening, setOpening] = useState<readonly File[] | null>(null);
  const [showingStudies, setShowingStudies] = useState(false);
  const [showingKeys, setShowingKeys] = useState(false);

  usePipeline(stores);
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
            <VerifyPanel />
            <ExportPanel />
          </main>
        </div>
      </div>
      <SiteFoot />
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
