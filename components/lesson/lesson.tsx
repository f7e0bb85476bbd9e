'use client';

import { useEffect, useId, useState } from 'react';
import { unveil } from '../../lib/browser/first-paint';
import { lessonFlag } from '../../lib/browser/flags';
import { loadCode } from '../../lib/model/load-code';
import { isLink } from '../../lib/model/text-kinds';
import type { ViewStore } from '../../lib/session/view-store';
import { isLesson, noLesson } from '../../lib/study/lesson';
import { useStores, useView } from '../shell/stores';
import { Dialog } from '../ui/dialog';

/** The task that a teacher set for the class, docked above every room. */
export function LessonBanner() {
  const { view } = useStores();
  const lesson = useView((state) => state.lesson);
  const [isFolded, setFolded] = useState(false);
  const taskId = useId();
  if (!isLesson(lesson)) return null;
  const hasTask = lesson.task !== '';
  return (
    <section className="lesson-banner" aria-label="Lesson">
      {hasTask && (
        <button
          type="button"
          className="link lesson-fold"
          aria-expanded={!isFolded}
          aria-controls={taskId}
          onClick={() => setFolded(!isFolded)}
        >
          {isFolded ? 'Show the task' : 'Fold the task'}
        </button>
      )}
      {hasTask && (
        <p id={taskId} className="lesson-task" hidden={isFolded}>
          {lesson.task}
        </p>
      )}
      <p className="quiet small">
        {lesson.hidesAnswer
          ? 'A lesson: the answer is hidden until you ask for it in Your turn.'
          : 'A lesson: the answer is shown.'}{' '}
        {!lesson.hidesAnswer && (
          <button
            type="button"
            className="link"
            onClick={() => view.setState({ lesson: noLesson })}
          >
            Leave the lesson
          </button>
        )}
      </p>
    </section>
  );
}

/** Reveals the answer that a lesson hides, to this reader only, after a confirmation. */
export function Reveal() {
  const { view } = useStores();
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="reveal">
      <button type="button" className="button" onClick={() => setAsking(true)}>
        Show the answer
      </button>
      {isAsking && (
        <Dialog title="Show the answer?" onClose={() => setAsking(false)}>
          <p className="prose">
            The page then shows the best mixture found and its prediction. Keep your attempts first:
            they stay on the leaderboard beside it. Only you see it.
          </p>
          <div className="button-row">
            <button
              type="button"
              className="button primary"
              onClick={() => {
                setAsking(false);
                view.setState(({ lesson }) => ({ lesson: { ...lesson, hidesAnswer: false } }));
              }}
            >
              Show the answer
            </button>
            <button type="button" className="button" onClick={() => setAsking(false)}>
              Not yet
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** Shown instead of a room of which a lesson hides every part. */
export function HiddenRoom({ name }: { name: string }) {
  return (
    <div className="finding">
      <h1>{name} is hidden in this lesson.</h1>
      <p>
        <a href="/answer#challenge">Your turn</a>
      </p>
    </div>
  );
}

/** Shown instead of the answer while a lesson hides it. */
export function HiddenAnswer() {
  return (
    <p className="hidden-answer">
      The answer is hidden. Set your own mixture under <a href="/answer#challenge">Your turn</a>.
    </p>
  );
}

/**
 * Saves the tab's lesson across reloads, and enlarges the page for a projector where the lesson
 * says so.
 */
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
    // A link in the address defines its own lesson, and opening it shows the page.
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
