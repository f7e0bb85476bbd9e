import { expect, test } from '@playwright/test';
import { violationsOf } from '../axe';
import { watch } from '../console';
import { noAdapter } from '../training';

test.describe('the guided tour', () => {
  test('trains proxies in the tab on request only', async ({ page }) => {
    const { expectClean } = watch(page, [], [noAdapter]);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto('/learn#proxies');
    const main = page.getByRole('main');
    await main.getByText('Train your own here').click();
    await expect(main.getByRole('button', { name: 'Train proxies' })).toBeVisible();
    expect(asked.filter((path) => path.startsWith('/corpora'))).toEqual([]);
    await main.getByRole('button', { name: 'Train proxies' }).click();
    // It can be cancelled from the first moment, and says at once how far it is.
    await main.getByRole('button', { name: 'Cancel' }).click();
    await main.getByRole('button', { name: 'Train anew' }).click();
    await expect(main.locator('.train-progress')).toContainText(/of \d+ proxies trained, \d+%/);
    await expect(main).toContainText(/(\d+) of \1 proxies trained/);
    await expect(main).toContainText('go together at rho');
    await expect(main).toContainText('Step done');
    expect(await violationsOf(page)).toEqual([]);
    const result = main.getByRole('figure', { name: 'Your proxies' });
    const found = await result.locator('.chart-lead').textContent();
    await page.reload();
    await expect(main).toContainText('You trained');
    await expect(result.locator('.chart-lead')).toHaveText(found ?? '');
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
    expectClean();
  });
});
