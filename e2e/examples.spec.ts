import { expect, type Page, test } from '@playwright/test';
import { watch } from './console';
import { goTo, open, stageTab, studyName, type } from './page';

/** Opens the dialog of studies by keyboard. */
async function openStudies(page: Page) {
  await page.getByRole('button', { name: /^Study: / }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Open runs' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  return page.getByRole('dialog', { name: 'Studies' });
}

/** Opens an example by its button, by keyboard. */
async function openExample(page: Page, name: string): Promise<void> {
  const dialog = await openStudies(page);
  await dialog.getByRole('button', { name: `Open the example ${name}`, exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
}

test('every example opens by one key as a study of its own', async ({ page }) => {
  const { expectClean } = watch(page);
  await open(page);
  const examples = [
    ['Software', /^Software/, 'Markdown', '4 checkpoints'],
    ['Simulated, with the truth known', /^A simulated study/, 'Web', 'no losses on the way'],
    ['Languages, with little Portuguese', /^Languages, with little/, 'Portuguese', '4 checkpoints'],
    ['Languages', /^Languages(?!, with)/, 'Spanish', '4 checkpoints'],
  ] as const;
  for (const [index, [name, title, domain, checkpoints]] of examples.entries()) {
    await openExample(page, name);
    await expect(studyName(page)).toHaveText(title);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/^(Train on|Try) \d/);
    await expect(page.getByRole('group', { name: `Limits of ${domain}` })).toBeVisible();
    await goTo(page, 'lab');
    await expect(stageTab(page, 'schedule')).toContainText(checkpoints);
    await goTo(page, 'answer');
    const dialog = await openStudies(page);
    const saved = dialog.getByRole('list', { name: 'Saved studies' });
    await expect(saved.getByRole('listitem')).toHaveCount(index + 1);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  expectClean();
});

test('the simulated example marks the true best mixture, which follows a cap, and a lesson hides it', async ({
  page,
}) => {
  const { expectClean } = watch(page);
  await open(page);
  const optimum = page.locator('#optimum');
  await expect(optimum.locator('.lanes-table [data-mark="truth"]')).toHaveCount(0);
  await openExample(page, 'Simulated, with the truth known');
  await expect(optimum.locator('.lanes-table [data-mark="truth"]')).toHaveCount(8);
  const table = optimum.getByRole('table', { name: 'True values' });
  const best = table.getByRole('row').nth(1).getByRole('cell').nth(1);
  const regretText = optimum.locator('.true-regret');
  const regret = /loses (\d\.\d{4}) nats per token to the true best one; \d+\.\d% of its weight/;
  await expect(regretText).toContainText(regret);
  const [, lost] = (await regretText.innerText()).match(regret) ?? [];
  expect(Number(lost)).toBeLessThan(0.05);
  const before = Number(await best.innerText());
  await type(page, 'Tokens at hand of Web', '1%');
  await expect(page.getByRole('group', { name: 'Limits of Web' })).toContainText('cap 4.0%');
  // Web helps web loss most: without it, the best mixture is worse.
  await expect.poll(async () => Number(await best.innerText())).toBeGreaterThan(before + 0.001);
  await expect(regretText).toContainText(regret);
  await optimum.getByRole('button', { name: 'Domain weights: table, image or CSV' }).click();
  await page.getByRole('menuitem', { name: 'Table' }).click();
  await expect(page.getByRole('columnheader', { name: 'true best', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.locator('.bar').getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Teach with this study' }).click();
  const teach = page.getByRole('dialog', { name: 'Teach with this study' });
  await teach.getByRole('button', { name: 'Show this page that way' }).click();
  await expect(optimum).toContainText('The answer is hidden');
  await expect(page.getByText(/true best/)).toHaveCount(0);
  await expect(page.locator('[data-mark="truth"]')).toHaveCount(0);
  expectClean();
});
