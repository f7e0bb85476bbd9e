import * as v from 'valibot';

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
