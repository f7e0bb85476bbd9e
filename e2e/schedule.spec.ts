import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { parse } from 'yaml';
import { watch } from './console';
import { csv, openFiles, showStage, stageTab, undoButton } from './page';
import { openSmall, smallStudyState } from './small-study';

const state = (page: Page) => stageTab(page, 'schedule');

/** The stage, once its chunk has loaded. */
async function scheduleStage(page: Page): Promise<Locator> {
  const stage = await showStage(page, 'schedule');
  await expect(stage.locator('.room')).toHaveCount(0);
  return stage;
}

/** Fits every checkpoint, and returns the chart of the schedule. */
async function fitSchedule(stage: Locator): Promise<Locator> {
  await stage.getByRole('button', { name: 'Fit every checkpoint' }).click();
  const chart = stage.getByRole('figure', { name: /over training$/ });
  await expect(chart).toBeVisible();
  return chart;
}

test.use({ storageState: smallStudyState });

test('a schedule is fitted, drawn, saved with weights that sum to 1, and added to the verification', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await openSmall(page);
  const stage = await scheduleStage(page);
  await expect(state(page)).toContainText('2 checkpoints');
  await stage.getByRole('link', { name: 'limits of Answer' }).click();
  await expect(page.locator('#limits')).toBeInViewport();
  await scheduleStage(page);
  const chart = await fitSchedule(stage);
  await expect(stage.getByRole('status')).toContainText(/the optimum for Spanish/i);
  // Three domains in two phases; areas of a phase fill the height of the chart.
  const areas = chart.locator('svg path[fill^="var(--domain"]');
  expect(await areas.count()).toBeGreaterThanOrEqual(2);
  // Every name stands beside the optimum's mark in its domain's colour.
  const marks = chart.locator('[data-end] [data-mark=optimum]');
  expect(await marks.count()).toBe(await chart.locator('[data-end] text').count());
  await expect(marks.first()).toHaveAttribute('fill', /^var\(--domain/);
  await expect(stage.getByRole('figure', { name: /checkpoint is predicted/ })).toBeVisible();

  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    stage.getByRole('button', { name: 'Save the schedule as YAML' }).click(),
  ]);
  const { phases } = parse((await readFile(await saved.path())).toString());
  expect(phases).toHaveLength(2);
  let end = 0;
  for (const { from, to, train } of phases) {
    expect(from).toBe(end);
    expect(to).toBeGreaterThan(from);
    end = to;
    const weights = Object.values<number>(train);
    expect(weights).toHaveLength(3);
    expect(weights.reduce((sum, weight) => sum + Math.round(weight * 1e6), 0)).toBe(1_000_000);
  }
  expect(end).toBe(1);

  await stage.getByRole('button', { name: 'Verify it against the static optimum' }).click();
  const verify = await showStage(page, 'verify');
  await expect(verify.getByRole('checkbox', { name: /^the schedule for Spanish/ })).toBeChecked();
  expectClean();
});

test('losses over training come from a file; a mismatched one is refused with its line', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await openSmall(page);
  const shares = Array.from({ length: 12 }, (_, run) => (run + 1) / 13);
  const lossOf = (share: number, run: number, step: number) =>
    4 - share * (step / 200) + (1 - share) ** 2 + (run % 3) / 50;
  await openFiles(page, [
    csv('mixtures.csv', [
      'index,train_cats,train_dogs',
      ...shares.map((share, run) => `${run},${share},${1 - share}`),
    ]),
    csv('losses.csv', [
      'index,metric/cats_val_loss',
      ...shares.map((share, run) => `${run},${lossOf(share, run, 200)}`),
    ]),
  ]);
  const stage = await scheduleStage(page);
  await expect(state(page)).toContainText('no losses on the way');
  const picker = stage.locator('input[type=file]');
  const rows = [100, 200].flatMap((step) =>
    shares.map((share, run) => `${run},${step},${lossOf(share, run, step)}`),
  );
  const header = 'index,step,metric/cats_val_loss';
  await picker.setInputFiles([csv('bad.csv', [header, ...rows.slice(0, 3), '3,1.5,4'])]);
  const refused = stage.getByRole('alert');
  await expect(refused).toContainText('bad.csv, row 5, column "step"');
  await expect(refused).toContainText('1.5');
  await picker.setInputFiles([csv('bad.csv', [header, ...rows, 'cat,200,3'])]);
  await expect(refused).toContainText('bad.csv, row 26, column "index"');
  await expect(state(page)).toContainText('no losses on the way');

  await picker.setInputFiles([csv('trajectory.csv', [header, ...rows])]);
  await expect(refused).toHaveCount(0);
  await expect(state(page)).toContainText('2 checkpoints');
  await fitSchedule(stage);
  // One undo removes the file again.
  await undoButton(page).click();
  await expect(state(page)).toContainText('no losses on the way');
  expectClean();
});
