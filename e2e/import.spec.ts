import { expect, test } from '@playwright/test';
import { watch } from './console';
import { open, openMenu } from './page';
import { published, publishedPaths } from './published';

test.skip(published === null, 'the published runs are missing');

for (const [width, height] of [
  [390, 844],
  [1440, 900],
] as const) {
  test(`RegMix’s four files are one line and one button at ${width} px`, async ({ page }) => {
    const { expectClean } = watch(page);
    await page.setViewportSize({ width, height });
    await open(page);
    await openMenu(page, 'Open runs');
    const dialog = page.getByRole('dialog', { name: 'Open runs' });
    await dialog.locator('input[type=file]').setInputFiles(publishedPaths());
    const line = dialog.getByText('512 train + 256 test, 17 domains, 13 targets', { exact: true });
    await expect(line).toBeInViewport();
    // Nothing is asked, and all of it is in sight at once.
    await expect(dialog.getByText(/Which way|Which columns/)).toHaveCount(0);
    const use = dialog.getByRole('button', { name: 'Use these runs' });
    await expect(use).toBeInViewport({ ratio: 1 });
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(
      0,
    );
    // On a phone what the files are for is folded, with the choice in its line.
    const choice = dialog.getByRole('radio', { name: 'Add as test sets' });
    if (width < 600) {
      await expect(choice).toBeHidden();
      await dialog.getByText('Use of these files: replace the study').click();
    }
    await expect(choice).toBeVisible();
    await expect(use).toBeInViewport({ ratio: 1 });
    // However long the details, the button stays in reach.
    await dialog.getByText('Details: sets of runs, targets, columns').click();
    await expect(dialog.getByRole('textbox', { name: 'Name of set 1' })).toBeVisible();
    await expect(use).toBeInViewport({ ratio: 1 });
    await use.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/predicted .* the prior/);
    expectClean();
  });
}
