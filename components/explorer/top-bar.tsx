'use client';

import { useStores, useStudyState } from './stores';
import { toggleTheme } from './theme';

export function TopBar({ onOpen, onKeys }: { onOpen: () => void; onKeys: () => void }) {
  const { study: store } = useStores();
  const study = useStudyState((state) => state.session.study);
  const canUndo = useStudyState((state) => state.past.length > 0);
  const canRedo = useStudyState((state) => state.future.length > 0);
  return (
    <header className="bar">
      <span className="bar-name">RegMix Explorer</span>
      <span className="bar-study" title={study.source.detail}>
        {study.name}
      </span>
      <div className="bar-actions">
        <button type="button" className="primary" onClick={onOpen}>
          Open runs
        </button>
        <button type="button" onClick={store.undo} disabled={!canUndo}>
          Undo
        </button>
        <button type="button" onClick={store.redo} disabled={!canRedo}>
          Redo
        </button>
        <button type="button" className="wide-only" onClick={toggleTheme}>
          Theme
        </button>
        <button
          type="button"
          className="wide-only"
          aria-label="Keyboard shortcuts"
          onClick={onKeys}
        >
          ?
        </button>
      </div>
    </header>
  );
}
