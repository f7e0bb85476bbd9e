import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { watch } from './console';
import { csv, openFiles, showStage } from './page';
import { openSmall, smallStudyState } from './small-study';
import { noAdapter } from './training';
import { setUpVerification } from './verification';

test.use({ storageState: smallStudyState });

test('a study without text says what its verification needs', async ({ page }) => {
  await openSmall(page);
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
  const stage = await showStage(page, 'verify');
  await stage.getByRole('button', { name: 'Set up a verification' }).click();
  await expect(stage.getByText(/cannot be verified here yet/)).toBeVisible();
});

test('a run and a pasted mixture are verified beside the optimum', async ({ page }) => {
  const { expectClean } = watch(page, [], [noAdapter]);
  const stage = await setUpVerification(page, '7k', openSmall);
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
  await expectAccessible(page, 'verification', '#verify');
  expectClean();
});
