import { expect, test } from '@playwright/test';
import { open } from './page';
import { smallStudyFile, smallStudyName, smallStudyState } from './small-study';

test('the small study is opened and saved, for tests of a returning user', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Open runs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open runs' });
  await dialog.locator('input[type=file]').setInputFiles(smallStudyFile());
  await expect(dialog).toBeHidden();
  await expect(page.locator('.bar-study')).toHaveText(smallStudyName);
  await expect(page.locator('.saving')).toHaveText('Saved');
  await page.context().storageState({ path: smallStudyState, indexedDB: true });
});
