'use client';

import { useState } from 'react';
import type { AnalysisState } from '../../lib/store/analysis-store';
import type { Session } from '../../lib/store/study-store';
import { createPendingDocuments, useDocuments } from '../documents/use-documents';
import { LessonBanner } from '../lesson/lesson-banner';
import { useLesson } from '../lesson/use-lesson';
import { OpenDialog } from '../runs/open-dialog';
import { LinkOpener } from '../share/link-opener';
import { SiteFoot } from '../site/site-foot';
import { lazyDialog } from '../ui/lazy-part';
import { BottomBar } from './bottom-bar';
import { createStores } from './create-stores';
import { Finding } from './finding';
import { KeysDialog } from './keys-dialog';
import { Rail } from './rail';
import { Stages } from './stages';
import { StoresProvider } from './stores';
import { TopBar } from './top-bar';
import { useFileDrop } from './use-file-drop';
import { usePipeline } from './use-pipeline';
import { useShortcuts } from './use-shortcuts';

const StudiesDialog = lazyDialog('Studies', () => import('../documents/studies-dialog'));

/** The whole page: makes the stores, starts the workers, and lays out the stages. */
export function Explorer({ session, analysis }: { session: Session; analysis: AnalysisState }) {
  const [documents] = useState(createPendingDocuments);
  const [stores] = useState(() => createStores(session, analysis, documents));
  const [opening, setOpening] = useState<readonly File[] | null>(null);
  const [showingStudies, setShowingStudies] = useState(false);
  const [showingKeys, setShowingKeys] = useState(false);

  usePipeline(stores);
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
      <SiteFoot />
      <BottomBar />
      {opening && <OpenDialog dropped={opening} onClose={() => setOpening(null)} />}
      {showingStudies && <StudiesDialog onClose={() => setShowingStudies(false)} />}
      {showingKeys && <KeysDialog onClose={() => setShowingKeys(false)} />}
      {dropping && (
        <div className="drop-target">
          Drop your CSV files or a study to read them here, in this tab
        </div>
      )}
    </StoresProvider>
  );
}
