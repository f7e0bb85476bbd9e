import { askToPersist } from '../../lib/browser/database';
import { lastAnswerFlag, lastStudyFlag } from '../../lib/browser/flags';
import { openSavedStudies, openStudyChannel } from '../../lib/browser/saved-studies';
import { createDocuments, type Documents } from '../../lib/library/documents';
import type { DocumentsStore } from '../../lib/library/documents-state';
import type { StudyStore } from '../../lib/session/study-store';
import { sessionOf, sessionText } from './session-text';

/** Starts saving the page's study in this browser, and opens the study that was open last. */
export function saveDocuments(study: StudyStore, state: DocumentsStore): Documents {
  const documents = createDocuments(study, state, {
    storage: openSavedStudies(),
    channel: openStudyChannel(),
    last: lastStudyFlag,
    write: sessionText,
    read: sessionOf,
    now: Date.now,
    persist: askToPersist,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  const onHide = () => {
    if (document.visibilityState === 'hidden') void documents.flush();
  };
  document.addEventListener('visibilitychange', onHide);
  return {
    ...documents,
    async remove(head) {
      const deleted = await documents.remove(head);
      // Perhaps it was the answer of that study: nothing of it stays.
      lastAnswerFlag.set(null);
      return deleted;
    },
    stop() {
      document.removeEventListener('visibilitychange', onHide);
      documents.stop();
    },
  };
}
