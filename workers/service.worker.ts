/// <reference lib="webworker" />

/**
 * Keeps the page at hand without a network. Everything of one build lives in one cache, and a page is
 * served from the cache of its own build alone, so that versions never mix. What the page needs to start is
 * fetched when the worker is installed, and the rest (text, wasm) when it is first used.
 */

declare const self: ServiceWorkerGlobalScope;

/** Filled in after the build by `scripts/build-service-worker.ts`. */
interface SiteFiles {
  /** Changes whenever a byte of the site does. */
  readonly version: string;
  /** Paths to fetch at once. */
  readonly now: readonly string[];
  /** Paths to keep when they are first asked for. */
  readonly onUse: readonly string[];
}
declare const siteFiles: SiteFiles;

const prefix = 'regmix-';
const cacheName = prefix + siteFiles.version;
const known = new Set([...siteFiles.now, ...siteFiles.onUse]);

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches());
});

self.addEventListener('message', ({ data }) => {
  // The reader has agreed to the new version.
  if (data === 'take over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  event.respondWith(answer(request, url.pathname));
});

async function fill(): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(
    siteFiles.now.map(async (path) => {
      const response = await fetch(path, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      await cache.put(path, plain(response));
    }),
  );
}

/** A browser refuses a redirected answer to a navigation: the same answer without that mark. */
function plain(response: Response): Response {
  if (!response.redirected) return response;
  return renamed(response);
}

/** The same answer under whatever address it was asked for. */
function renamed({ body, headers }: Response): Response {
  return new Response(body, { headers });
}

/** Tabs of an older build go on loading its parts from its cache; it goes when they are closed. */
async function dropOldCaches(): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length > 1) return;
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function answer(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  // What this build does not know is a part of an older one, asked for by a tab that is still open.
  const kept = (await cache.match(path)) ?? (known.has(path) ? null : await caches.match(path));
  // An answer with an address of its own would become the worker's, without what its maker put behind it.
  if (kept) return request.destination === 'worker' ? renamed(kept) : kept;
  const response = await fetch(request);
  if (known.has(path) && response.ok) await cache.put(path, response.clone());
  return response;
}
