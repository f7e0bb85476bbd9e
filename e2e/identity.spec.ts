import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { holdCalls, recordCalls } from './calls';
import { type FileInput, open, openFiles } from './page';

/** Further runs for the Languages study: its held-out ones once more. */
function furtherRuns(): FileInput[] {
  return (['mixture', 'loss'] as const).map((kind) => ({
    name: `test_more_${kind}.csv`,
    mimeType: 'text/csv',
    buffer: readFileSync(`public/studies/languages/test_20k_${kind}.csv`),
  }));
}

test.describe('a study stays the one that it is', () => {
  test('while its data change: what was typed and chosen about it stays', async ({ page }) => {
    await open(page);
    const space = page.locator('#space');
    await space.scrollIntoViewIfNeeded();
    const corner = space.getByLabel('Top corner');
    await corner.selectOption({ label: 'Polish' });
    const filter = page.getByRole('textbox', { name: 'Tokens at hand of English' });
    await filter.fill('as much as there is');
    await filter.press('Enter');
    await expect(page.locator('#limits')).toContainText('Expected');
    await openFiles(page, furtherRuns(), 'Add as test sets');
    await expect(page.locator('#regression').getByLabel('Rows').locator('option')).toHaveCount(4);
    await expect(filter).toHaveValue('as much as there is');
    await expect(corner.locator('option:checked')).toHaveText('Polish');
  });
});

test('an answer stays on view, marked, while further runs are fitted', async ({ page }) => {
  await recordCalls(page);
  await open(page);
  const heading = page.getByRole('heading', { level: 1 });
  const answer = await heading.innerText();
  await holdCalls(page, 'assess');
  await openFiles(page, furtherRuns(), 'Add as the next round of training runs');
  await expect(page.getByRole('navigation', { name: 'Stages' })).toContainText('200 + 52 test');
  await expect(heading).toHaveText(answer);
  await expect(page.locator('.finding')).toContainText('This answer is from the former runs');
  await expect(page.locator('#optimum')).toContainText('Found from the former runs');
  // Another question has no former answer.
  await page.locator('#regression').getByLabel('Target').selectOption({ label: 'German loss' });
  await expect(heading).toContainText('Fitting German loss');
});

test.describe('what is on view is about what stands over it', () => {
  test('a learning curve goes with its target, and so does its CSV', async ({ page }) => {
    await recordCalls(page);
    await open(page);
    const trust = page.locator('#trust');
    await trust.scrollIntoViewIfNeeded();
    const chart = trust.getByRole('figure', { name: 'Do I need more proxies?' });
    await expect(chart.locator('svg circle').first()).toBeVisible();
    await holdCalls(page, 'learningCurve');
    await page.locator('#regression').getByLabel('Target').selectOption({ label: 'German loss' });
    await expect(chart.locator('svg circle')).toHaveCount(0);
    await chart.getByRole('button', { name: /table, image or CSV/ }).click();
    await page.getByRole('menuitem', { name: 'Table' }).click();
    await expect(page.getByRole('dialog').locator('tbody tr')).toHaveCount(0);
  });
});
