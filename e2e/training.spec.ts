import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { watch } from './console';
import { chooseThree, expectFitted, noAdapter, openTraining, typeOption } from './training';

test.describe('training in the page', () => {
  test('by wasm on a phone: says that there is no GPU, and ends in a fit', async ({ page }) => {
    const { expectClean } = watch(page, [], [noAdapter]);
    await page.setViewportSize({ width: 390, height: 844 });
    const stage = await openTraining(page);
    await chooseThree(stage);
    await typeOption(stage, /^Proxies/, '8');
    await stage.getByLabel('Parameters').selectOption('7k');
    await typeOption(stage, /^Tokens per proxy/, '4K');
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(stage.getByText('this browser offers no WebGPU adapter')).toBeVisible();
    await expectFitted(page, stage, 8);
    await expectAccessible(page, 'training', '#proxies');
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    expectClean();
  });

  test('refuses invalid text files with the line and the problem, and keeps the former text', async ({
    page,
  }) => {
    const stage = await openTraining(page);
    await stage.getByText('Your text', { exact: true }).click();
    await stage
      .locator('input[type=file]')
      .first()
      .setInputFiles([
        { name: 'a-1.jsonl', mimeType: 'text/plain', buffer: Buffer.from('{"text":"x"}\n{"t":1}') },
      ]);
    await expect(stage.getByRole('alert')).toContainText(
      'a-1.jsonl, line 2: found {"t":1}, expected',
    );
    // Another set does not replace text that was not read.
    await expect(stage.getByRole('checkbox', { name: 'English' })).toHaveCount(0);
    await expect(stage.getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
    await expect(stage.getByText('There is no text to train on yet')).toBeVisible();
    await stage.getByText('Languages', { exact: true }).click();
    await expect(stage.getByRole('checkbox', { name: 'English' })).toBeChecked();
    await expect(stage.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
  });
});
