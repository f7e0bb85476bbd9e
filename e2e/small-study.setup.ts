import { expect, test } from '@playwright/test';
import { open, openRunsDialog, studyName } from './page';
import { smallStudyFile, smallStudyName, smallStudyState } from './small-study';

test('the small study is opened and saved, for tests of a returning user', async ({ page }) => {
  await open(page);
  const dialog = await openRunsDialog(page);
  await dialog.locator('input[type=file]').setInputFiles(smallStudyFile());
  await expect(dialog).toBeHidden();
  await expect(studyName(page)).toHaveText(smallStudyName);
  await expect(page.locator('.saving')).toHaveText('Saved');
  await page.context().storageState({ path: smallStudyState, indexedDB: true });
});
