import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

const at = 'https://regmix.test';

/** A tab or a worker of the page. */
interface Client {
  readonly id: string;
  readonly type: 'window' | 'worker';
}

interface Asked {
  readonly path: string;
  /** Whose request it is; absent = a navigation. */
  readonly by?: Client;
  /** The worker that it starts. */
  readonly starts?: Client;
}

/** A browser with its caches and clients, and a host whose responses name their build. */
function createBrowser() {
  const stored = new Map<string, Map<string, Response>>();
  const clients = new Set<Client>();
  const host = { build: '' };
  let count = 0;
  let isFull = false;
  let isBroken = false;

  const caches = {
    keys: async () => [...stored.keys()],
    delete: async (name: string) => stored.delete(name),
    async match(path: string, { cacheName }: { cacheName: string }) {
      if (isBroken) throw new DOMException('it is broken', 'UnknownError');
      return stored.get(cacheName)?.get(path)?.clone();
    },
    async open(name: string) {
      const entries = stored.get(name) ?? new Map<string, Response>();
      stored.set(name, entries);
      return {
        async put(path: string, response: Response) {
          if (isFull) throw new DOMException('it is full', 'QuotaExceededError');
          entries.set(path, response);
        },
      };
    },
  };
  const claim = vi.fn(async () => {});

  /** The script of a build, as the browser runs it anew whenever it has slept. */
  async function start(version: string, files: { now: string[]; onUse: string[] }) {
    const listeners = new Map<string, (event: unknown) => void>();
    vi.stubGlobal('self', {
      addEventListener: (name: string, listener: (event: unknown) => void) =>
        listeners.set(name, listener),
      clients: {
        claim,
        matchAll: async ({ type }: { type: string }) =>
          [...clients].filter((client) => type === 'all' || client.type === type),
      },
      location: { origin: at },
      skipWaiting: async () => {},
    });
    vi.stubGlobal('caches', caches);
    vi.stubGlobal('siteFiles', { version, ...files });
    vi.stubGlobal('fetch', async (asked: string | { url: string }) => {
      const path = typeof asked === 'string' ? asked : new URL(asked.url).pathname;
      const isThere = files.now.includes(path) || files.onUse.includes(path);
      return new Response(`${path} of ${host.build}`, { status: isThere ? 200 : 404 });
    });
    vi.resetModules();
    await import('./service.worker');
    return async (name: string, event: object = {}): Promise<Response | null> => {
      const waits: Promise<unknown>[] = [];
      let answer: Promise<Response> | null = null;
      listeners.get(name)?.({
        waitUntil: (work: Promise<unknown>) => waits.push(work),
        respondWith: (response: Promise<Response>) => {
          answer = response;
        },
        ...event,
      });
      const answered = await answer;
      await Promise.all(waits);
      return answered;
    };
  }

  /** A build on the host, and its worker in this browser. */
  function createBuild(version: string) {
    const files = {
      now: ['/', `/_next/static/${version}.js`],
      onUse: ['/wasm/simd.wasm'],
    };
    let fire: Awaited<ReturnType<typeof start>> | null = null;
    const run = async (name: string, event?: object) => {
      fire ??= await start(version, files);
      return fire(name, event);
    };
    return {
      /** Puts it onto the host, and lets the browser find it. */
      async deploy() {
        host.build = version;
        await run('install');
      },
      activate: () => run('activate'),
      /** As when the browser has stopped the worker and needs it again. */
      sleep: () => {
        fire = null;
      },
      /** A tab has loaded the page and reports it. */
      ready: () => run('message', { data: 'page ready' }),
      async get({ path, by, starts }: Asked): Promise<string> {
        const answer = await run('fetch', {
          request: {
            method: 'GET',
            url: `${at}${path}`,
            mode: by ? 'no-cors' : 'navigate',
            destination: starts ? 'worker' : '',
          },
          clientId: by?.id ?? '',
          resultingClientId: starts?.id ?? '',
        });
        return answer?.ok ? answer.text() : `${answer?.status}`;
      },
    };
  }

  function open(type: Client['type'] = 'window'): Client {
    const client = { id: `${type} ${++count}`, type };
    clients.add(client);
    return client;
  }
  return {
    createBuild,
    open,
    close: (client: Client) => clients.delete(client),
    claim,
    fill: () => {
      isFull = true;
    },
    break: () => {
      isBroken = true;
    },
    builds: () => [...stored.keys()],
  };
}

