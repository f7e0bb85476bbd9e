'use client';

import { isLesson, noLesson } from '../../lib/study/lesson';
import { useStores, useView } from '../explorer/stores';

/** What a teacher set for the class, above everything else. */
export function LessonBanner() {
  const { view } = useStores();
  const lesson = useView((state) => state.lesson);
  if (!isLesson(lesson)) return null;
  return (
    <section className="lesson-banner" aria-label="Lesson">
      {lesson.task !== '' && <p className="lesson-task">{lesson.task}</p>}
      <p className="quiet small">
        {lesson.hidesAnswer
          ? 'A lesson: the answer is hidden until you ask for it under Your turn.'
          : 'A lesson: the answer is on view.'}{' '}
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
