import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { watch } from './console';
import { open } from './page';

test.describe('policy', () => {
  test('lets no script run that is not ours, and no connection leave the page', async ({
    page,
  }) => {
    await open(page);
    const policy = await page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content');
    const scripts = /script-src ([^;]*)/.exec(policy ?? '')?.[1] ?? '';
    expect(scripts).toContain("'self'");
    expect(scripts).not.toMatch(/unsafe-inline|'unsafe-eval'/);
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
      // What a debugger evaluates may itself evaluate; what runs later may do what the page may.
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
    // What other browser tests would fail by: a violation is a message in the console.
    expect(refused.filter((text) => /Content Security Policy/.test(text)).length).toBeGreaterThan(
      2,
    );
  });

  test('holds as headers, too: the page and its workers run under them', async ({ page }) => {
    const rules = readHeaders(await readFile('out/_headers', 'utf8'));
    const { expectClean } = watch(page);
    await page.route('**/*', async (route) => {
      const response = await route.fetch();
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response, headers: { ...response.headers(), ...rules(pathname) } });
    });
    await open(page);
    await page.locator('#proxies').scrollIntoViewIfNeeded();
    await expect(page.locator('#proxies')).toContainText('TypeScript compiler');
    await expect(page.locator('#regression')).toContainText('rho');
    expectClean();
  });
});

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page opens again after its first visit, and still fits and trains', async ({
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

/** The rules of a `_headers` file as a function from path to headers. */
function readHeaders(text: string): (path: string) => Record<string, string> {
  const rules = text
    .split(/\n(?=\/)/)
    .map((block) => block.trim().split('\n'))
    .map(([path, ...lines]) => ({
      path,
      headers: Object.fromEntries(
        lines.map((line) => {
          const [name, ...value] = line.trim().split(': ');
          return [name, value.join(': ')];
        }),
      ),
    }));
  return (path) =>
    Object.assign(
      {},
      ...rules
        .filter((rule) =>
          rule.path.endsWith('*') ? path.startsWith(rule.path.slice(0, -1)) : rule.path === path,
        )
        .map(({ headers }) => headers),
    );
}
