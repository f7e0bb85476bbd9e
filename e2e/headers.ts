import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

/** Headers of the site by path, according to its `_headers` file. */
export async function siteHeaders(): Promise<(path: string) => Record<string, string>> {
  return readHeaders(await readFile('out/_headers', 'utf8'));
}

/** Serves the site with the headers of its `_headers` file, as its host does. */
export async function serveWithHeaders(page: Page): Promise<void> {
  const rules = await siteHeaders();
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response, headers: { ...response.headers(), ...rules(pathname) } });
  });
}

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
