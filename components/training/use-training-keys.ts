'use client';

import { useEffect } from 'react';
import { isTextField } from '../ui/draft';
import { useTraining, useTrainingControl } from './session';

/** Space pauses a training and goes on with it, `.` does one step; where no control has the focus. */
export function useTrainingKeys(): void {
  const control = useTrainingControl();
  const status = useTraining((state) => state.status);
  useEffect(() => {
    if (status !== 'running' && status !== 'paused') return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector('dialog[open]')) return;
      const focused = event.target instanceof HTMLElement ? event.target : document.body;
      const isControl = focused.closest('button, a, input, select, summary, [role="slider"]');
      if (event.key === ' ' && !isControl) {
        event.preventDefault();
        if (status === 'running') control.pause();
        else control.resume();
      } else if (event.key === '.' && status === 'paused' && !isTextField(focused)) {
        event.preventDefault();
        control.step();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [control, status]);
}
