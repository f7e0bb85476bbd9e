'use client';

import { useEffect } from 'react';
import { useTraining, useTrainingControl } from './session';

/** What takes Space for itself while it, or something in it, has the focus: it types, presses or scrolls. */
const takesSpace = [
  'a[href], area[href], button, input, textarea, select, summary, audio, video, iframe, embed, object',
  '[contenteditable]:not([contenteditable="false"])',
  // Whatever else the keyboard reaches: widgets by their role, regions that scroll.
  '[tabindex]:not([tabindex^="-"])',
].join();
/** What takes every character that is typed. */
const takesText = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

/** Space pauses a training and goes on with it, `.` does one step; where nothing that has the focus takes them. */
export function useTrainingKeys(): void {
  const control = useTrainingControl();
  const status = useTraining((state) => state.status);
  useEffect(() => {
    if (status !== 'running' && status !== 'paused') return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector('dialog[open]')) return;
      const focused = event.target instanceof Element ? event.target : document.body;
      if (event.key === ' ' && !focused.closest(takesSpace)) {
        event.preventDefault();
        if (status === 'running') control.pause();
        else control.resume();
      } else if (event.key === '.' && status === 'paused' && !focused.closest(takesText)) {
        event.preventDefault();
        control.step();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [control, status]);
}
