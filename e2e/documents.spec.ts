import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { watch } from './console';
import { open, openMenu, openRunsDialog, showStage, studyName, type, undoButton } from './page';
import { openSmall, smallStudyState } from './small-study';

const saving = (page: Page) => page.locator('.saving');
const english = (page: Page) => page.getByRole('group', { name: 'Limits of English' });
const yaml = (page: Page) => page.getByRole('textbox', { name: 'The mixture as YAML' });

async function openStudies(page: Page) {
  await openMenu(page, 'Studies');
  return page.getByRole('dialog', { name: 'Studies' });
}

test('edits survive a reload; nothing is saved before there are any', async ({ page }) => {
  const { expectClean } = watch(page);
  await open(page);
  const dialog = await openStudies(page);
  await expect(dialog).toContainText('No study is saved yet.');
  await page.keyboard.press('Escape');
  await type(page, 'Tokens at hand of English', '3%');
  await expect(english(page)).toContainText('cap 12.0%');
  await expect(saving(page)).toHaveText('Saved');
  await open(page);
  await expect(english(page)).toContainText('cap 12.0%');
  await expect(undoButton(page)).toBeDisabled();
  await expect(saving(page)).toHaveText('Saved');
  const studies = await openStudies(page);
  await studies.getByRole('button', { name: 'Go to the study that the page comes with' }).click();
  await expect(english(page)).not.toContainText('cap 12.0%');
  await expect(studyName(page)).not.toHaveText('');
  expectClean();
});

test.describe('of the small study', () => {
  test.use({ storageState: smallStudyState });

  test('a study saved as a file opens as the same study, and undo goes back', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    await type(page, 'Tokens at hand of English', '3%');
    await expect(english(page)).toContainText('cap 12.0%');
    await showStage(page, 'export');
    await expect(yaml(page)).toHaveValue(/English|en/);
    const saved = page.waitForEvent('download');
    await page.locator('#export').getByRole('button', { name: 'The whole study' }).click();
    const path = await (await saved).path();
    const text = await readFile(path, 'utf8');
    await type(page, 'Tokens at hand of English', '2%');
    await expect(english(page)).toContainText('cap 8.0%');
    await expect(saving(page)).toHaveText('Saved');
    const dialog = await openRunsDialog(page);
    const file = {
      name: 'mine.regmix.json',
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    };
    await dialog.locator('input[type=file]').setInputFiles({
      ...file,
      buffer: Buffer.from(text.replace(/"version": \d+/, '"version": 9')),
    });
    await expect(dialog.getByRole('alert')).toContainText('at version, found 9');
    await dialog.locator('input[type=file]').setInputFiles(file);
    await expect(dialog).toBeHidden();
    await expect(english(page)).toContainText('cap 12.0%');
    await expect(saving(page)).toHaveText('Saved');
    const again = page.waitForEvent('download');
    await page.locator('#export').getByRole('button', { name: 'The whole study' }).click();
    const withoutId = (study: string) =>
      study.replace(/"id": "[^"]*"/, '"id": ""').replace(',"builtIn":"languages"', '');
    expect(withoutId(await readFile(await (await again).path(), 'utf8'))).toBe(withoutId(text));
    await undoButton(page).click();
    await expect(english(page)).toContainText('cap 8.0%');
    expectClean();
  });

  test('studies are renamed, duplicated, and deleted with undo', async ({ page }) => {
    const { expectClean } = watch(page);
    await openSmall(page);
    await type(page, 'Tokens at hand of English', '3%');
    await expect(saving(page)).toHaveText('Saved');
    const dialog = await openStudies(page);
    await dialog.getByRole('button', { name: /^Rename/ }).click();
    await dialog.getByRole('textbox').fill('Less English');
    await dialog.getByRole('textbox').press('Enter');
    await expect(studyName(page)).toHaveText('Less English');
    await dialog.getByRole('button', { name: 'Duplicate: Less English', exact: true }).click();
    const copy = dialog.getByRole('listitem').filter({ hasText: 'Less English (copy)' });
    await expect(copy).toBeVisible();
    await dialog.getByRole('button', { name: 'Duplicate: Less English (copy)' }).click();
    const second = dialog.getByRole('listitem').filter({ hasText: 'Less English (copy) (copy)' });
    await second.getByRole('button', { name: /^Delete/ }).click();
    await expect(second).toHaveCount(0);
    const first = copy.filter({ hasNotText: '(copy) (copy)' });
    await first.getByRole('button', { name: /^Delete/ }).click();
    const saved = dialog.getByRole('list', { name: 'Saved studies' });
    await expect(saved.getByRole('listitem')).toHaveCount(1);
    // Both can be restored, and the focus is on the undo.
    const undo = (name: string) =>
      dialog.getByRole('button', { name: `Undo deleting ${name}`, exact: true });
    await expect(undo('Less English (copy)')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(first).toBeVisible();
    await expect(saved).toBeFocused();
    await undo('Less English (copy) (copy)').click();
    await expect(second).toBeVisible();
    await first.getByRole('button', { name: /^Open/ }).click();
    await expect(dialog).toBeHidden();
    await expect(studyName(page)).toHaveText('Less English (copy)');
    await expect(english(page)).toContainText('cap 12.0%');
    expectClean();
  });

  test('two tabs on one study follow each other and lose nothing', async ({ page, context }) => {
    await openSmall(page);
    await type(page, 'Tokens at hand of English', '3%');
    await expect(saving(page)).toHaveText('Saved');
    const other = await context.newPage();
    await openSmall(other);
    await expect(english(other)).toContainText('cap 12.0%');
    await type(page, 'Tokens at hand of English', '2%');
    await expect(english(other)).toContainText('cap 8.0%');
    await expect(saving(other)).toContainText('this tab shows the change');
    // As if a third tab had saved without a notification: the edit here meets a newer revision.
    await other.evaluate(() => {
      indexedDB.open('regmix-documents').onsuccess = ({ target }) => {
        if (!(target instanceof IDBOpenDBRequest)) return;
        const heads = target.result.transaction('heads', 'readwrite').objectStore('heads');
        heads.openCursor().onsuccess = ({ target: found }) => {
          if (!(found instanceof IDBRequest)) return;
          const { value } = found.result;
          found.result.update({ ...value, revision: value.revision + 1 });
          document.documentElement.dataset.bumped = 'true';
        };
      };
    });
    await expect(other.locator('html')).toHaveAttribute('data-bumped', 'true');
    await type(other, 'Tokens at hand of English', '1%');
    await expect(saving(other)).toContainText('was saved as a copy');
    await expect(studyName(other)).toContainText('(copy)');
    await expect(english(other)).toContainText('cap 4.0%');
    await expect(english(page)).toContainText('cap 8.0%');
  });
});

