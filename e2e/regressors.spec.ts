import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import Papa from 'papaparse';
import { watch } from './console';
import { csv, goTo, openFiles, showStage, type, undoButton } from './page';
import { openSmall, smallStudyState } from './small-study';
import { chooseView } from './visit';

test.use({ storageState: smallStudyState });

test.describe('objective', () => {
  test('several targets, the pull to the prior and the worst mixture, each undone in a step', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const optimum = page.locator('#optimum');
    const predictions = optimum.getByRole('table', { name: 'Predictions' });
    await expect(predictions.getByRole('row')).toHaveCount(2);
    // The correction for optimism comes with refits.
    await expect(optimum.getByText(/^Predicted .* 90% band/)).toBeVisible();
    const before = await predictions.innerText();

    await optimum.getByText(/^What is optimised/).click();
    await optimum.getByText('Several, weighted', { exact: true }).click();
    await expect(predictions.getByRole('row')).toHaveCount(4);
    const headline = page.getByRole('heading', { level: 1 });
    await expect(headline).toContainText(/for 3 targets at once, .* the prior.*; on average /);
    await optimum.getByText('Several, worst-off first', { exact: true }).click();
    await expect(headline).toContainText(/; worst off is \w+ loss, [\d.]+ from its own best/);
    await undoButton(page).click();

    await undoButton(page).click();
    await expect(predictions).toHaveText(before.replace(/\s+/g, ' '), { useInnerText: true });

    const weightOfFirst = () =>
      optimum.locator('.lanes-table tbody tr').first().locator('td.numeric').last().innerHTML();
    const free = await weightOfFirst();
    await type(page, 'Pull to the prior (KL)', '100');
    await expect.poll(weightOfFirst).not.toBe(free);
    // It stays for one target, too, and is said beside it and in the headline.
    const off = page.locator('#optimum').getByRole('button', { name: /^Take back: pull to/ });
    await expect(page.locator('.finding')).toContainText('Pulled to the prior (100.00).');
    await off.click();
    await expect.poll(weightOfFirst).toBe(free);
    await expect(off).toHaveCount(0);
    await expect(page.locator('.finding')).not.toContainText('Pulled to the prior');
    await undoButton(page).click();
    await expect.poll(weightOfFirst).not.toBe(free);
    await undoButton(page).click();
    await expect.poll(weightOfFirst).toBe(free);

    await optimum.getByText('Show the worst mixture instead').click();
    await expect(predictions.getByRole('columnheader', { name: 'Worst' })).toBeVisible();
    await undoButton(page).click();
    await expect(predictions.getByRole('columnheader', { name: 'Optimum' })).toBeVisible();
    expectClean();
  });

  test('a binding cap has its price, and the domain to collect tokens for', async ({ page }) => {
    await openSmall(page);
    await type(page, 'Tokens at hand of Spanish', '50k');
    const optimum = page.locator('#optimum');
    await optimum.getByText(/^Limits cost [\d.]+ bits per byte$/).click();
    await expect(optimum.getByText(/^Collect .* first: more tokens of it gain/)).toBeVisible();
    await expect(optimum.getByText(/^Without your limits, the best mixture/)).toBeVisible();
    const prices = optimum.getByRole('table', { name: /^What a little more of each limit/ });
    await expect(prices.getByRole('row', { name: /^Spanish cap/ })).toBeVisible();
  });

  test('the largest weight tried is a limit that one click lifts, and another sets again', async ({
    page,
  }) => {
    await openSmall(page);
    const english = page.getByRole('group', { name: 'Limits of English' });
    await expect(english).toContainText(/largest tried \d+\.\d%/);
    const held = page.getByRole('switch', { name: 'No domain beyond the largest weight tried' });
    await held.click();
    await expect(english).toContainText('no cap');
    await held.press('Enter');
    await expect(english).toContainText('largest tried');
    await undoButton(page).click();
    await expect(held).not.toBeChecked();
  });
});

test.describe('regressors', () => {
  test('another one takes over everywhere when it is chosen', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const regression = await showStage(page, 'regression');
    await page.getByRole('button', { name: 'LightGBM trees' }).click();
    await expect(regression.locator('.stage-head')).toContainText('LightGBM trees, on runs');
    await goTo(page, 'answer');
    await expect(page.locator('#optimum')).toContainText('By LightGBM trees');
    await goTo(page, 'evidence');
    await page.getByRole('button', { name: 'Effective-data law' }).click();
    await goTo(page, 'answer');
    await expect(page.locator('#optimum')).toContainText('By Effective-data law');
    expectClean();
  });
});

test.describe('mixture space', () => {
  test('a mixture of one’s own by arrow keys stands in the predictions', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    await chooseView(page, 'Three domains');
    const handle = page.getByRole('slider', { name: 'Your mixture of the three domains' });
    await handle.focus();
    const start = await handle.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowLeft');
    await expect(handle).not.toHaveAttribute('aria-valuetext', start ?? '');
    await goTo(page, 'answer');
    const predictions = page.getByRole('table', { name: 'Predictions' });
    await expect(predictions.getByRole('columnheader', { name: 'Yours' })).toBeVisible();
    expectClean();
  });
});

test.describe('next proxies', () => {
  test('proposals are downloaded, trained elsewhere, and come back as the second round', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    const next = await showStage(page, 'next');
    await next.getByRole('textbox', { name: /^Mixtures to propose/ }).fill('4');
    await page.keyboard.press('Enter');
    await next.getByRole('button', { name: 'Propose 4 mixtures' }).click();
    const saved = page.waitForEvent('download');
    await next.getByRole('button', { name: 'CSV', exact: true }).click();
    const text = await readFile(await (await saved).path(), 'utf8');
    const { data, meta } = Papa.parse<Record<string, string>>(text.trim(), { header: true });
    expect(data).toHaveLength(4);
    const weights = (meta.fields ?? []).filter((name) => name.startsWith('train_'));
    expect(weights).toHaveLength(3);
    for (const row of data) {
      const sum = weights.reduce((total, name) => total + Number(row[name]), 0);
      expect(sum).toBeCloseTo(1, 6);
    }

    const header = ['index', 'metric/en_bpb', 'metric/de_bpb', 'metric/es_bpb'];
    const losses = data.map((row, place) => [
      row.index,
      ...header.slice(1).map((_, target) => 3 + place / 10 + target / 100),
    ]);
    await openFiles(
      page,
      [
        csv('round-2-mixtures.csv', text.trim().split('\n')),
        csv(
          'round-2-losses.csv',
          [header, ...losses].map((row) => row.join(',')),
        ),
      ],
      'Add as the next round of training runs',
    );
    await expect(page.locator('.bar-study')).toContainText('36 runs');
    const regression = await showStage(page, 'regression');
    await expect(regression).toContainText('round 1');
    await expect(regression.getByLabel('Rows').locator('option')).toHaveText([
      /./,
      /20K test/,
      /100K test/,
    ]);
    expectClean();
  });
});
