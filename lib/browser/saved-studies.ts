import type { DBSchema } from 'idb';
import type { DocumentHead, DocumentStorage, DocumentText, NewsChannel } from '../library/document';
import { createDatabase } from './database';

/** Heads apart from texts, to list them quickly. */
interface Schema extends DBSchema {
  heads: { key: string; value: DocumentHead };
  texts: { key: string; value: DocumentText };
}

const both = ['heads', 'texts'] as const;

/** The studies that are saved in this browser. */
export function openSavedStudies(): DocumentStorage {
  const database = createDatabase<Schema>('regmix-documents', 1, (db) => {
    db.createObjectStore('heads');
    db.createObjectStore('texts');
  });
  return {
    heads: () => database.read(['heads'], (all) => all.objectStore('heads').getAll()),
    text: (id) => database.read(['texts'], (all) => all.objectStore('texts').get(id)),
    write: (head, text, base) =>
      database.write(both, async (all) => {
        const heads = all.objectStore('heads');
        const before = await heads.get(head.id);
        if (before && before.revision !== base) return false;
        await Promise.all([heads.put(head, head.id), all.objectStore('texts').put(text, head.id)]);
        return true;
      }),
    remove: (id) =>
      database.write(both, async (all) => {
        const heads = all.objectStore('heads');
        const texts = all.objectStore('texts');
        const [head, text] = await Promise.all([
          heads.get(id),
          texts.get(id),
          heads.delete(id),
          texts.delete(id),
        ]);
        return head === undefined ? null : { head, text };
      }),
  };
}

/** Where the tabs of this browser tell each other what they saved; nobody listens where it has none. */
export function openStudyChannel(): NewsChannel {
  try {
    return new BroadcastChannel('regmix-documents');
  } catch {
    // Storage sees to it, at the next save, that no tab writes over another's work.
    return { onmessage: null, postMessage() {}, close() {} };
  }
}
