import type { DBSchema } from 'idb';
import type { DocumentHead, DocumentStorage, DocumentText, NewsChannel } from '../library/document';
import { createDatabase } from './database';

/** Heads are stored apart from texts, to list them quickly. */
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

/** The channel on which tabs notify each other of saves; a no-op where the browser has none. */
export function openStudyChannel(): NewsChannel {
  try {
    return new BroadcastChannel('regmix-documents');
  } catch {
    // The revision check at the next save still keeps tabs from overwriting each other.
    return { onmessage: null, postMessage() {}, close() {} };
  }
}
