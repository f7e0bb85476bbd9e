import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { watch } from './console';
import { csv, open, openFiles } from './page';
import { noAdapter } from './training';

async function fill(stage: Locator, label: RegExp, text: string): Promise<void> {
  const field = stage.getByRole('textbox', { name: label });
  await field.fill(text);
  await field.press('Enter');
}

/** A verification of two mixtures with two seeds at the smallest size, on a few tokens. */
async function setUp(page: Page): Promise<Locator> {
  await open(page);
  const stage = page.locator('#verify');
  await stage.getByRole('button', { name: 'Set up a verification' }).click();
  await stage.getByLabel('uniform').uncheck();
  await stage.getByLabel('Parameters').selectOption('20k');
  await fill(stage, /^Tokens per model/, '2K');
  await fill(stage, /^Seeds/, '2');
  await expect(stage.getByText('2 mixtures × 2 seeds')).toBeVisible();
  return stage;
}

test('a verification trains by wasm, says who wins by how much, and survives a reload', async ({
  page,
}) => {
  const { expectClean } = watch(page, [], [noAdapter]);
  const stage = await setUp(page);
  await stage.getByLabel('Train by').selectOption('wasm');
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  const verdict = stage.locator('.verify-verdict');
  await expect(verdict).toContainText(
    /(beats|loses to|cannot be told apart).* ± \d+\.\d{3} bits per byte.*\(95% interval over 2 seeds/,
    { timeout: 100_000 },
  );
  const table = stage.getByRole('table', { name: 'Final losses and differences' });
  await expect(table.getByRole('row')).toHaveCount(3);
  const said = await verdict.textContent();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const { violations } = await new AxeBuilder({ page }).include('#verify').analyze();
    expect(violations).toEqual([]);
  }
  await page.reload();
  const again = page.locator('#verify');
  await again.getByRole('button', { name: 'Open the runs' }).click();
  await expect(again.locator('.verify-verdict')).toHaveText(said ?? '');
  expectClean();
});

test('a study without text here says what would let it be verified', async ({ page }) => {
  await open(page);
  const weights = Array.from({ length: 12 }, (_, run) => (run + 1) / 13);
  await openFiles(page, [
    csv('mixtures.csv', [
      'index,train_cats,train_dogs',
      ...weights.map((weight, run) => `${run},${weight},${1 - weight}`),
    ]),
    csv('losses.csv', [
      'index,metric/cats_val_loss',
      ...weights.map((weight, run) => `${run},${4 - weight + (run % 3) / 50}`),
    ]),
  ]);
  const stage = page.locator('#verify');
  await stage.getByRole('button', { name: 'Set up a verification' }).click();
  await expect(stage.getByText(/cannot be verified here yet/)).toBeVisible();
});
