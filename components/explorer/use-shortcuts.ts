'use client';

import { useEffect } from 'react';
import type { StudyStore } from '../../lib/store/study-store';
import { isTextField, ownsUndo } from '../ui/draft';

/**
 * Page-wide keys. A text field keeps undo to itself only while it holds a draft: text that has not
 * been taken over.
 */
export function useShortcuts({ study, onKeys }: { study: StudyStore; onKeys: () => void }): void {
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
