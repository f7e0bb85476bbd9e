/** What is stored of a saved study, and what tabs tell each other of it. */
import * as v from 'valibot';

const headSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  name: v.pipe(v.string(), v.maxLength(500)),
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  savedAt: v.pipe(v.number(), v.finite()),
});

/** What is known of a saved document without reading it. */
export interface DocumentHead {
  readonly id: string;
  /** Name of its study. */
  readonly name: string;
  /** 1 when it was first saved, one more each time; tells whether another tab has saved since. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

/** A study's file; a long one as a Blob, which browsers take as a value whatever its size. */
export type DocumentText = string | Blob;

/** Where documents are stored. What it gives back may be anything: it is checked by whoever asks. */
export interface DocumentStorage {
  heads(): Promise<readonly unknown[]>;
  /** null when there is none. */
  text(id: string): Promise<unknown>;
  /**
   * Writes head and text in one transaction, unless the stored revision is another than `base`.
   *
   * @param base revision that the change began from; 0 = none
   * @returns whether it was written; a document that was deleted meanwhile is written again
   */
  write(head: DocumentHead, text: DocumentText, base: number): Promise<boolean>;
  /**
   * Deletes a document in one transaction.
   *
   * @returns what was deleted, which another tab may have saved a moment before; null when there was none
   */
  remove(id: string): Promise<{ readonly head: unknown; readonly text: unknown } | null>;
}

/** A head from storage; null when it is none. */
export function parseHead(value: unknown): DocumentHead | null {
  const result = v.safeParse(headSchema, value);
  return result.success ? result.output : null;
}

const newsSchema = v.object({
  kind: v.literal('saved'),
  id: v.pipe(v.string(), v.maxLength(100)),
  revision: v.pipe(v.number(), v.safeInteger()),
});

/** What a tab tells the others: it saved a document. */
export type DocumentNews = v.InferOutput<typeof newsSchema>;

/** What tabs speak over; a BroadcastChannel in the page. */
export interface NewsChannel {
  postMessage(news: DocumentNews): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** News from another tab, which may run another version of the page; null when it is none. */
export function parseNews(value: unknown): DocumentNews | null {
  const result = v.safeParse(newsSchema, value);
  return result.success ? result.output : null;
}
