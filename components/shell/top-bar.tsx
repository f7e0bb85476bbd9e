'use client';

import { useState } from 'react';
import { toggleTheme } from '../../lib/browser/first-paint';
import { plural } from '../../lib/model/format';
import { SavingState } from '../library/saving-state';
import { ShareButton } from '../share/share-button';
import { lazyDialog } from '../ui/lazy-part';
import { Menu } from '../ui/menu';
import { JobPill, useIsTraining } from './job-pill';
import { useStores, useStudyState } from './stores';

const LessonDialog = lazyDialog('Teach with this study', () => import('../lesson/lesson-dialog'));

export function TopBar({
  onOpen,
  onStudies,
  onKeys,
}: {
  onOpen: () => void;
  onStudies: () => void;
  onKeys: () => void;
}) {
  const { study: store } = useStores();
  const study = useStudyState((state) => state.session.study);
  const leftOut = study.leftOut?.ids.length ?? 0;
  const canUndo = useStudyState((state) => state.past.length > 0);
  const canRedo = useStudyState((state) => state.future.length > 0);
  const [isTeaching, setTeaching] = useState(false);
  // Another page in this tab would end the training.
  const elsewhere = useIsTraining()
    ? { target: '_blank', title: 'In a new tab, so that the training goes on here' }
    : {};
  return (
    <header className="bar">
      <span className="bar-name">RegMix Explorer</span>
      <span className="bar-study" title={study.source.detail}>
        {study.name}
        {leftOut > 0 && ` (${plural(leftOut, 'run')} left out)`}
      </span>
      <SavingState />
      <JobPill />
      <nav className="bar-links" aria-label="Pages">
        <a href="/learn" {...elsewhere}>
          Learn
        </a>
        <a href="/guide" {...elsewhere}>
          Guide
        </a>
      </nav>
      <div className="bar-actions">
        <button type="button" className="primary" onClick={onOpen}>
          Open runs
        </button>
        <button type="button" onClick={onStudies}>
          Studies
        </button>
        <button type="button" onClick={store.undo} disabled={!canUndo}>
          Undo
        </button>
        <button type="button" onClick={store.redo} disabled={!canRedo}>
          Redo
        </button>
        <ShareButton label="Share" />
        <Menu
          label="More"
          accessibleLabel="More"
          items={[
            { label: 'Teach with this study', onSelect: () => setTeaching(true) },
            { label: 'Light or dark', onSelect: toggleTheme },
            { label: 'Keyboard shortcuts', onSelect: onKeys },
          ]}
        />
      </div>
      {isTeaching && <LessonDialog onClose={() => setTeaching(false)} />}
    </header>
  );
}
