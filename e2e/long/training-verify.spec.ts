import { expect, test } from '@playwright/test';
import { expectAccessible } from '../axe';
import { watch } from '../console';
import { open, showStage } from '../page';
import { expectPicturesOnBoth } from '../pictures';
import { noAdapter, typeOption } from '../training';
import { expectVerdict, makeTiny } from '../verification';

test('a verification trains the optimum, the prior, a schedule and an attempt by wasm, and survives a reload', async ({
  page,
}) => {
  const { expectClean } = watch(page, [], [noAdapter]);
  await open(page);
  const schedule = await showStage(page, 'schedule');
  await schedule.getByRole('button', { name: 'Fit every checkpoint' }).click();
  await schedule.getByRole('button', { name: 'Verify it against the static optimum' }).click();
  const challenge = await showStage(page, 'challenge');
  const typed = challenge.getByRole('textbox', { name: 'Your weight of Spanish, typed' });
  await typed.fill('25%');
  await typed.press('Enter');
  await challenge.getByRole('button', { name: 'Keep this attempt' }).click();
  await challenge.getByRole('button', { name: 'Train larger models on them' }).click();

  const stage = await showStage(page, 'verify');
  // The attempt equals the mixture on the sliders: it is trained once.
  await makeTiny(stage, '7k', 4);
  await typeOption(stage, /^Runs for ranks/, '3');
  await stage.getByLabel('Train by').selectOption('wasm');
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(stage.getByText('11 of 11 models trained')).toBeVisible();
  const verdict = await expectVerdict(stage);
  const table = stage.getByRole('table', { name: 'Final losses and differences' });
  await expect(table.getByRole('row')).toHaveCount(5);
  await expect(table.getByRole('row', { name: /the schedule for Spanish/ })).toContainText(
    /\d\.\d{3}/,
  );
  expect(await expectPicturesOnBoth(page, stage)).toEqual([
    'Spanish loss over tokens',
    'Rank invariance',
  ]);
  await expectAccessible(page, 'verification', '#verify');
  // Only what was trained is on the leaderboard.
  await showStage(page, 'challenge');
  const trained = (kind: string) =>
    challenge.locator(`.standing-${kind}`).getByText(/^\d+\.\d{3} at 7k, 2 seeds$/);
  for (const kind of ['attempt', 'optimum', 'prior']) await expect(trained(kind)).toHaveCount(1);
  await expect(trained('uniform')).toHaveCount(0);

  await page.reload();
  const again = await showStage(page, 'verify');
  await again.getByRole('button', { name: 'Open the runs' }).click();
  await expect(again.locator('.verify-verdict')).toHaveText(verdict);
  await showStage(page, 'challenge');
  await expect(trained('attempt')).toHaveCount(1);
  expectClean();
});
