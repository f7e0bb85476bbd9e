/**
 * The built site under its security policy, offline, across deployments, and as an installed app.
 */
import { createServer } from 'node:http';
import { expect, type Page, test } from '@playwright/test';
import { watch } from './console';
import { serveWithHeaders } from './headers';
import { goTo, open, showStage } from './page';
import { noAdapter, openTraining } from './training';

test.describe('policy', () => {
  test('blocks foreign scripts and connections to other hosts', async ({ page }) => {
    await open(page);
    const policy = await page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content');
    const scripts = /script-src ([^;]*)/.exec(policy ?? '')?.[1] ?? '';
    expect(scripts).toContain("'self'");
    expect(scripts).not.toMatch(/unsafe/);
    expect(policy).toContain("connect-src 'self';");

    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    const found = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.wasInjected = true';
      document.body.append(script);
      const mark = document.createElement('div');
      mark.innerHTML = '<img src="nowhere" onerror="window.wasInjected = true">';
      document.body.append(mark);
      const left = await fetch('https://example.org/').then(
        () => true,
        () => false,
      );
      // Code evaluated by a debugger may itself use eval; code that runs later has the page's
      // rights.
      const canEvaluate = await new Promise<boolean>((resolve) => {
        setTimeout(() => {
          try {
            resolve(Boolean(new Function('return true')()));
          } catch {
            resolve(false);
          }
        }, 300);
      });
      return { wasInjected: 'wasInjected' in window, canEvaluate, left };
    });
    expect(found).toEqual({ wasInjected: false, canEvaluate: false, left: false });
    // Other browser tests would fail by this: a violation is a console message.
    expect(refused.filter((text) => /Content Security Policy/.test(text)).length).toBeGreaterThan(
      2,
    );
  });

  for (const means of ['a tag in the page', 'headers, too'] as const) {
    test(`holds as ${means}: workers run WebAssembly under it, the page itself may not`, async ({
      page,
    }) => {
      const { expectClean } = watch(page, [], [noAdapter]);
      if (means === 'headers, too') await serveWithHeaders(page);
      const proxies = await openTraining(page);
      await expect(proxies).toContainText('TypeScript compiler');
      await goTo(page, 'evidence');
      await expect(page.locator('#regression')).toContainText('rho');
      // A worker's policy comes from the response of its script, never from the page.
      const [worker] = page.workers();
      const isBound = await worker.evaluate(refusesPlainHttp);
      expect(isBound).toBe(means === 'headers, too');
      await throughOnnx(page);
      expectClean();
      expect(await page.evaluate(compilesLater)).toBe(false);
    });
  }
});

test.describe('offline', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page opens after its first visit, and still fits and trains', async ({
    page,
    context,
  }) => {
    await open(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await context.setOffline(true);
    const { expectClean } = watch(page);
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Train on');
    await page.getByRole('combobox', { name: 'Target' }).selectOption({ label: 'German loss' });
    await expect(page.getByRole('heading', { level: 1 })).toContainText('German loss');
    expectClean();
  });

  test('a new version takes over, and the older one is removed with its last tab', async ({
    page,
    context,
    baseURL,
  }) => {
    const host = await serveBuilds(baseURL ?? '');
    try {
      await page.goto(host.address);
      await page.evaluate(() => navigator.serviceWorker.ready);
      // After its first visit, a tab has its files whatever happens to the host's.
      await expect.poll(() => isServed(page)).toBe(true);
      const other = await context.newPage();
      await other.goto(host.address);
      await expect.poll(() => isServed(other)).toBe(true);
      const [first] = await cachesOf(page);

      host.deploy();
      await page.evaluate(async () => {
        await (await navigator.serviceWorker.ready).update();
      });
      await page.getByRole('button', { name: 'Reload with it' }).click();
      await expect.poll(async () => (await cachesOf(other)).length).toBe(2);
      await expect(page.getByRole('button', { name: 'Reload with it' })).toBeHidden();
      await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
      // The other tab runs the older build, and finds files of it that the host no longer has.
      const part = first.replace('regmix-', '/_next/static/part-of-');
      await other.evaluate(
        async ([name, path]) => (await caches.open(name)).put(path, new Response('older')),
        [first, part],
      );
      expect(await other.evaluate(async (path) => (await fetch(path)).text(), part)).toBe('older');

      await other.close();
      await page.reload();
      await expect.poll(() => cachesOf(page)).toEqual([expect.stringMatching(/-next$/)]);
    } finally {
      await host.close();
    }
  });

  test('the page can be installed', async ({ page, request }) => {
    await open(page);
    const address = await page.locator('link[rel=manifest]').getAttribute('href');
    const manifest = (await (await request.get(address ?? '')).json()) as {
      name: string;
      icons: { src: string; sizes: string }[];
    };
    expect(manifest.name).toBe('RegMix Explorer');
    for (const { src } of manifest.icons) expect((await request.get(src)).ok()).toBe(true);
  });
});

/** Whether a service worker controls the page. */
function isServed(page: Page): Promise<boolean> {
  return page.evaluate(() => navigator.serviceWorker.controller !== null);
}

function cachesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => caches.keys());
}

/** The built site on its own host, where a newer build of it can be deployed. */
async function serveBuilds(site: string) {
  let ending = '';
  const server = createServer(async ({ url = '/' }, response) => {
    const { status, headers, body } = await fetch(new URL(url, site)).then(async (answer) => ({
      status: answer.status,
      headers: answer.headers,
      body: Buffer.from(await answer.arrayBuffer()),
    }));
    response.writeHead(status, { 'Content-Type': headers.get('Content-Type') ?? 'text/plain' });
    if (url !== '/sw.js') response.end(body);
    else response.end(body.toString().replace(/"version":"\w+/, (version) => version + ending));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    address: `http://127.0.0.1:${address.port}/`,
    deploy: () => {
      ending = '-next';
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Exports a linear fit to ONNX and imports it, both compared with onnxruntime. */
async function throughOnnx(page: Page): Promise<void> {
  const stage = await showStage(page, 'export');
  await stage.getByText(/^ONNX: /).click();
  await stage.getByRole('combobox', { name: 'Fit to export' }).selectOption('ridge');
  await stage.getByRole('button', { name: 'Make the ONNX file' }).click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    stage.getByRole('button', { name: 'Save the ONNX file' }).click(),
  ]);
  await stage.locator('input[type=file]').setInputFiles(await saved.path());
  await expect(stage.getByText(/now in every panel/)).toBeVisible();
}

/** Whether a worker has a policy that restricts its connections to https. */
function refusesPlainHttp(): Promise<boolean> {
  return new Promise((resolve) => {
    self.addEventListener('securitypolicyviolation', () => resolve(true));
    // No server listens there: without a policy the request fails by itself.
    void fetch('http://127.0.0.1:9/').catch(() => setTimeout(() => resolve(false), 500));
  });
}

/**
 * Whether the page may compile WebAssembly, checked with the shortest module while no debugger
 * evaluates code for it.
 */
function compilesLater(): Promise<boolean> {
  return new Promise((resolve) => {
    setTimeout(() => {
      WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(
        () => resolve(true),
        () => resolve(false),
      );
    }, 300);
  });
}
