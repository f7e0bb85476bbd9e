import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { DocumentHead, DocumentStorage, DocumentText } from '../store/document-storage';

interface Schema extends DBSchema {
  heads: { key: string; value: DocumentHead };
  texts: { key: string; value: DocumentText };
}

/** Documents in IndexedDB, opened when it is first needed. Heads apart from texts, to list them quickly. */
export function openDocumentStorage(): DocumentStorage {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;

  function database(): Promise<IDBPDatabase<Schema>> {
    opened ??= openDB<Schema>('regmix-documents', 1, {
      upgrade(db) {
        db.createObjectStore('heads');
        db.createObjectStore('texts');
      },
      // A later version of the page is open elsewhere: let it in.
      blocking: (_before, _after, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
        opened = null;
      },
      terminated: () => {
        opened = null;
      },
    }).catch((error: unknown) => {
      // The next edit tries again.
      opened = null;
      throw error;
    });
    return opened;
  }

  return {
    heads: async () => (await database()).getAll('heads'),
    text: async (id) => (await database()).get('texts', id),
    async write(head, text, base) {
      const both = (await database()).transaction(['heads', 'texts'], 'readwrite');
      const before = await both.objectStore('heads').get(head.id);
      if (before && before.revision !== base) {
        await both.done;
        return false;
      }
      await Promise.all([
        both.objectStore('heads').put(head, head.id),
        both.objectStore('texts').put(text, head.id),
        both.done,
      ]);
      return true;
    },
    async remove(id) {
      const both = (await database()).transaction(['heads', 'texts'], 'readwrite');
      const [head, text] = await Promise.all([
        both.objectStore('heads').get(id),
        both.objectStore('texts').get(id),
        both.objectStore('heads').delete(id),
        both.objectStore('texts').delete(id),
        both.done,
      ]);
      return head === undefined ? null : { head, text };
    },
  };
}
