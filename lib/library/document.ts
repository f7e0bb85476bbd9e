/** The stored form of a saved study, and the messages between tabs about it. */
import * as v from 'valibot';

const idSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

const headSchema = v.object({
  id: idSchema,
  name: v.pipe(v.string(), v.maxLength(500)),
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  savedAt: v.pipe(v.number(), v.finite()),
});

/** Metadata of a saved document. */
export interface DocumentHead {
  readonly id: string;
  /** Name of its study. */
  readonly name: string;
  /** 1 on the first save, incremented by each further one; shows whether another tab has saved since. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

/** A study's file; a long one as a Blob, which browsers store whatever its size. */
export type DocumentText = string | Blob;

/** Where documents are stored. Returned values are untrusted: callers check them. */
export interface DocumentStorage {
  heads(): Promise<readonly unknown[]>;
  /** null when there is none. */
  text(id: string): Promise<unknown>;
  /**
   * Writes head and text in one transaction, unless the stored revision differs from `base`.
   *
   * @param base revision that the change began from; 0 = none
   * @returns whether it was written; a document that was deleted meanwhile is written again
   */
  write(head: DocumentHead, text: DocumentText, base: number): Promise<boolean>;
  /**
   * Deletes a document in one transaction.
   *
   * @returns what was deleted, perhaps just saved by another tab; null when there was none
   */
  remove(id: string): Promise<{ readonly head: unknown; readonly text: unknown } | null>;
}

/** A head from storage; null when it is invalid. */
export function parseHead(value: unknown): DocumentHead | null {
  const result = v.safeParse(headSchema, value);
  return result.success ? result.output : null;
}

const newsSchema = v.variant('kind', [
  v.object({
    kind: v.literal('saved'),
    id: idSchema,
    revision: v.pipe(v.number(), v.safeInteger()),
  }),
  v.object({ kind: v.literal('deleted'), id: idSchema }),
]);

/** The message to other tabs that a document was saved or deleted; a tab ignores kinds it does not know. */
export type DocumentNews = v.InferOutput<typeof newsSchema>;

/** The channel between tabs; a BroadcastChannel in the page. */
export interface NewsChannel {
  postMessage(news: DocumentNews): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** A message from another tab, which may run another version of the page; null when it is invalid. */
export function parseNews(value: unknown): DocumentNews | null {
  const result = v.safeParse(newsSchema, value);
  return result.success ? result.output : null;
}
