/// <reference lib="webworker" />

/**
 * Serves the page without a network. Everything of one build lives in one cache, and a tab is served from the
 * cache of its own build alone, so that versions never mix. What the page needs to start is fetched when the
 * worker is installed, and the rest (text, wasm) on first use. A new build takes over when the user agrees;
 * tabs open at that time continue with the older one, whose cache is removed when the last is closed.
 */

declare const self: ServiceWorkerGlobalScope;

/** Filled in after the build by `scripts/build-service-worker.ts`. */
interface SiteFiles {
  /** Changes with every byte of the site. */
  readonly version: string;
  /** Paths to fetch at once. */
  readonly now: readonly string[];
  /** Paths to store when they are first requested. */
  readonly onUse: readonly string[];
}
declare const siteFiles: SiteFiles;

/** What this build found when it took over. Stored, because browsers stop idle workers. */
interface OlderBuilds {
  /** Their caches, the latest last. */
  readonly caches: readonly string[];
  /** Ids of their tabs and of the workers of these; no id is used twice. */
  readonly clients: Set<string>;
}

const prefix = 'regmix-';
const cacheName = prefix + siteFiles.version;
const known = new Set([...siteFiles.now, ...siteFiles.onUse]);
/** Where this build's cache holds its {@link OlderBuilds}; no file of a site has such a path. */
const olderBuildsPath = '/?older-builds';

let olderBuilds: Promise<OlderBuilds> | null = null;

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener('message', (event) => {
  // The user has agreed to the new version.
  if (event.data === 'take over') void self.skipWaiting();
  // The page that this one replaced is closed by now: it may have been the last of its build.
  if (event.data === 'page ready') event.waitUntil(dropOlderBuilds());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  event.respondWith(answer(event, url.pathname));
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

/** Browsers refuse a redirected response to a navigation: the same response without that mark. */
function plain(response: Response): Response {
  if (!response.redirected) return response;
  return renamed(response);
}

/** The same response without its own URL, so that it gets the requested one. */
function renamed({ body, headers }: Response): Response {
  return new Response(body, { headers });
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  if (older.length === 0) {
    // The first visit: from now on, its tab gets its files from here, whatever is deployed meanwhile.
    await self.clients.claim();
    return;
  }
  const clients = await openClients();
  await writeOlderBuilds({ caches: older, clients: new Set(clients.map(({ id }) => id)) });
  await dropOlderBuilds();
}

async function dropOlderBuilds(): Promise<void> {
  const { caches: older, clients } = await readOlderBuilds();
  if (older.length === 0) return;
  const open = await openClients();
  if (open.some(({ id }) => clients.has(id))) return;
  await Promise.all(older.map((name) => caches.delete(name)));
  await writeOlderBuilds({ caches: [], clients: new Set() });
}

/** Tabs and workers, whatever build they are of. */
function openClients(): Promise<readonly Client[]> {
  return self.clients.matchAll({ type: 'all', includeUncontrolled: true });
}

/** The same object for all callers, so that they share additions. */
function readOlderBuilds(): Promise<OlderBuilds> {
  olderBuilds ??= findStored(cacheName, olderBuildsPath)
    .then((stored) => stored?.json())
    .then((list) => ({ caches: list?.caches ?? [], clients: new Set(list?.clients) }));
  return olderBuilds;
}

async function writeOlderBuilds(builds: OlderBuilds): Promise<void> {
  olderBuilds = Promise.resolve(builds);
  const list = JSON.stringify({ caches: builds.caches, clients: [...builds.clients] });
  await store(olderBuildsPath, new Response(list));
}

async function answer(event: FetchEvent, path: string): Promise<Response> {
  const { request, clientId, resultingClientId } = event;
  const older = await readOlderBuilds();
  // A reloaded tab belongs to this build, whichever it belonged to before.
  const isOlder = request.mode !== 'navigate' && older.clients.has(clientId);
  if (isOlder && request.destination === 'worker' && resultingClientId !== '') {
    older.clients.add(resultingClientId);
    await writeOlderBuilds(older);
  }
  const latestFirst = [...older.caches].reverse();
  const names = isOlder ? [...latestFirst, cacheName] : [cacheName];
  // A path that this build does not know belongs to an older one, whoever requests it.
  if (!isOlder && !known.has(path)) names.push(...latestFirst);
  for (const name of names) {
    const stored = await findStored(name, path);
    // A response with its own URL would become the worker's, without the query of the requested one.
    if (stored) return request.destination === 'worker' ? renamed(stored) : stored;
  }
  const response = await fetch(request);
  if (known.has(path) && response.ok) event.waitUntil(store(path, response.clone()));
  return response;
}

/** Looks up a cache; a browser that cannot falls back to the network. */
function findStored(name: string, path: string): Promise<Response | undefined> {
  return caches.match(path, { cacheName: name }).catch(() => undefined);
}

/** Stores a response in this build's cache if there is room; the page gets it in any case. */
async function store(path: string, response: Response): Promise<void> {
  try {
    const cache = await caches.open(cacheName);
    await cache.put(path, response);
  } catch {
    // Full, or not allowed.
  }
}
