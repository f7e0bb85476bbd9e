'use client';

/**
 * The explorer page: stores, workers, dialogs, the first screen with its result in words, the
 * stages, and page-wide keys.
 */
import { type ComponentType, useEffect, useState } from 'react';
import type { AnalysisState } from '../../lib/analysis/analysis-store';
import { formatNumber, formatPercent } from '../../lib/model/format';
import type { Study } from '../../lib/model/study';
import { leadingWeights } from '../../lib/optimum/finding';
import type { Session, StudyStore } from '../../lib/session/study-store';
import { ChallengePanel } from '../challenge/challenge-panel';
import { ExportPanel } from '../export/export-panel';
import { LessonBanner, useLesson } from '../lesson/lesson';
import { createPendingDocuments, useDocuments } from '../library/use-documents';
import { LimitsPanel } from '../limits/limits-panel';
import { MixturesPanel } from '../mixture/mixtures-panel';
import { Answer, Trust } from '../optimum/headline';
import { useFormer, useOutdated, usePredictedOptimum } from '../optimum/hooks';
import { OptimumPanel } from '../optimum/optimum-panel';
import { NextPanel } from '../proposals/next-panel';
import { InteractionsPanel } from '../regression/interactions-panel';
import { RegressionPanel } from '../regression/regression-panel';
import { RunsPanel } from '../runs/runs-panel';
import { SchedulePanel } from '../schedule/schedule-panel';
import { LinkOpener } from '../share/link-opener';
import { SiteFoot } from '../site/site-bar';
import { SpacePanel } from '../space/space-panel';
import { TrainingPanel } from '../training/training-panel';
import { TrustPanel } from '../trust/trust-panel';
import { Dialog } from '../ui/dialog';
import { isTextField, ownsUndo } from '../ui/draft';
import { lazyDialog } from '../ui/lazy-part';
import { VerifyPanel } from '../verify/verify-panel';
import { FileDrop } from './file-drop';
import { Rail } from './rail';
import { StageBoundary, type StageId, stageList } from './stage';
import {
  createStores,
  StoresProvider,
  useActiveFit,
  useHidesAnswer,
  useOptimum,
  useSession,
  useView,
} from './stores';
import { TopBar } from './top-bar';
import { usePipeline } from './use-pipeline';

const OpenDialog = lazyDialog('Open runs', () => import('../runs/open-dialog'));
const StudiesDialog = lazyDialog('Studies', () => import('../library/studies-dialog'));

/** The whole page: creates the stores, starts the workers, and lays out the stages. */
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
      <FileDrop onRuns={setOpening} />
    </StoresProvider>
  );
}

/** On small screens: the result and a link to the sliders, reachable from anywhere on the page. */
function BottomBar() {
  const { study } = useSession();
  const { report, advice, feasibility, status } = useOptimum((state) => state);
  const fit = useActiveFit().state;
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  const predicted = usePredictedOptimum();
  if (useHidesAnswer()) {
    return (
      <nav className="bottom-bar" aria-label="Your turn">
        <span>The answer is hidden</span>
        <a href="#challenge">Your turn</a>
      </nav>
    );
  }
  return (
    <nav className="bottom-bar" aria-label="Optimum">
      <span>{summary()}</span>
      <a href="#optimum">Optimum</a>
      <a href="#limits">Limits</a>
    </nav>
  );

  function summary(): string {
    if (!feasibility.feasible) return 'No mixture meets your limits';
    if (!report || predicted === null || isOutdated) {
      return fit?.status === 'failed' || status === 'failed' ? 'No fit, no optimum' : 'Fitting…';
    }
    if (advice?.verb === 'none') return advice.words;
    const [first] = leadingWeights(study.domains, report.optimum.weights, 1);
    const by = isFormer ? ', former runs' : '';
    return `${formatPercent(first.weight, 0)} ${first.name}, ${formatNumber(predicted, 3)}${by}`;
  }
}

const keys = [
  ['Tab', 'go through everything that can be set, in reading order'],
  ['← →', 'move a focused slider by 0.1 point; with Shift by 1 point'],
  ['Enter', 'take over a typed value; 3%, 25B and 750M are understood'],
  ['Ctrl or ⌘ + Z', 'undo the last gesture, whether a drag, a typed value or opened files'],
  [
    'Ctrl or ⌘ + Shift + Z',
    'redo it; in a field with text not yet taken over, both keys are about that text',
  ],
  ['↑ ↓ ← →', 'go from cell to cell of a focused heatmap'],
  ['Space', 'pause a training in this tab, and go on with it'],
  ['.', 'one step of a training that is paused'],
  ['?', 'show this list'],
] as const;

function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, meaning]) => (
          <div key={key + meaning}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** What must be known about the origin of the runs before reading any result. */
const labels: Readonly<Record<Study['source']['kind'], string | null>> = {
  simulated: 'Simulated runs',
  trained: 'Trained by this page',
  files: null,
  published: null,
};

/** The result in words: whether to train on it, its predicted loss, and how far to trust it. */
function Finding() {
  const { study } = useSession();
  const label = labels[study.source.kind];
  return (
    <div className="finding">
      <h1 id="finding" aria-live="polite">
        <Answer />
      </h1>
      <p>
        {label && <span className="label">{label}</span>}
        <Trust />
      </p>
    </div>
  );
}

const panels: Readonly<Record<StageId, ComponentType<{ onOpen: () => void }>>> = {
  regression: RegressionPanel,
  optimum: OptimumPanel,
  limits: LimitsPanel,
  challenge: ChallengePanel,
  trust: TrustPanel,
  space: SpacePanel,
  runs: RunsPanel,
  mixtures: MixturesPanel,
  interactions: InteractionsPanel,
  next: NextPanel,
  proxies: TrainingPanel,
  schedule: SchedulePanel,
  verify: VerifyPanel,
  export: ExportPanel,
};

/** The stages in order, without those that a lesson hides. */
function Stages({ onOpen }: { onOpen: () => void }) {
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const { study } = useSession();
  return (
    <main className="stages" aria-labelledby="finding">
      {stageList.map(({ id, name }) => {
        const Panel = panels[id];
        return hidden.includes(id) ? null : (
          <StageBoundary key={id} study={study.id} title={name}>
            <Panel onOpen={onOpen} />
          </StageBoundary>
        );
      })}
    </main>
  );
}

/** Page-wide keys. A text field handles undo itself only while it holds an uncommitted draft. */
function useShortcuts({ study, onKeys }: { study: StudyStore; onKeys: () => void }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return;
      const focused = event.target instanceof HTMLElement ? event.target : document.body;
      const command = event.metaKey || event.ctrlKey;
      const key = event.key.toLowerCase();
      if (command && (key === 'z' || key === 'y') && ownsUndo(focused)) return;
      if (command && key === 'z') {
        event.preventDefault();
        if (event.shiftKey) study.redo();
        else study.undo();
      } else if (command && key === 'y') {
        event.preventDefault();
        study.redo();
      } else if (!command && !event.altKey && event.key === '?' && !isTextField(focused)) {
        event.preventDefault();
        onKeys();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [study, onKeys]);
}
