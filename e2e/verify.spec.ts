import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { watch } from './console';
import { csv, open, openFiles } from './page';
import { expectPicturesOnBoth } from './pictures';
import { noAdapter, typeOption } from './training';
import { expectVerdict, makeTiny, setUpVerification } from './verification';

test('a verification trains the optimum, the prior, a schedule and an attempt by wasm, and survives a reload', async ({
  page,
}) => {
  test.setTimeout(800_000);
  const { expectClean } = watch(page, [], [noAdapter]);
  await open(page);
  const schedule = page.locator('#schedule');
  await schedule.scrollIntoViewIfNeeded();
  await schedule.getByRole('button', { name: 'Fit every checkpoint' }).click();
  await schedule.getByRole('button', { name: 'Verify it against the static optimum' }).click();
  const challenge = page.locator('#challenge');
  await challenge.scrollIntoViewIfNeeded();
  const typed = challenge.getByRole('textbox', { name: 'Your weight of Spanish, typed' });
  await typed.fill('25%');
  await typed.press('Enter');
  await challenge.getByRole('button', { name: 'Keep this attempt' }).click();
  await challenge.getByRole('button', { name: 'Train larger models on them' }).click();

  const stage = page.locator('#verify');
  // The attempt is the mixture on the sliders: it trains once.
  await makeTiny(stage, '7k', 4);
  await typeOption(stage, /^Runs for ranks/, '3');
  await stage.getByLabel('Train by').selectOption('wasm');
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(stage.getByText('11 of 11 models trained')).toBeVisible({ timeout: 500_000 });
  const said = await expectVerdict(stage);
  const table = stage.getByRole('table', { name: 'Final losses and differences' });
  await expect(table.getByRole('row')).toHaveCount(5);
  await expect(table.getByRole('row', { name: /the schedule for Spanish/ })).toContainText(
    /\d\.\d{3}/,
  );
  expect(await expectPicturesOnBoth(page, stage)).toEqual([
    'Spanish loss over tokens',
    'Rank invariance',
  ]);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const { violations } = await new AxeBuilder({ page }).include('#verify').analyze();
    expect(violations).toEqual([]);
  }
  // What was trained stands on the leaderboard, and nothing else does.
  const trained = (kind: string) =>
    challenge.locator(`.standing-${kind}`).getByText(/^\d+\.\d{3} at 7k, 2 seeds$/);
  for (const kind of ['attempt', 'optimum', 'prior']) await expect(trained(kind)).toHaveCount(1);
  await expect(trained('uniform')).toHaveCount(0);

  await page.reload();
  const again = page.locator('#verify');
  await again.getByRole('button', { name: 'Open the runs' }).click();
  await expect(again.locator('.verify-verdict')).toHaveText(said);
  await challenge.scrollIntoViewIfNeeded();
  await expect(trained('attempt')).toHaveCount(1);
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

test('a run and a pasted mixture stand beside the optimum', async ({ page }) => {
  test.setTimeout(800_000);
  const { expectClean } = watch(page, [], [noAdapter]);
  const stage = await setUpVerification(page, '7k');
  await stage.getByText('Add a mixture').click();
  const form = stage.locator('form.verify-add');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(stage.getByRole('checkbox', { name: /^the best run/ })).toBeChecked();
  await expect(stage.getByText('3 mixtures × 2 seeds')).toBeVisible();
  await form.getByLabel('Weights from').selectOption('pasted');
  await form.getByLabel(/^Weights:/).fill('en: 1, klingon: 3');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(form.getByRole('alert')).toContainText('klingon');
  await form.getByLabel(/^Weights:/).fill('en: 25%, es: 75%');
  await form.getByLabel('Name').fill('two languages');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(form.getByRole('alert')).toHaveCount(0);
  await expect(stage.getByRole('checkbox', { name: 'two languages' })).toBeChecked();
  await stage.getByRole('button', { name: /^Remove the best run/ }).click();
  await expect(stage.getByText('3 mixtures × 2 seeds')).toBeVisible();
  await expect(stage.getByRole('checkbox', { name: /^the best run/ })).toHaveCount(0);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const { violations } = await new AxeBuilder({ page }).include('#verify').analyze();
    expect(violations).toEqual([]);
  }
  expectClean();
});
