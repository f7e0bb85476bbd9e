import { linkPrefix } from '../../lib/share/prefix';
import { isLesson, type Lesson } from '../../lib/study/lesson';

const key = 'regmix-lesson';

/** The lesson of this tab, so that loading the page again does not end it. */
export const keptLesson = {
  get(): string | null {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(lesson: Lesson): void {
    try {
      if (isLesson(lesson)) sessionStorage.setItem(key, JSON.stringify(lesson));
      else sessionStorage.removeItem(key);
    } catch {
      // Storage is blocked: the lesson lasts until the page is loaded again.
    }
  },
};

/**
 * Runs before the first paint: a page that may be about to hide its answer shows nothing until that is
 * known, for the answer of the served study stands in it.
 */
export const veilScript = `(function () {
  var kept = null;
  try { kept = sessionStorage.getItem('${key}'); } catch (error) {}
  if (kept || location.hash.indexOf('${linkPrefix}') === 0) document.documentElement.dataset.veiled = 'true';
})();`;

/** Shows what {@link veilScript} kept from view. */
export function unveil(): void {
  delete document.documentElement.dataset.veiled;
}
