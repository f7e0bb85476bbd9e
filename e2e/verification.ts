import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { open, showStage } from './page';
import { typeOption } from './training';

/** Sets up a verification of the optimum and the prior with two seeds, on a few tokens. */
export async function setUpVerification(
  page: Page,
  size: string,
  openPage = open,
): Promise<Locator> {
  await openPage(page);
  const stage = await showStage(page, 'verify');
  await stage.getByRole('button', { name: 'Set up a verification' }).click();
  await makeTiny(stage, size, 2);
  return stage;
}

/** Deselects the uniform mixture of a verification, and selects two seeds and a few tokens. */
export async function makeTiny(stage: Locator, size: string, mixtures: number): Promise<void> {
  await stage.getByLabel('uniform').uncheck();
  await stage.getByLabel('Parameters').selectOption(size);
  await typeOption(stage, /^Tokens per model/, '2K');
  await typeOption(stage, /^Seeds/, '2');
  await expect(stage.getByText(`${mixtures} mixtures × 2 seeds`)).toBeVisible();
}

/** Waits until a verification is done, and returns its verdict. */
export async function expectVerdict(stage: Locator): Promise<string> {
  const verdict = stage.locator('.verify-verdict');
  await expect(verdict).toContainText(
    /(beats|loses to|does not differ significantly from) .* on .* loss \(2 seeds, (Student’s paired test|Holm’s test of \d comparisons) at 5%\)/,
    { timeout: 900_000 },
  );
  return (await verdict.textContent()) ?? '';
}
