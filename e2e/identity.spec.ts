import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { languagesFiles } from '../lib/study/built-in';
import { holdCalls, recordCalls, requestedFits } from './calls';
import { chooseTarget, type FileInput, goTo, open, openFiles, showStage } from './page';

/** Further runs for the Languages study: its held-out ones again. */
function furtherRuns(): FileInput[] {
  return (['mixture', 'loss'] as const).map((kind) => ({
    name: `test_more_${kind}.csv`,
    mimeType: 'text/csv',
    buffer: readFileSync(`public/studies/languages/test_20k_${kind}.csv`),
  }));
}

const sets = languagesFiles.flatMap((name) => name.match(/^(.+)_loss\.csv$/)?.[1] ?? []);
const runsOf = (set: string) =>
  readFileSync(`public/studies/languages/${set}_loss.csv`, 'utf8').trim().split('\n').length - 1;
const further = runsOf('test_20k');

test.describe('a study keeps its identity', () => {
  test('while its data change: typed and selected values stay', async ({ page }) => {
    await open(page);
    const space = await showStage(page, 'space');
    const corner = space.getByLabel('Top corner');
    await corner.selectOption({ label: 'Polish' });
    await goTo(page, 'answer');
    const cell = page.getByRole('textbox', { name: 'Tokens at hand of English' });
    await cell.fill('as much as there is');
    await cell.press('Enter');
    await expect(page.locator('#optimum')).toContainText('Expected');
    await openFiles(page, furtherRuns(), 'Add as test sets');
    await expect(cell).toHaveValue('as much as there is');
    await goTo(page, 'evidence');
    // Cross-validation, the study's own held-out sets, and the one that was added.
    const rows = page.locator('#regression').getByLabel('Rows').locator('option');
    await expect(rows).toHaveCount(1 + (sets.length - 1) + 1);
    await showStage(page, 'space');
    await expect(corner.locator('option:checked')).toHaveText('Polish');
  });
});

test('a result stays visible, marked as former, while further runs are fitted', async ({
  page,
}) => {
  await recordCalls(page);
  await open(page);
  const heading = page.getByRole('heading', { level: 1 });
  const answer = await heading.innerText();
  await holdCalls(page, 'assess');
  await openFiles(page, furtherRuns(), 'Add as the next round of training runs');
  await expect(page.locator('.bar-study')).toContainText(`${runsOf('train') + further} runs`);
  await expect(heading).toHaveText(answer);
  await expect(page.locator('.finding')).toContainText('This answer is from the former runs');
  await expect(page.locator('#optimum')).toContainText('Found from the former runs');
  // A different request has no former result.
  await chooseTarget(page, 'German loss');
  await expect(heading).toContainText('Fitting German loss');
});

test.describe('results match their headings', () => {
  test('a learning curve and its CSV follow the target', async ({ page }) => {
    await recordCalls(page);
    await open(page);
    const trust = await showStage(page, 'trust');
    const chart = trust.getByRole('figure', { name: 'Do I need more proxies?' });
    await expect(chart.locator('svg circle').first()).toBeVisible({ timeout: 30_000 });
    await holdCalls(page, 'learningCurve');
    await chooseTarget(page, 'German loss');
    await expect(chart.locator('svg circle')).toHaveCount(0);
    await chart.getByRole('button', { name: /table, image or CSV/ }).click();
    await page.getByRole('menuitem', { name: 'Table' }).click();
    await expect(page.getByRole('dialog').locator('tbody tr')).toHaveCount(0);
  });
});

test.describe('fits on demand', () => {
  /** Waits until every request has been answered. */
  const answered = (page: Page) => expect.poll(() => page.evaluate(() => window.openCalls)).toBe(0);

  test('opening requests the fits of the first screen, and a panel its own', async ({ page }) => {
    await recordCalls(page);
    await open(page);
    await expect.poll(async () => (await requestedFits(page)).length).toBeGreaterThan(1);
    await answered(page);
    expect(await requestedFits(page)).toEqual(['es law', 'es law+gp']);

    const interactions = await showStage(page, 'interactions');
    await answered(page);
    expect(await requestedFits(page)).toHaveLength(2);
    await interactions.getByText('Law', { exact: true }).click();
    await expect(interactions.getByText('Fitting the law to every target…')).toHaveCount(0);
    const fits = await requestedFits(page);
    expect(fits).toHaveLength(9);
    expect(new Set(fits).size).toBe(9);
  });

  test('an uploaded study has its rivals fitted, and other targets where they are shown', async ({
    page,
  }) => {
    await recordCalls(page);
    await open(page);
    await page.setViewportSize({ width: 1440, height: 500 });
    await openFiles(page, ownRuns());
    await expect(page.locator('.bar-study')).toContainText(`${further} runs`);
    await goTo(page, 'evidence');
    const table = page.getByRole('table', { name: 'Regressors compared' });
    await table.scrollIntoViewIfNeeded();
    await expect(table.getByText('waiting')).toHaveCount(0);
    await answered(page);
    const before = await requestedFits(page);
    expect(before.filter((fit) => !fit.startsWith('en '))).toEqual(['es law', 'es law+gp']);
    await showStage(page, 'runs');
    await expect(page.locator('#runs td').getByText('…')).toHaveCount(0);
    const after = await requestedFits(page);
    expect(after.filter((fit) => fit.endsWith(' law+gp'))).toHaveLength(9);
    // Each once; the first two belong to the built-in study.
    const own = after.slice(2);
    expect(new Set(own).size).toBe(own.length);
  });
});

/** The held-out runs of the Languages study as a study of their own, its first target English. */
function ownRuns(): FileInput[] {
  return furtherRuns().map((file) => ({ ...file, name: file.name.replace('test_more', 'train') }));
}
