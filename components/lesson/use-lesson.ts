'use client';

import { useEffect, useState } from 'react';
import { unveil } from '../../lib/browser/first-paint';
import { lessonFlag } from '../../lib/browser/flags';
import { loadCode } from '../../lib/load-code';
import { isLink } from '../../lib/share/prefix';
import type { ViewStore } from '../../lib/store/view-store';
import { isLesson } from '../../lib/study/lesson';

/** Saves the lesson of the tab over reloads, and sizes the page for a projector where it says so. */
export function useLesson(view: ViewStore): void {
  const [missing, setMissing] = useState<unknown>(null);
  // Without its lesson the page would show the answer that the lesson hides.
  if (missing) throw missing;
  useEffect(() => {
    const present = () => {
      document.documentElement.toggleAttribute(
        'data-presenting',
        view.getState().lesson.isPresenting,
      );
    };
    const stop = view.subscribe(({ lesson }, before) => {
      if (lesson === before.lesson) return;
      lessonFlag.set(isLesson(lesson) ? JSON.stringify(lesson) : null);
      present();
    });
    const saved = lessonFlag.get();
    // A link in the address says by itself what it sets, and what opens it shows the page.
    if (saved && !isLink(window.location.hash)) {
      loadCode(() => import('../../lib/study/lesson-file'))
        .then(({ parseLesson }) => {
          const lesson = parseLesson(saved);
          if (lesson) view.setState({ lesson });
          unveil();
        })
        .catch(setMissing);
    }
    present();
    return stop;
  }, [view]);
}