test('the page works where storage does not', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError');
    };
  });
  await open(page);
  await type(page, 'Tokens at hand of English', '3%');
  await expect(english(page)).toContainText('cap 12.0%');
  await expect(saving(page)).toContainText('Not saved: storage cannot be used');
  const dialog = await openStudies(page);
  await expect(dialog.getByRole('alert')).toContainText('cannot be reached');
});

test('storage that fails once is tried again by the next edit', async ({ page }) => {
  // From the start: whatever the page opens first, and when, must not use the failure up.
  await page.addInitScript(() => {
    const { open: openDatabase } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...database) {
      if (sessionStorage.getItem('storage') === 'works') return openDatabase.apply(this, database);
      throw new DOMException('denied', 'UnknownError');
    };
  });
  await open(page);
  await type(page, 'Tokens at hand of English', '3%');
  await expect(saving(page)).toContainText('Not saved: storage cannot be used');
  await page.evaluate(() => sessionStorage.setItem('storage', 'works'));
  await type(page, 'Tokens at hand of English', '2%');
  await expect(saving(page)).toHaveText('Saved');
  await page.reload();
  await expect(english(page)).toContainText('cap 8.0%');
});

test('a deleted study that another tab saves again comes back as a copy', async ({
  page,
  context,
}) => {
  await open(page);
  await type(page, 'Tokens at hand of English', '3%');
  await expect(saving(page)).toHaveText('Saved');
  const other = await context.newPage();
  await open(other);
  await expect(english(other)).toContainText('cap 12.0%');
  // This tab leaves the study, so that it can be deleted.
  const dialog = await openStudies(page);
  await dialog.getByRole('button', { name: 'Go to the study that the page comes with' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-live', 'true');
  await openStudies(page);
  await dialog.getByRole('button', { name: /^Delete/ }).click();
  await expect(dialog.getByText('was deleted.')).toBeVisible();
  await expect(saving(other)).toContainText('This study was deleted in another tab');
  await type(other, 'Tokens at hand of English', '2%');
  await expect(saving(other)).toHaveText('Saved');
  await dialog.getByRole('button', { name: /^Undo deleting/ }).click();
  const copy = dialog.getByRole('button', { name: /^Open .*\(copy\)$/ });
  await copy.click();
  await expect(english(page)).toContainText('cap 12.0%');
  await expect(english(other)).toContainText('cap 8.0%');
});
