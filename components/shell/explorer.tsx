'use client';

/**
 * The page: stores, workers, dialogs, the bar, the rooms, and page-wide keys. It stays while the reader goes
 * from room to room.
 */
import { Activity, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import type { AnalysisState } from '../../lib/analysis/analysis-store';
import { followFormer } from '../../lib/analysis/former';
import {
  lastStudyFlag,
  unfinishedTrainingFlag,
  unfinishedVerificationFlag,
} from '../../lib/browser/flags';
import type { Session, StudyStore } from '../../lib/session/study-store';
import type { RecordedVerification } from '../../lib/verify/results';
import { HiddenRoom, LessonBanner, useLesson } from '../lesson/lesson';
import { createPendingDocuments, useDocuments } from '../library/use-documents';
import StartRoom from '../rooms/start-room';
import { LinkOpener } from '../share/link-opener';
import { SiteFoot } from '../site/site-bar';
import { Dialog } from '../ui/dialog';
import { isTextField, ownsUndo } from '../ui/draft';
import { lazyDialog, lazyPart } from '../ui/lazy-part';
import { TermTexts } from '../ui/term';
import { ActionsContext, type PageActions } from './actions';
import { FileDrop } from './file-drop';
import { Live } from './live';
import { useRoom, useRoomLinks, useRoomPath } from './navigation';
import { RoomTabs } from './room-tabs';
import { isRoomShown, type RoomId, roomAt, rooms } from './rooms';
import { StageBoundary } from './stage';
import { createStores, StoresProvider, useSession, useView } from './stores';
import { BarLine, TopBar } from './top-bar';
import { usePipeline } from './use-pipeline';

const OpenDialog = lazyDialog('Open runs', () => import('../runs/open-dialog'));
const StudiesDialog = lazyDialog('Studies', () => import('../library/studies-dialog'));
const Finder = lazyDialog('Find anything', () => import('./finder'));

const AnswerRoom = lazyPart(() => import('../rooms/answer-room'));
const EvidenceRoom = lazyPart(() => import('../rooms/evidence-room'));
const ExploreRoom = lazyPart(() => import('../rooms/explore-room'));
const LabRoom = lazyPart(() => import('../rooms/lab-room'));

/**
 * The whole page: creates the stores, starts the workers, and shows the room at its address.
 *
 * @param recorded the verification of the study that the page comes with
 */
export function Explorer({
  session,
  analysis,
  recorded,
}: {
  session: Session;
  analysis: AnalysisState;
  recorded: RecordedVerification;
}) {
  const [documents] = useState(createPendingDocuments);
  const [stores] = useState(() => createStores(session, analysis, documents));
  const [opening, setOpening] = useState<readonly File[] | null>(null);
  const [showing, setShowing] = useState<'studies' | 'keys' | 'find' | null>(null);
  const close = () => setShowing(null);
  const actions = useMemo<PageActions>(
    () => ({
      openRuns: (files = []) => setOpening(files),
      openStudies: () => setShowing('studies'),
      showKeys: () => setShowing('keys'),
      find: () => setShowing('find'),
    }),
    [],
  );

  // Before the workers start: the optimum that was served is the first to look back to.
  useEffect(() => followFormer(stores.study, stores.analysis, stores.view), [stores]);
  usePipeline(stores);
  useLesson(stores.view);
  useDocuments(stores.study, documents);
  useRoomLinks(stores.view);
  useShortcuts({ study: stores.study, onKeys: actions.showKeys, onFind: actions.find });

  return (
    <StoresProvider stores={stores}>
      <ActionsContext value={actions}>
        <TopBar />
        <div className="line">
          <RoomTabs />
          <BarLine />
        </div>
        <div className="page">
          <LinkOpener />
          <LessonBanner />
          <Rooms recorded={recorded} />
        </div>
        <SiteFoot />
        {opening && <OpenDialog dropped={opening} onClose={() => setOpening(null)} />}
        {showing === 'studies' && <StudiesDialog onClose={close} />}
        {showing === 'keys' && <KeysDialog onClose={close} />}
        {showing === 'find' && <Finder onClose={close} />}
        <TermTexts />
        <FileDrop onRuns={actions.openRuns} />
      </ActionsContext>
    </StoresProvider>
  );
}

/**
 * The room at the page's address, and those visited before, which keep what was done in them. What is
 * trained in the lab goes on while it is not on view; the others rest.
 */
function Rooms({ recorded }: { recorded: RecordedVerification }) {
  const current = useRoom();
  const { study } = useSession();
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const [first] = useState(current.id);
  const [visited, setVisited] = useState<ReadonlySet<RoomId>>(() => new Set([current.id]));
  if (!visited.has(current.id)) setVisited(new Set([...visited, current.id]));
  useEffect(() => {
    const isUnfinished = [unfinishedTrainingFlag, unfinishedVerificationFlag].some(
      (flag) => flag.get() === 'yes',
    );
    // It offers to go on with what it trained.
    if (isUnfinished) setVisited((before) => new Set([...before, 'lab']));
  }, []);
  const goTo = useRoomPath();
  // A returning reader lands in the study that they had open.
  useEffect(() => {
    const isBack = lastStudyFlag.get() !== null && window.location.hash === '';
    if (isBack && roomAt(window.location.pathname)?.id === 'start') goTo('/answer', 'replace');
  }, [goTo]);
  useEffect(() => {
    document.title = current.title;
    // A dialog in a room that is left would make everything else inert.
    for (const dialog of document.querySelectorAll<HTMLDialogElement>(
      'main[hidden] dialog[open]',
    )) {
      dialog.close();
    }
  }, [current]);
  return rooms.map((each) => {
    const { id, name } = each;
    if (!visited.has(id)) return null;
    const isShown = id === current.id;
    const content = (
      <>
        {!isRoomShown(each, hidden) && <HiddenRoom name={name} />}
        {id === 'lab' ? (
          // What it trains goes on while a lesson hides it.
          <div hidden={!isRoomShown(each, hidden)}>{roomContent(id, recorded)}</div>
        ) : (
          isRoomShown(each, hidden) && roomContent(id, recorded)
        )}
        {isShown && <Live />}
      </>
    );
    // What is served within a Suspense boundary of this size is shown by a script only: the room that is
    // served has none, and waits for its code in the Activity around it.
    const room = (
      <StageBoundary study={study.id} title={name}>
        {id === first && id !== 'lab' ? (
          content
        ) : (
          <Suspense fallback={<div className="room" />}>{content}</Suspense>
        )}
      </StageBoundary>
    );
    if (id === 'lab') {
      return (
        <main key={id} aria-label={name} hidden={!isShown} data-room={id}>
          {room}
        </main>
      );
    }
    return (
      <Activity key={id} mode={isShown ? 'visible' : 'hidden'}>
        <main aria-label={name} hidden={!isShown} data-room={id}>
          {room}
        </main>
      </Activity>
    );
  });
}

function roomContent(id: RoomId, recorded: RecordedVerification): ReactNode {
  switch (id) {
    case 'start':
      return <StartRoom recorded={recorded} />;
    case 'answer':
      return <AnswerRoom />;
    case 'evidence':
      return <EvidenceRoom />;
    case 'explore':
      return <ExploreRoom />;
    case 'lab':
      return <LabRoom />;
  }
}

const keys = [
  ['Tab', 'go through everything that can be set, in reading order'],
  ['← →', 'move a focused slider by 0.1 point; with Shift by 1 point'],
  ['Enter', 'accept a typed value; 3%, 25B and 750M are understood'],
  ['Ctrl or ⌘ + Z', 'undo the last gesture, whether a drag, a typed value or opened files'],
  [
    'Ctrl or ⌘ + Shift + Z',
    'redo it; in a field with text not yet accepted, both keys edit that text',
  ],
  ['Ctrl or ⌘ + K', 'find a domain, a target, a run, a room or an action'],
  ['↑ ↓ ← →', 'go from cell to cell of a focused heatmap'],
  ['Space', 'pause or resume a training in this tab'],
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

/** Page-wide keys. A text field handles undo itself only while it holds an uncommitted draft. */
function useShortcuts({
  study,
  onKeys,
  onFind,
}: {
  study: StudyStore;
  onKeys: () => void;
  onFind: () => void;
}): void {
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
      } else if (command && !event.shiftKey && key === 'k') {
        event.preventDefault();
        onFind();
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
  }, [study, onKeys, onFind]);
}
