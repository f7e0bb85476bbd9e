'use client';

import { useEffect } from 'react';
import type { StudyStore } from '../../lib/store/study-store';

/** Page-wide keys; a text field keeps its own undo. */
export function useShortcuts({ study, onKeys }: { study: StudyStore; onKeys: () => void }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTextField(event.target) || document.querySelector('dialog[open]')) return;
      const command = event.metaKey || event.ctrlKey;
      const key = event.key.toLowerCase();
      if (command && key === 'z') {
        event.preventDefault();
        if (event.shiftKey) study.redo();
        else study.undo();
      } else if (command && key === 'y') {
        event.preventDefault();
        study.redo();
      } else if (!command && !event.altKey && event.key === '?') {
        event.preventDefault();
        onKeys();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [study, onKeys]);
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !['range', 'checkbox', 'radio'].includes(target.type)
  );
}
