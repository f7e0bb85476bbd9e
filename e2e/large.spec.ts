import { expect, test } from '@playwright/test';
import { csv, openRunsDialog, studyName } from './page';
import { openSmall, smallStudyName, smallStudyState } from './small-study';

test.use({ storageState: smallStudyState });

test('a CSV beyond the bounds is refused with what is too large and what the limit is', async ({
  page,
}) => {
  await openSmall(page);
  const dialog = await openRunsDialog(page);
  const header = Array.from({ length: 2_001 }, (_, column) => `train_${column}`).join(',');
  await dialog.locator('input[type=file]').setInputFiles(csv('wide.csv', [header, '1']));
  await expect(dialog.getByRole('alert')).toContainText(
    'the file is too large, found 2,001 columns, expected at most 500,000,000 characters, 1,000,000 rows, 2,000 columns',
  );
  await expect(dialog.getByRole('alert')).toContainText('Your study is unchanged');
  await page.keyboard.press('Escape');
  await expect(studyName(page)).toHaveText(smallStudyName);
});
