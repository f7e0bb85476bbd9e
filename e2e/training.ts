import { expect, type Locator, type Page } from '@playwright/test';
import { goTo, openLive, showStage } from './page';

/** Chromium’s own message when a page requests a GPU that does not exist; no fault of the page. */
export const noAdapter = 'No available adapters.';

/** Opens the page at the training stage, with the built-in text. */
export async function openTraining(page: Page): Promise<Locator> {
  await openLive(page, 'lab');
  const stage = await showStage(page, 'proxies');
  await expect(stage.getByRole('checkbox', { name: 'English' })).toBeVisible();
  return stage;
}

/** Selects three languages. */
export async function chooseThree(stage: Locator): Promise<void> {
  for (const name of ['Spanish', 'French', 'Polish', 'Portuguese', 'Russian']) {
    await stage.getByRole('checkbox', { name }).uncheck();
  }
}

export async function typeOption(stage: Locator, label: RegExp, text: string): Promise<void> {
  const field = stage.getByRole('textbox', { name: label });
  await field.fill(text);
  await field.press('Enter');
}

/** Unfolds device, repeats, and what was measured. */
export async function unfoldDetails(stage: Locator): Promise<void> {
  await stage.getByText('Device, repeats, and what was measured').click();
}

/** Total steps of all proxies so far. */
export async function stepsDone(stage: Locator): Promise<number> {
  return Number(await stage.locator('progress').getAttribute('value'));
}

/** Waits for the end of the training, and for the regression of all runs. */
export async function expectFitted(page: Page, stage: Locator, proxies: number): Promise<void> {
  await expect(stage.locator('.progress')).toContainText(
    `${proxies} of ${proxies} proxies trained`,
    { timeout: 900_000 },
  );
  await expect(
    page.getByText(`${proxies} of ${proxies} proxies trained here`).first(),
  ).toBeVisible();
  await goTo(page, 'evidence');
  await expect(page.locator('#regression')).toContainText(/rho/);
  await goTo(page, 'answer');
  // Few proxies may say nothing of mixtures, and then the page says so.
  await expect(page.locator('#optimum')).toContainText(/Best predicted|No advice/);
  await showStage(page, 'proxies');
  await expect(stage.getByText(`By ${proxies} proxies: predicted`)).toBeVisible();
}
