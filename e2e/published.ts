import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { publishedDataFolder } from '../scripts/published-data';

/** Folder of the published runs; tests that need it are skipped, loudly, when it is null. */
export const published = publishedDataFolder();

if (published === null) {
  console.warn('The published runs are missing (REGMIX_DATA): browser tests on them are SKIPPED.');
}

/** Paths of the four published CSVs. */
export function publishedPaths(): string[] {
  const names = [
    'train_mixture_1m.csv',
    'train_pile_loss_1m.csv',
    'test_mixture_1m.csv',
    'test_pile_loss_1m.csv',
  ];
  return names.map((name) => join(published ?? '', name));
}

/** Serves the repository's raw URLs from the folder, so that no test uses the network. */
export async function routePublished(page: Page): Promise<void> {
  await page.route('https://raw.githubusercontent.com/**', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const path = join(published ?? '', name);
    if (existsSync(path)) {
      await route.fulfill({
        path,
        contentType: 'text/plain',
        headers: { 'access-control-allow-origin': '*' },
      });
    } else await route.fulfill({ status: 404 });
  });
}
