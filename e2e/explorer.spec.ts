import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { watch } from './console';
import { open, openFiles, type } from './page';
import { published, publishedPaths, routePublished } from './published';

const widths = [1440, 768, 390] as const;

test.describe('first page', () => {
  test('is a complete study before any script runs', async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Train on');
    await expect(page.getByText('Trained by this page').first()).toBeVisible();
    for (const name of [
      'Regression',
      'Optimum',
      'Token limits',
      'Trust',
      'Mixture space',
      'Runs',
      'Mixtures',
      'Interactions',
      'Next proxies',
      'Export',
    ]) {
      await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible();
    }
    await expect(page.locator('#optimum svg')).not.toHaveCount(0);
    await context.close();
  });

  for (const width of widths) {
    test(`has no message, no foreign request and no sideways scroll at ${width} px`, async ({
      page,
    }) => {
      const { expectClean } = watch(page);
      await page.setViewportSize({ width, height: 900 });
      await open(page);
      await expect(page.locator('#regression')).toContainText('rho');
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expectClean();
    });
  }

  for (const theme of ['light', 'dark'] as const) {
    test(`has no accessibility violation in ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await open(page);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
    });
  }
});

test.describe('token limits', () => {
  test('a typed limit moves its cap; undo takes it back, redo returns it', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    const limit = page.getByRole('group', { name: 'Limits of English' });
    const before = await limit.locator('summary').innerText();
    await type(page, 'Tokens at hand of English', '3%');
    await expect(limit).toContainText('cap 12.0%');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(limit.locator('summary')).toHaveText(before.replace(/\s+/g, ' '), {
      useInnerText: true,
    });
    await page.getByRole('button', { name: 'Redo', exact: true }).click();
    await expect(limit).toContainText('cap 12.0%');
    expectClean();
  });

  test('text that is no amount is refused in place and changes nothing', async ({ page }) => {
    await open(page);
    const field = page.getByRole('textbox', { name: 'Tokens at hand of English' });
    const before = await field.inputValue();
    await field.fill('plenty');
    await field.press('Enter');
    await expect(page.getByText('Expected tokens such as 0.75B')).toBeVisible();
    await field.press('Escape');
    await expect(field).toHaveValue(before);
  });

  test('a slider works by keyboard, one burst is one undo', async ({ page }) => {
    await open(page);
    const slider = page.getByRole('slider', { name: 'Epochs at most' });
    await slider.focus();
    const before = await slider.inputValue();
    // By the page’s own timers: on a slow machine keys sent from here may come further apart than a burst.
    await slider.evaluate(async (input) => {
      for (const shiftKey of [false, false, true]) {
        const press = { key: 'ArrowLeft', shiftKey, bubbles: true, cancelable: true };
        input.dispatchEvent(new KeyboardEvent('keydown', press));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    });
    await expect(slider).toHaveValue(String(Number(before) - 1.2));
    await slider.blur();
    await page.keyboard.press('Control+z');
    await expect(slider).toHaveValue(before);
  });
});

test.describe('opening runs', () => {
  test('pasted runs become the study; opening them can be undone', async ({ page }) => {
    const { expectClean } = watch(page);
    await open(page);
    const rows = Array.from({ length: 40 }, (_, run) => {
      const a = Math.round(((run * 37) % 100) * 10) / 1000;
      const b = Math.round((1 - a) * 1000) / 1000;
      return `run-${run};${a};${b};${(3 + b * b).toFixed(4)};${(2 + a).toFixed(4)}`.replaceAll(
        '.',
        ',',
      );
    });
    const text = [
      'run;train_news;train_code;metric/news_val_loss;metric/code_val_loss',
      ...rows,
    ].join('\n');
    await page.getByRole('button', { name: 'Open runs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open runs' });
    await dialog.getByRole('textbox').fill(text);
    await dialog.getByRole('button', { name: 'Read what is pasted' }).click();
    await expect(dialog.getByText('40 runs, 2 domains, 2 targets')).toBeVisible();
    await dialog.getByRole('button', { name: 'Use these runs' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('News loss');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(page.getByText('Trained by this page').first()).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Spanish loss');
    expectClean();
  });

  test('a bad file is refused with its place, and the study stays', async ({ page }) => {
    await open(page);
    const before = await page.getByRole('heading', { level: 1 }).innerText();
    await page.getByRole('button', { name: 'Open runs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open runs' });
    const rows = Array.from(
      { length: 12 },
      (_, run) => `${run},0.5,${run === 4 ? '-0.5' : '0.5'},3.1`,
    );
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'runs.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['index,train_a,train_b,metric/a_val_loss', ...rows].join('\n')),
    });
    await dialog.getByRole('button', { name: 'Use these runs' }).click();
    const alert = dialog.getByRole('alert');
    await expect(alert).toContainText('runs.csv');
    await expect(alert).toContainText('row 6');
    await expect(alert).toContainText('train_b');
    await expect(alert).toContainText('-0.5');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(before);
  });
});

test.describe('the published runs', () => {
  test.skip(published === null, 'REGMIX_DATA is not set and ../shared/data/regmix is not there');

  for (const width of widths) {
    test(`from files to rho, caps, infeasible limits and back at ${width} px`, async ({ page }) => {
      const { expectClean } = watch(page);
      await page.setViewportSize({ width, height: 900 });
      await open(page);
      await openFiles(page, publishedPaths());
      await expect(page.locator('#regression .stage-head')).toContainText(/rho 0\.9[89]\d/);
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Pile CC');

      await page.getByRole('combobox', { name: 'Rows' }).selectOption({ index: 1 });
      await expect(page.locator('#regression .stage-head')).toContainText('n = 256');
      await expect(page.locator('#regression .stage-head')).toContainText(/rho 0\.9[89]\d/);

      const hackerNews = page.getByRole('group', { name: 'Limits of Hacker News' });
      await type(page, 'Tokens at hand of Hacker News', '3%');
      await expect(hackerNews).toContainText('cap 12.0%');

      await type(page, 'Epochs at most', '0.5');
      for (const limit of await page.getByRole('textbox', { name: /^Tokens at hand of/ }).all()) {
        await limit.fill('5%');
        await limit.press('Enter');
      }
      const alert = page.locator('#limits').getByRole('alert');
      await expect(alert).toContainText('42.5%');
      await page.getByRole('button', { name: 'Undo the last change' }).click();
      await expect(alert).toBeHidden();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Train on');
      for (let step = 0; step < 17; step++) {
        await page.getByRole('button', { name: 'Undo', exact: true }).click();
      }
      await expect(page.getByRole('slider', { name: 'Epochs at most' })).toHaveValue('4');
      await expect(hackerNews).toContainText('cap 12.0%');
      expectClean();
    });
  }

  test('load by the button, from their pinned address only', async ({ page }) => {
    const { expectClean } = watch(page, ['raw.githubusercontent.com']);
    await routePublished(page);
    await open(page);
    await page.getByRole('button', { name: 'Load the paper’s runs' }).click();
    await expect(page.locator('.bar')).toContainText('published with RegMix');
    await expect(page.locator('#regression .stage-head')).toContainText(/Pile CC|rho/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Pile CC loss');
    expectClean();
  });

  test('say plainly when they cannot be fetched, and keep the study', async ({ page }) => {
    await page.route('https://raw.githubusercontent.com/**', (route) => route.abort());
    await open(page);
    await page.getByRole('button', { name: 'Load the paper’s runs' }).click();
    await expect(page.locator('#runs').getByRole('alert')).toContainText('could not be reached');
    await expect(page.getByText('Trained by this page').first()).toBeVisible();
  });
});
