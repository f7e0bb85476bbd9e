import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import Papa from 'papaparse';
import { watch } from './console';
import { csv, open, openFiles, type } from './page';
import { published, publishedPaths } from './published';
import { chooseView } from './visit';

test.describe('objective', () => {
  test('several targets, the pull to the prior and the worst mixture, each undone in a step', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await open(page);
    const optimum = page.locator('#optimum');
    const predictions = optimum.getByRole('table', { name: 'Predictions' });
    await expect(predictions.getByRole('row')).toHaveCount(2);
    const before = await predictions.innerText();

    await optimum.getByText(/^What is optimised/).click();
    await optimum.getByText('Several, weighted', { exact: true }).click();
    await expect(predictions.getByRole('row')).toHaveCount(9);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('8 targets');

    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(predictions).toHaveText(before.replace(/\s+/g, ' '), { useInnerText: true });

    const weightOfFirst = () => optimum.locator('svg .chart-row text').nth(1).innerHTML();
    const free = await weightOfFirst();
    await type(page, 'Pull to the prior (KL)', '100');
    await expect.poll(weightOfFirst).not.toBe(free);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect.poll(weightOfFirst).toBe(free);

    await optimum.getByText('Show the worst mixture instead').click();
    await expect(predictions.getByRole('columnheader', { name: 'Worst' })).toBeVisible();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(predictions.getByRole('columnheader', { name: 'Optimum' })).toBeVisible();
    expectClean();
  });

  test('a binding cap has its price, and the domain to collect tokens for', async ({ page }) => {
    await open(page);
    await type(page, 'Tokens at hand of Spanish', '50k');
    const optimum = page.locator('#optimum');
    await optimum.getByText(/binding caps? cost/).click();
    await expect(optimum.getByText(/^Collect .* first: .* more tokens/)).toBeVisible();
    const prices = optimum.getByRole('table', { name: /^Worth of one more point/ });
    await expect(prices.getByRole('row', { name: /^Spanish/ })).toBeVisible();
  });
});

test.describe('regressors', () => {
  test('another one takes over everywhere when it is chosen', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    const regression = page.locator('#regression');
    await regression.getByRole('button', { name: 'LightGBM trees' }).click();
    await expect(regression.locator('.stage-head')).toContainText('LightGBM trees, on runs');
    await expect(page.locator('#optimum')).toContainText('By LightGBM trees');
    await regression.getByRole('button', { name: 'Effective-data law' }).click();
    await expect(page.locator('#optimum')).toContainText('By Effective-data law');
    expectClean();
  });
});

test.describe('mixture space', () => {
  test('a mixture of one’s own by arrow keys stands in the predictions', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    await chooseView(page, 'Three domains');
    const handle = page.getByRole('slider', { name: 'Your mixture of the three domains' });
    await handle.focus();
    const start = await handle.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowLeft');
    await expect(handle).not.toHaveAttribute('aria-valuetext', start ?? '');
    const predictions = page.getByRole('table', { name: 'Predictions' });
    await expect(predictions.getByRole('columnheader', { name: 'Yours' })).toBeVisible();
    expectClean();
  });

  test('a brush in one picture dims the runs of the others', async ({ page }) => {
    await open(page);
    await chooseView(page, 'All runs');
    const handle = page.getByRole('slider', { name: 'Spanish, lowest value brushed' });
    await handle.focus();
    for (let step = 0; step < 5; step++) await page.keyboard.press('PageUp');
    const dimmed = page.locator('#regression [data-points=dimmed] circle');
    await expect(dimmed).not.toHaveCount(0);
    const clear = page.locator('#regression [data-points=clear] circle');
    expect((await dimmed.count()) + (await clear.count())).toBe(168);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`every view and panel is without an accessibility violation in ${theme}`, async ({
      page,
    }) => {
      const { expectClean } = watch(page);
      await page.emulateMedia({ colorScheme: theme });
      await open(page);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      for (const text of [/^What is optimised/, /^How it is looked for/]) {
        await page.locator('#optimum').getByText(text).click();
      }
      await page.locator('#interactions .segmented').getByText('Law', { exact: true }).click();
      await page.locator('#next').scrollIntoViewIfNeeded();
      await page.getByRole('button', { name: 'Propose 16 mixtures' }).click();
      await expect(page.getByRole('table', { name: /^Mixtures proposed/ })).toBeVisible();
      await page.locator('#trust').scrollIntoViewIfNeeded();
      await expect(page.locator('#trust svg')).toBeVisible();
      for (const name of [
        'Three domains',
        'One domain at a time',
        'Two targets',
        'All runs',
      ] as const) {
        await chooseView(page, name);
        await expect(page.locator('#space svg').first()).toBeVisible();
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
          .analyze();
        expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0].target}`)).toEqual([]);
      }
      expectClean();
    });
  }
});

test.describe('next proxies', () => {
  test('proposals are downloaded, trained elsewhere, and come back as the second round', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await open(page);
    const next = page.locator('#next');
    await next.scrollIntoViewIfNeeded();
    await next.getByRole('textbox', { name: /^Mixtures to propose/ }).fill('4');
    await page.keyboard.press('Enter');
    await next.getByRole('button', { name: 'Propose 4 mixtures' }).click();
    const saved = page.waitForEvent('download');
    await next.getByRole('button', { name: 'CSV', exact: true }).click();
    const text = await readFile(await (await saved).path(), 'utf8');
    const { data, meta } = Papa.parse<Record<string, string>>(text.trim(), { header: true });
    expect(data).toHaveLength(4);
    const weights = (meta.fields ?? []).filter((name) => name.startsWith('train_'));
    expect(weights).toHaveLength(8);
    for (const row of data) {
      const sum = weights.reduce((total, name) => total + Number(row[name]), 0);
      expect(sum).toBeCloseTo(1, 6);
    }

    const earlier = await readFile('public/studies/languages/train_loss.csv', 'utf8');
    const header = earlier.split('\n')[0].split(',');
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
    await expect(page.locator('.rail')).toContainText('172 + 52 test');
    await expect(page.locator('#regression')).toContainText('round 1');
    expectClean();
  });
});

test.describe('the published runs', () => {
  test.skip(published === null, 'REGMIX_DATA is not set and ../shared/data/regmix is not there');

  test('the law answers first and the mean takes over; the seed example is one click', async ({
    page,
  }) => {
    const { expectClean } = watch(page);
    await open(page);
    await openFiles(page, publishedPaths());
    await expect(page.locator('#finding, .finding').first()).toContainText(/took over from/);
    await chooseView(page, 'Three domains');
    await page.getByRole('button', { name: /^RegMix’s example/ }).click();
    await expect(page.locator('#space')).toContainText(
      'Predicted StackExchange loss over Hacker News, GitHub, PhilPapers',
    );
    await expect(page.locator('#space svg').first()).toBeVisible();
    expectClean();
  });
});