describe('the service worker', () => {
  it('fetches at once what the page needs to start, and the rest when it is used', async () => {
    const browser = createBrowser();
    const first = browser.createBuild('a');
    await first.deploy();
    await first.activate();
    const by = browser.open();
    await browser.createBuild('b').deploy();
    expect(await first.get({ path: '/' })).toBe('/ of a');
    expect(await first.get({ path: '/_next/static/a.js', by })).toBe('/_next/static/a.js of a');
    expect(await first.get({ path: '/wasm/simd.wasm', by })).toBe('/wasm/simd.wasm of b');
    expect(await first.get({ path: '/nowhere', by })).toBe('404');
  });

  it('hands on what it cannot store, and what it cannot look up', async () => {
    const browser = createBrowser();
    const first = browser.createBuild('a');
    await first.deploy();
    await first.activate();
    const by = browser.open();
    browser.fill();
    expect(await first.get({ path: '/wasm/simd.wasm', by })).toBe('/wasm/simd.wasm of a');
    browser.break();
    expect(await first.get({ path: '/', by })).toBe('/ of a');
  });

  it('takes charge of the tab of a first visit, so that a deploy does not take its parts', async () => {
    const browser = createBrowser();
    const first = browser.createBuild('a');
    browser.open();
    await first.deploy();
    await first.activate();
    expect(browser.claim).toHaveBeenCalledOnce();
  });

  it('clears away the caches of older builds when no tab is left of them', async () => {
    const browser = createBrowser();
    const first = browser.createBuild('a');
    await first.deploy();
    await first.activate();
    const tab = browser.open();
    const other = browser.open();
    const second = browser.createBuild('b');
    await second.deploy();
    // The reader agrees in one tab, which then loads the page anew.
    await second.activate();
    expect(browser.builds()).toEqual(['regmix-a', 'regmix-b']);
    browser.close(tab);
    browser.open();
    await second.ready();
    expect(browser.builds()).toEqual(['regmix-a', 'regmix-b']);
    second.sleep();
    browser.close(other);
    browser.open();
    await second.ready();
    expect(browser.builds()).toEqual(['regmix-b']);
  });

  it('clears them away at once when no tab is open', async () => {
    const browser = createBrowser();
    await browser.createBuild('a').deploy();
    const second = browser.createBuild('b');
    await second.deploy();
    await second.activate();
    expect(browser.builds()).toEqual(['regmix-b']);
  });

  it('goes on serving an older tab from its own build, in its workers, too', async () => {
    const browser = createBrowser();
    const first = browser.createBuild('a');
    await first.deploy();
    await first.activate();
    const by = browser.open();
    const worker = browser.open('worker');
    expect(await first.get({ path: '/wasm/simd.wasm', by })).toBe('/wasm/simd.wasm of a');
    const second = browser.createBuild('b');
    await second.deploy();
    await second.activate();
    const wasm = { path: '/wasm/simd.wasm' };
    expect(await second.get({ path: '/_next/static/a.js', by })).toBe('/_next/static/a.js of a');
    expect(await second.get({ ...wasm, by })).toBe('/wasm/simd.wasm of a');
    expect(await second.get({ ...wasm, by: worker })).toBe('/wasm/simd.wasm of a');
    const started = [browser.open('worker'), browser.open('worker'), browser.open('worker')];
    await Promise.all(
      started.map((starts) => second.get({ path: '/_next/static/a.js', by, starts })),
    );
    second.sleep();
    for (const each of started) {
      expect(await second.get({ ...wasm, by: each })).toBe('/wasm/simd.wasm of a');
    }
    // A tab that is loaded now is of the new build, and so is an older one that is loaded again.
    expect(await second.get({ ...wasm, by: browser.open() })).toBe('/wasm/simd.wasm of b');
    expect(await second.get({ path: '/' })).toBe('/ of b');
  });

  it('does not touch a newer build that waits for the user', async () => {
    const browser = createBrowser();
    const first = browser.createBuild('a');
    await first.deploy();
    await first.activate();
    browser.open();
    const second = browser.createBuild('b');
    await second.deploy();
    first.sleep();
    await first.ready();
    expect(browser.builds()).toEqual(['regmix-a', 'regmix-b']);
  });

  it('clears away every older build after several deploys, and after a rollback', async () => {
    const browser = createBrowser();
    const tabs: Client[] = [];
    for (const version of ['a', 'b', 'a', 'c']) {
      const build = browser.createBuild(version);
      await build.deploy();
      tabs.push(browser.open());
      await build.activate();
    }
    const last = browser.createBuild('c');
    await last.ready();
    expect(browser.builds().sort()).toEqual(['regmix-a', 'regmix-b', 'regmix-c']);
    for (const tab of tabs) browser.close(tab);
    await last.ready();
    expect(browser.builds()).toEqual(['regmix-c']);
  });
});
